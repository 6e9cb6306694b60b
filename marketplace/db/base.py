"""The declarative base and the session of the application."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Integer, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Key = BigInteger().with_variant(Integer(), "sqlite")
"""Row numbers; SQLite only counts up by itself for INTEGER."""


class Base(DeclarativeBase):
    """Every table has a row number ``id`` unless it names its own key."""

    metadata = MetaData(naming_convention=NAMING)


class Numbered:
    """Mixin: the row number."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)


class Versioned:
    """Mixin: a counter that makes a lost race visible (StaleDataError, shown as ``Stale``)."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805 - SQLAlchemy hands over the class
        return {"version_id_col": cls.version}


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def read_only_rows(mapper_class: type[Base]) -> None:
    """Refuse UPDATE and DELETE of ``mapper_class`` through the session; triggers refuse them in SQL as well."""

    def refuse(_mapper: object, _connection: object, target: object) -> None:
        raise RuntimeError(f"{type(target).__name__} rows are append-only")

    event.listen(mapper_class, "before_update", refuse)
    event.listen(mapper_class, "before_delete", refuse)
