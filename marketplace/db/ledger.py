"""Double entry, written once for every room that holds money (the funds' ledger, the royalty journal).

A room derives its two tables from ``Movement`` and ``Side``, keeps balances on the row whose money it is, and books in three
steps inside its use case: ``hold`` locks that row and ``earlier`` answers a repeated command, ``shift`` moves the balances or
refuses, ``post`` writes the movement with its entries. ``unbalanced`` and ``drifts`` look whether all of it still agrees.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import ColumnElement, CursorResult, ForeignKey, Row, String, Table, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered, db, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, UTCDateTime
from marketplace.kernel import money


class Movement(Numbered):
    """Mixin: one movement of ``amount`` fen; ``key`` names the command, so that a repeated one moves money only once."""

    amount: Mapped[int] = mapped_column(Fen)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Side(Numbered):
    """Mixin: one entry of a movement, in fen, below 0 where the money leaves; a movement's entries sum to 0."""

    amount: Mapped[int] = mapped_column(Fen)


class _Movement(Protocol):
    id: Any
    amount: Any
    key: Any


class _Side(Protocol):
    amount: Any


M = TypeVar("M", bound=_Movement)


def is_amount(amount: object) -> bool:
    """Whether this is a whole number of fen that can be moved: above 0, and counted exactly everywhere."""
    return isinstance(amount, int) and not isinstance(amount, bool) and 0 < amount <= money.MAX_FEN


def hold(model: type[Base], row_id: int, *names: str) -> Row[Any] | None:
    """Lock a row until the use case ends, so that all movements of its money stand in one line; None when it is missing."""
    table = _table(model)
    wanted = [table.c[name] for name in ("id", *names)]
    return db.session.execute(select(*wanted).where(table.c.id == row_id).with_for_update()).one_or_none()


def earlier(model: type[M], key: str) -> M | None:
    """Return the movement that a command with this key made before."""
    return db.session.scalar(select(model).where(model.key == key))


def shift(model: type[Base], row_id: int, changes: Mapping[str, int], *conditions: ColumnElement[bool]) -> bool:
    """Move cached balances by so many fen in one conditional UPDATE, or none of them; return whether it was done.

    The row's own content is the condition, whatever was read before: nothing falls below 0 or rises beyond MAX_FEN.
    """
    columns = _table(model).c
    change = update(_table(model)).where(columns.id == row_id, *conditions)
    for name, amount in changes.items():
        column = columns[name]
        change = change.where(column >= -amount if amount < 0 else column <= money.MAX_FEN - amount)
        change = change.values({column: column + amount})
    done = cast("CursorResult[Any]", db.session.execute(change)).rowcount == 1
    _forget(model, row_id, changes)
    return done


def post(movement: M, entries: Sequence[_Side]) -> M:
    """Write a movement with its entries. Raises ValueError unless they sum to 0 and the movement's amount passes between them."""
    amounts = [entry.amount for entry in entries]
    if sum(amounts) != 0 or 0 in amounts or sum(each for each in amounts if each > 0) != movement.amount:
        raise ValueError("the entries of a movement sum to 0, and what comes in is its amount")
    movement.entries = list(entries)  # type: ignore[attr-defined]
    db.session.add(movement)
    db.session.flush()
    return movement


def unbalanced(side: Any) -> Sequence[int]:
    """Movements whose entries do not sum to 0; an empty list is the only good answer."""
    sums = select(side.transaction_id).group_by(side.transaction_id).having(func.sum(side.amount) != 0)
    return db.session.scalars(sums.order_by(side.transaction_id)).all()


def drifts(
    model: type[Base], owner: Any, account: Any, amount: Any, balances: Mapping[str, Collection[str]]
) -> list[tuple[int, str, int, int]]:
    """Compare cached balances with the sums of the entries: (row, balance, cached fen, booked fen) of each that differs.

    ``owner``, ``account`` and ``amount`` are columns of the entries; ``balances`` says of which accounts a balance is the sum,
    of the negative sum where its name begins with "-".
    """
    sums: dict[tuple[int, str], int] = {}
    for row in db.session.execute(select(owner, account, func.sum(amount)).group_by(owner, account)):
        sums[row[0], str(row[1])] = int(row[2])
    table, found = _table(model), []
    names = [name.removeprefix("-") for name in balances]
    for row in db.session.execute(select(table.c.id, *(table.c[name] for name in names)).order_by(table.c.id)):
        for (name, accounts), cached in zip(balances.items(), row[1:], strict=True):
            booked = sum(sums.get((row.id, each), 0) for each in accounts) * (-1 if name.startswith("-") else 1)
            if booked != cached:
                found.append((row.id, name.removeprefix("-"), cached, booked))
    return found


def written_once(*models: type[Base]) -> None:
    """Let the session and the database itself refuse every change of these tables' rows."""
    for model in models:
        append_only(_table(model))
        read_only_rows(model)


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


def _forget(model: type[Base], row_id: int, names: Collection[str]) -> None:
    """Let a row that this session has read before read its balances again."""
    known = db.session().identity_map.get(db.session().identity_key(model, row_id))
    if known is not None:
        db.session.expire(known, list(names))
