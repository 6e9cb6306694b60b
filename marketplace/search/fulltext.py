"""The two databases' full-text indexes, made to answer alike: both only see tokens of ASCII letters and digits.

SQLite has an FTS5 table kept by triggers, PostgreSQL an index on ``to_tsvector``. They only propose rows quickly; what
counts is the comparison of texts that follows, which is the same statement on both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import DDL, ColumnElement, FromClause, Text, cast, column, event, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import REGCONFIG

from marketplace.db.base import db

FTS = "search_fts"
SQLITE = (
    """CREATE VIRTUAL TABLE search_fts
    USING fts5(tokens, content='search_entries', content_rowid='id', detail='none', tokenize='ascii')""",
    """CREATE TRIGGER search_fts_insert AFTER INSERT ON search_entries BEGIN
    INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens); END""",
    """CREATE TRIGGER search_fts_delete AFTER DELETE ON search_entries BEGIN
    INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END""",
    """CREATE TRIGGER search_fts_update AFTER UPDATE OF tokens ON search_entries BEGIN
    INSERT INTO search_fts(search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
    INSERT INTO search_fts(rowid, tokens) VALUES (new.id, new.tokens); END""",
)
POSTGRESQL = ("CREATE INDEX ix_search_fts ON search_entries USING gin (to_tsvector('simple'::regconfig, tokens))",)

Wanted = Iterable[Iterable[Iterable[tuple[str, bool]]]]
"""For each word its options, for each option the (token, is its beginning enough) that it needs."""


def attach(entries: FromClause) -> None:
    """Make the indexes with the table; migrations run the same statements."""
    for statement in SQLITE:
        event.listen(entries, "after_create", DDL(statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
    for statement in POSTGRESQL:
        event.listen(entries, "after_create", DDL(statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


def proposed(
    entry_id: ColumnElement[int], entry_tokens: ColumnElement[str], wanted: Wanted, *, every: bool = True
) -> Any:
    """Return the condition that an entry holds the tokens of every word (or of any, if not ``every``)."""
    if db.engine.dialect.name == "postgresql":
        vector = func.to_tsvector(cast(literal_column("'simple'"), REGCONFIG), entry_tokens)
        # What is asked is made of ASCII letters and digits only, so nothing in it can be read as an operator.
        return vector.op("@@")(func.to_tsquery("simple", _expression(wanted, " & ", " | ", ":*", every)))
    fts = table(FTS, column("rowid"))
    found = select(fts.c.rowid).where(
        literal_column(FTS, Text).op("MATCH")(_expression(wanted, " AND ", " OR ", "*", every))
    )
    return entry_id.in_(found)


def _expression(wanted: Wanted, both: str, either: str, beginning: str, every: bool) -> str:
    words = []
    for options in wanted:
        told = [both.join(token + beginning * prefix for token, prefix in option) for option in options]
        words.append("(" + either.join(f"({option})" for option in told) + ")")
    return (both if every else either).join(words)
