"""A fund's statement of one month by the city's calendar, computed from the ledger's entries alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from marketplace.db.base import db
from marketplace.funds.models import Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import Movement, Purse
from marketplace.kernel.errors import NotFound
from marketplace.web.filters import CITY

PURSES = (Purse.AVAILABLE, Purse.RESERVED, Purse.COMMITTED, Purse.PAID)
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Balance:
    """One purse in fen: what was in it, what came, what went, what is left."""

    purse: Purse
    opening: int
    into: int
    out: int

    @property
    def closing(self) -> int:
        return self.opening + self.into - self.out


@dataclass(frozen=True, slots=True)
class Purpose:
    """How often and how much (fen) moved in one way for one kind of thing: a match, a contract, a contribution, a transfer."""

    movement: Movement
    subject_kind: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """``month`` is its first day; ``lines`` are the month's movements, the oldest first."""

    fund: Fund
    month: date
    balances: tuple[Balance, ...]
    purposes: tuple[Purpose, ...]
    lines: Sequence[LedgerTransaction]

    @property
    def opening(self) -> int:
        """The budget before the month, in fen."""
        return sum(each.opening for each in self.balances)

    @property
    def closing(self) -> int:
        """The budget at the month's end, in fen."""
        return sum(each.closing for each in self.balances)


def month_of(text: str) -> date:
    """Return the first day of "2027-01"; raises NotFound for anything else."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise NotFound("statement")
    return date(int(found[1]), int(found[2]), 1)


def months(fund: Fund, today: date) -> list[date]:
    """Every month since the fund's first movement, the newest first; the present one is not over yet."""
    first = db.session.scalar(select(func.min(LedgerTransaction.at)).where(LedgerTransaction.fund_id == fund.id))
    if first is None:
        return []
    day, found = first.astimezone(CITY).date().replace(day=1), []
    while day <= today:
        found.append(day)
        day = after(day)
    return found[::-1]


def after(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def statement_of(fund: Fund, month: date) -> Statement:
    """Return what moved in the month, and each purse before and after it."""
    begin, end = (datetime(day.year, day.month, 1, tzinfo=CITY) for day in (month, after(month)))
    t = LedgerTransaction
    lines = db.session.scalars(
        select(t)
        .where(t.fund_id == fund.id, t.at >= begin, t.at < end)
        .options(selectinload(t.entries))
        .order_by(t.at, t.id)
    ).all()
    before = _before(fund.id, begin)
    entries = [entry for line in lines for entry in line.entries]
    balances = tuple(
        Balance(
            purse,
            before.get(purse, 0),
            sum(e.amount for e in entries if e.purse is purse and e.amount > 0),
            -sum(e.amount for e in entries if e.purse is purse and e.amount < 0),
        )
        for purse in PURSES
    )
    return Statement(fund, month, balances, _purposes(lines), lines)


def _before(fund_id: int, begin: datetime) -> dict[Purse, int]:
    """What each purse held before a moment."""
    e, t = LedgerEntry, LedgerTransaction
    query = select(e.purse, func.sum(e.amount).label("total")).join(t, t.id == e.transaction_id)
    rows = db.session.execute(query.where(e.fund_id == fund_id, t.at < begin).group_by(e.purse))
    return {row.purse: int(row.total) for row in rows}


def _purposes(lines: Sequence[LedgerTransaction]) -> tuple[Purpose, ...]:
    found: dict[tuple[Movement, str], list[int]] = {}
    for line in lines:
        found.setdefault((line.movement, line.subject_kind), []).append(line.amount)
    order = list(Movement)
    ways = sorted(found, key=lambda way: (order.index(way[0]), way[1]))
    return tuple(Purpose(*way, len(found[way]), sum(found[way])) for way in ways)
