"""Alembic's entry: batch mode for SQLite, with foreign keys off outside the transaction.

With foreign keys on, SQLite's batch mode empties every ON DELETE CASCADE child of a rebuilt table without an error.
"""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from marketplace.db.migrating import include_name

db = current_app.extensions["migrate"].db


def run() -> None:
    """Migrate the configured database, whole or not at all."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_sqlite(connection)
        else:
            with connection.begin():
                _migrate(connection)


def _run_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    assert raw is not None
    connection.rollback()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.execution_options(sqlite_begin="IMMEDIATE").begin():
            _migrate(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration leaves rows without their parents: {broken[:5]}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        include_name=include_name,
        transactional_ddl=True,
    )
    context.run_migrations()


run()
