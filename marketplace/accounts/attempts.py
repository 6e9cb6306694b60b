"""Limits on guessing: how often a thing may be tried in five minutes, counted in the database for all workers together."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from marketplace.accounts.models import Attempt
from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.kernel.errors import Conflict

WINDOW_SECONDS = 300
PER_EMAIL = 10
PER_ADDRESS = 60
"""Higher than per e-mail: a whole campus or company may share one address."""


def count(kind: str, subject: str, limit: int, now: datetime) -> None:
    """Count one attempt, also when what follows is refused; raise Conflict ``too_often`` beyond ``limit``."""
    key = hashlib.sha256(f"{kind}:{subject}".encode()).hexdigest()
    window = int(now.timestamp()) // WINDOW_SECONDS
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Attempt).values(key=key, window=window, count=1)
    counted = execute_alone(
        statement.on_conflict_do_update(
            index_elements=[Attempt.key, Attempt.window],
            set_={"count": Attempt.count + 1},
            where=Attempt.count < limit,
        ).execution_options(preserve_rowcount=True)  # PostgreSQL's driver forgets an INSERT's count otherwise
    )
    if counted != 1:
        raise Conflict("too_often", {"minutes": WINDOW_SECONDS // 60})
