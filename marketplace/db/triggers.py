"""SQL that makes a table append-only in the database itself, whoever connects."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event


def append_only(table: Table) -> None:
    """Refuse UPDATE and DELETE on ``table`` by trigger, on both databases; migrations create the same text."""
    for statement in statements(table.name, "sqlite"):
        event.listen(table, "after_create", DDL(statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
    for statement in statements(table.name, "postgresql"):
        event.listen(table, "after_create", DDL(statement.replace("%", "%%")).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


def statements(table: str, dialect: str) -> list[str]:
    """Return the statements that protect ``table`` on ``dialect`` ('sqlite' or 'postgresql')."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    body = f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    each_row = f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} {each_row}",
    ]
