"""SQL alone tries every state from every other one with the stamps taken away: see ``benchmarks.states``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from enum import StrEnum

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.db.base import db
from tests.conftest import rolled_back


def by_sql(app: Flask, table: str, key: int, states: type[StrEnum], stamped: Mapping[str, Collection[StrEnum]]) -> bool:
    """Try every state from every state without each stamp, and words that are no state."""
    tally, wrong = Counter[str](), 0
    db.session.remove()
    for target in (*states, "open", "draft ", None):
        for stamp, needing in stamped.items():
            for source in states:
                refused = _refuses(app, table, key, source, target, stamp, tuple(stamped))
                tally["refused" if refused else "taken"] += 1
                wrong += refused is not (target not in set(states) or target in needing)
    print(f"{table} by SQL: {tally.total()} statements: {dict(tally)}, wrong {wrong}", flush=True)
    return not wrong


def _refuses(
    app: Flask, table: str, key: int, source: StrEnum, target: object, stamp: str, stamps_: tuple[str, ...]
) -> bool:
    at = "2026-11-01 00:00:00.000000+00:00"
    full = ", ".join(f"{name} = '{at}'" for name in stamps_)
    with rolled_back(app):
        db.session.execute(text(f"UPDATE {table} SET state = :s, {full} WHERE id = :key"), {"s": source, "key": key})
        try:
            changed = text(f"UPDATE {table} SET state = :t, {stamp} = NULL WHERE id = :key")
            db.session.execute(changed, {"t": target and str(target), "key": key})
            return False
        except DBAPIError:
            return True
        finally:
            db.session.rollback()
            db.session.remove()
