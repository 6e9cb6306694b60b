"""The only writer of money: every movement is two entries that sum to 0, and the fund's balances move with them or not at all."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Row, Table, select, update

from marketplace.db.base import db
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
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount <= money.MAX_FEN:
        raise Invalid("funds.amount", field="amount")
    fund = _lock(fund_id)
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
        entries=[
            LedgerEntry(fund_id=fund_id, purse=source, amount=-amount),
            LedgerEntry(fund_id=fund_id, purse=target, amount=amount),
        ],
    )
    db.session.add(row)
    db.session.flush()
    return row


def _lock(fund_id: int) -> Row[Any]:
    """Lock the fund's row until the use case ends, so that all its movements stand in one line."""
    f = _FUNDS.c
    locked = (
        select(f.id, f.name, f.state, f.valid_to, *(f[name] for name in BALANCES))
        .where(f.id == fund_id)
        .with_for_update()
    )
    fund = db.session.execute(locked).one_or_none()
    if fund is None:
        raise NotFound("fund")
    return fund


def _require_valid(call: Call, fund: Row[Any], movement: Movement) -> None:
    """After a fund's last day its money is no longer for new matches; what is reserved goes on to contracts and payments."""
    if movement is Movement.RESERVE and fund.valid_to is not None and call.now.astimezone(CITY).date() > fund.valid_to:
        raise Conflict("funds.expired", {"fund": fund.name, "day": fund.valid_to.isoformat()})


def _repeated(key: str, content: tuple[object, ...]) -> LedgerTransaction | None:
    row = db.session.scalar(select(LedgerTransaction).where(LedgerTransaction.key == key))
    if row is None:
        return None
    first = (row.fund_id, row.movement, row.amount, row.subject_kind, row.subject_id, row.enterprise_id)
    if first != content:
        raise Conflict("funds.key_reused", {"key": key})
    return row


def _change_balances(fund: Row[Any], movement: Movement, amount: int) -> None:
    """The conditional UPDATE: the purse's own content is the condition, whatever was read before it."""
    f = _FUNDS.c
    source, target = ROUTES[movement]
    change = update(_FUNDS).where(f.id == fund.id)
    if source is Purse.CONTRIBUTED:
        change = change.where(f.budget + amount <= money.MAX_FEN).values({f.budget: f.budget + amount})
    else:
        change = change.where(f[source] >= amount).values({f[source]: f[source] - amount})
    if target is Purse.CONTRIBUTED:
        change = change.values({f.budget: f.budget - amount})
    else:
        change = change.values({f[target]: f[target] + amount})
    if movement is Movement.RESERVE:
        change = change.where(f.state == FundState.OPEN)
    if cast("CursorResult[Any]", db.session.execute(change)).rowcount != 1:
        raise _refusal(fund, movement, amount)
    _forget_balances(fund.id)


def _refusal(fund: Row[Any], movement: Movement, amount: int) -> Conflict:
    source, _ = ROUTES[movement]
    if source is Purse.CONTRIBUTED:
        return Conflict("funds.too_much", {"fund": fund.name})
    if movement is Movement.RESERVE and fund.state is not FundState.OPEN:
        return Conflict("funds.not_open", {"fund": fund.name})
    left = fund._mapping[_FUNDS.c[source]]
    values = {"fund": fund.name, "available": money.plain(left), "asked": money.plain(amount)}
    return Conflict("funds.not_enough" if source is Purse.AVAILABLE else "funds.not_there", values)


def _forget_balances(fund_id: int) -> None:
    """Let a Fund that this session has read before read its balances again."""
    known = db.session().identity_map.get(db.session().identity_key(Fund, fund_id))
    if known is not None:
        db.session.expire(known, BALANCES)
