"""Rows that count how often they were saved: who saw an older version writes over nothing unread."""

from __future__ import annotations

from typing import Any

from marketplace.db.base import db
from marketplace.kernel.errors import Stale


def require_version(row: Any, seen: int, read: int) -> None:
    """Raise Stale when a writer's page showed version ``seen``, ``read`` stood saved, and what was written since changes it.

    What stands saved already, as after a button was pressed twice, writes over nothing.
    """
    db.session.flush()
    if seen != read and row.version != read:
        raise Stale
