"""Keeps the index as fresh as what it shows: entries change in the transaction of the change itself.

Rows of the registered kinds are noted when they are written, and their entries follow before the commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, event, inspect, select
from sqlalchemy.orm import Session, object_session

from marketplace.db.base import Base, db
from marketplace.search.kinds import KINDS, Kind, Text, Watch
from marketplace.search.models import SearchEntry
from marketplace.search.spelling import compared, indexed

LONGEST_BODY = 8_000
"""Characters of a text that can be found; what an order is about stands in its first pages."""
_CHANGED = "search_changed"
_BATCH = 500


def register(kind: Kind) -> None:
    """Make a kind known and follow its rows from now on; raises ValueError for a name that is taken."""
    if kind.name in KINDS:
        raise ValueError(f"{kind.name} is registered already")
    KINDS[kind.name] = kind
    for model, watch in kind.watches.items():
        event.listen(model, "after_insert", _noting(kind.name, watch, None))
        event.listen(model, "after_update", _noting(kind.name, watch, watch.columns))
        event.listen(model, "after_delete", _noting(kind.name, watch, None))


def _noting(name: str, watch: Watch, columns: frozenset[str] | None) -> Callable[[object, object, Base], None]:
    def note(_mapper: object, _connection: object, row: Base) -> None:
        session = object_session(row)
        if session is not None and (columns is None or _differs(row, columns)):
            # Asked for its subjects later: no statement may be made inside a flush.
            session.info.setdefault(_CHANGED, []).append((name, watch, row))

    return note


def _differs(row: Base, columns: Iterable[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in columns)


def _write(session: Session) -> None:
    """Bring the entries of everything that changed up to date before the commit."""
    session.flush()
    changed = session.info.pop(_CHANGED, [])
    wanted: dict[str, set[int]] = defaultdict(set)
    for name, watch, row in changed:
        wanted[name].update(watch.subjects(row))
    if wanted:
        refresh(wanted)
        session.flush()


def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def refresh(wanted: Mapping[str, Iterable[int]]) -> None:
    """Read these subjects and write, change or take away their entries."""
    for name, subjects in sorted(wanted.items()):
        ids = sorted(subjects)
        for start in range(0, len(ids), _BATCH):
            _refresh(name, ids[start : start + _BATCH])


def _refresh(name: str, ids: list[int]) -> None:
    texts = {text.subject_id: text for text in KINDS[name].texts(ids)}
    query = select(SearchEntry).where(SearchEntry.kind == name, SearchEntry.subject_id.in_(ids))
    present = {entry.subject_id: entry for entry in db.session.scalars(query)}
    for subject in ids:
        text, entry = texts.get(subject), present.get(subject)
        if text is None:
            if entry is not None:
                db.session.delete(entry)
            continue
        if entry is None:
            entry = SearchEntry(kind=name, subject_id=subject)
            db.session.add(entry)
        for column, value in columns_of(text).items():
            if getattr(entry, column) != value:
                setattr(entry, column, value)


def columns_of(text: Text) -> dict[str, Any]:
    """Return an entry's columns for a text."""
    body = text.body[:LONGEST_BODY]
    titles = [text.title, text.title_en]
    return {
        "title": text.title,
        "title_en": text.title_en,
        "body": body,
        "field": text.field,
        "alliance_id": text.alliance_id,
        "at": text.at,
        "compared_title": compared(titles),
        "compared": compared([*titles, body]),
        "tokens": indexed([*titles, body]),
    }


def rebuild() -> dict[str, int]:
    """Make every entry anew from the rooms' rows; return how many there are of each kind."""
    db.session.execute(delete(SearchEntry))
    counted = {}
    for name, kind in KINDS.items():
        rows = [{"kind": name, "subject_id": text.subject_id, **columns_of(text)} for text in kind.texts(None)]
        db.session.add_all(SearchEntry(**row) for row in rows)
        db.session.flush()
        counted[name] = len(rows)
    return counted


event.listen(db.session.session_factory, "before_commit", _write)
event.listen(db.session.session_factory, "after_rollback", _forget)
