"""How each new connection behaves.

SQLite: the driver's own transaction handling loses updates silently, so BEGIN is ours: DEFERRED to read, IMMEDIATE to write
(``use_case`` asks for it). WAL with synchronous=FULL, because money and bids must survive a power cut.
"""

from __future__ import annotations

from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

SAFE_SQLITE = (3, 51, 3)
"""Older libraries can corrupt a WAL database when two connections reset it; they get a rollback journal instead."""


def engine_options(url: str) -> dict[str, Any]:
    """Return the options for ``create_engine`` that this database needs."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "module": pysqlite3.dbapi2,
            "connect_args": {"timeout": 15, "check_same_thread": False},
            "hide_parameters": True,  # rows hold secrets, and error texts end up in logs
        }
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20, "hide_parameters": True}


def install(engine: Engine) -> None:
    """Attach the habits above to ``engine`` (does nothing on PostgreSQL)."""
    if engine.dialect.name != "sqlite":
        return
    journal = "WAL" if pysqlite3.dbapi2.sqlite_version_info >= SAFE_SQLITE else "DELETE"

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (f"journal_mode={journal}", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")
