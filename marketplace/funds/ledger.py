"""The only writer of funds' money: every movement is two entries of ``db.ledger``, and the fund's balances move with them."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Row, Table

from marketplace.db import ledger as books
from marketplace.funds.models import BALANCES, Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import ROUTES, FundState, Movement, Purse
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.web.filters import CITY

_FUNDS = cast("Table", Fund.__table__)


def move(
    call: Call,
    fund_id: int,
    movement: Movement,
    amount: int,
    *,
    key: str,
    subject_kind: str,
    subject_id: int | None,
    enterprise_id: int | None = None,
    memo: str = "",
) -> LedgerTransaction:
    """Move ``amount`` fen between two purses of one fund (see ``ROUTES``), inside the running use case.

    ``key`` names the command: the same key with the same content moves nothing again and returns the first transaction.
    ``enterprise_id`` is whose order the money is for; without it the movement does not count towards ``enterprise_max``.
    Raises Invalid ``funds.amount``; NotFound; Conflict ``funds.not_enough`` (the purse holds less), ``funds.too_much`` (the
    budget would pass MAX_FEN), ``funds.not_open`` (a reservation from a fund that is not open), ``funds.expired`` (a reservation
    after the fund's last day) or ``funds.key_reused``.
    """
    if not books.is_amount(amount):
        raise Invalid("funds.amount", field="amount")
    fund = books.hold(Fund, fund_id, "name", "state", "valid_to", *BALANCES)
    if fund is None:
        raise NotFound("fund")
    content = (fund_id, movement, amount, subject_kind, subject_id, enterprise_id)
    if (earlier := _repeated(key, content)) is not None:
        return earlier
    _require_valid(call, fund, movement)
    _change_balances(fund, movement, amount)
    source, target = ROUTES[movement]
    row = LedgerTransaction(
        fund_id=fund_id,
        movement=movement,
        amount=amount,
        key=key,
        subject_kind=subject_kind,
        subject_id=subject_id,
        enterprise_id=enterprise_id,
        memo=memo,
        account_id=call.actor.account,
        at=call.now,
    )
    sides = ((source, -amount), (target, amount))
    return books.post(row, [LedgerEntry(fund_id=fund_id, purse=purse, amount=fen) for purse, fen in sides])


def _require_valid(call: Call, fund: Row[Any], movement: Movement) -> None:
    """After a fund's last day its money is no longer for new matches; what is reserved goes on to contracts and payments."""
    if movement is Movement.RESERVE and fund.valid_to is not None and call.now.astimezone(CITY).date() > fund.valid_to:
        raise Conflict("funds.expired", {"fund": fund.name, "day": fund.valid_to})


def _repeated(key: str, content: tuple[object, ...]) -> LedgerTransaction | None:
    row = books.earlier(LedgerTransaction, key)
    if row is None:
        return None
    first = (row.fund_id, row.movement, row.amount, row.subject_kind, row.subject_id, row.enterprise_id)
    if first != content:
        raise Conflict("funds.key_reused", {"key": key})
    return row


def _change_balances(fund: Row[Any], movement: Movement, amount: int) -> None:
    """What leaves or enters the source side is in the budget; only an open fund reserves."""
    source, target = ROUTES[movement]
    changes = {"budget": amount} if source is Purse.CONTRIBUTED else {str(source): -amount}
    changes |= {"budget": -amount} if target is Purse.CONTRIBUTED else {str(target): amount}
    conditions = [_FUNDS.c.state == FundState.OPEN] if movement is Movement.RESERVE else []
    if not books.shift(Fund, fund.id, changes, *conditions):
        raise _refusal(fund, movement, amount)


def _refusal(fund: Row[Any], movement: Movement, amount: int) -> Conflict:
    source, _ = ROUTES[movement]
    if source is Purse.CONTRIBUTED:
        return Conflict("funds.too_much", {"fund": fund.name})
    if movement is Movement.RESERVE and fund.state is not FundState.OPEN:
        return Conflict("funds.not_open", {"fund": fund.name})
    left = fund._mapping[_FUNDS.c[source]]
    values = {"fund": fund.name, "available": money.plain(left), "asked": money.plain(amount)}
    return Conflict("funds.not_enough" if source is Purse.AVAILABLE else "funds.not_there", values)
