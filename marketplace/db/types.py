"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, Dialect, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=StrEnum)

Fen = BigInteger
"""An amount in whole fen (see kernel.money)."""

Json = JSON().with_variant(JSONB(), "postgresql")
"""A small document that nobody filters by; lists and objects of plain values."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite would hand back naive times, so they are stored and read as UTC explicitly."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[E], name: str) -> Enum:
    """A text column that holds one of ``kind``'s values, with a CHECK named ``name`` made from the enum itself."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def stamp_check(state_column: str, states: frozenset[Any] | set[Any], stamp_column: str, name: str) -> CheckConstraint:
    """A CHECK that ties states to a time stamp: in one of ``states`` the stamp must be set."""
    listed = ", ".join(f"'{state.value}'" for state in sorted(states))
    return CheckConstraint(f"{state_column} NOT IN ({listed}) OR {stamp_column} IS NOT NULL", name=name)
