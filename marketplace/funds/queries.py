"""Reads of funds, contributions and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exists, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.alliances.models import Alliance
from marketplace.db import ledger as books
from marketplace.db.base import db
from marketplace.funds import policy
from marketplace.funds.models import (
    Fund,
    FundContribution,
    FundRules,
    FundTransfer,
    LedgerEntry,
    LedgerTransaction,
)
from marketplace.funds.rules import NOTHING, Drawn
from marketplace.funds.workflow import ContributionState, FundState, Movement, Purse, RulesState, TransferState
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.web.filters import CITY

_LARGEST_ID = 2**63 - 1
NOTICE_DAYS = 30
"""Days before a fund's last one from which its managers know that it comes: time for two people to extend it or move money."""


def visible_to(actor: Actor) -> Select[Fund]:
    """The same rule as ``policy.may_see``, as a query."""
    query = select(Fund)
    if policy.sees_all(actor):
        return query
    centre = false() if actor.is_visitor else Fund.alliance_id.is_(None)
    alliances = Fund.alliance_id.in_(actor.alliances) if actor.alliances else false()
    return query.where(Fund.state != FundState.DRAFT, or_(centre, alliances))


def get_fund(call: Call, fund_id: int) -> Fund:
    """Raises NotFound for a fund that is not there or not the actor's to see."""
    fund = None
    if 0 < fund_id <= _LARGEST_ID:
        fund = db.session.scalar(visible_to(call.actor).where(Fund.id == fund_id).options(joinedload(Fund.alliance)))
    if fund is None:
        raise NotFound("fund")
    return fund


def list_funds(call: Call) -> Sequence[Fund]:
    """Every fund the actor may see: open ones first, then by name."""
    order = (case((Fund.state == FundState.OPEN, 0), (Fund.state == FundState.DRAFT, 1), else_=2), Fund.name, Fund.id)
    return db.session.scalars(visible_to(call.actor).options(joinedload(Fund.alliance)).order_by(*order)).all()


def public_totals() -> Sequence[Fund]:
    """Open funds of public money, for the landing page: show their names and totals, nothing else."""
    return db.session.scalars(select(Fund).where(Fund.public, Fund.state == FundState.OPEN).order_by(Fund.name)).all()


def code_taken(code: str, except_id: int | None = None) -> bool:
    """Return whether another fund has that code."""
    other = true() if except_id is None else Fund.id != except_id
    return db.session.scalar(select(Fund.id).where(Fund.code == code, other)) is not None


def alliances() -> Sequence[Alliance]:
    """Every alliance, for the choice of a fund's own."""
    return db.session.scalars(select(Alliance).order_by(Alliance.id)).all()


def get_contribution(call: Call, contribution_id: int) -> FundContribution:
    """Raises NotFound for a contribution that is not there or to a fund the actor may not see."""
    row = None
    if 0 < contribution_id <= _LARGEST_ID:
        row = db.session.scalar(select(FundContribution).where(FundContribution.id == contribution_id))
    if row is None or not policy.may_see_parties(call.actor):
        raise NotFound("contribution")
    return row


def list_contributions(fund_id: int) -> Sequence[FundContribution]:
    """A fund's contributions, undecided ones first, then newest first."""
    undecided = case((FundContribution.state == ContributionState.PROPOSED, 0), else_=1)
    return db.session.scalars(
        select(FundContribution)
        .where(FundContribution.fund_id == fund_id)
        .options(joinedload(FundContribution.proposer), joinedload(FundContribution.decider))
        .order_by(undecided, FundContribution.id.desc())
        .limit(50)
    ).all()


def get_rules(call: Call, rules_id: int) -> FundRules:
    """Raises NotFound for a version that is not there, for everybody but staff of funds and readers of everything."""
    row = db.session.get(FundRules, rules_id) if 0 < rules_id <= _LARGEST_ID else None
    if row is None or not policy.may_see_parties(call.actor):
        raise NotFound("fund_rules")
    return row


def versions(fund_id: int) -> Sequence[FundRules]:
    """Every version of a fund's rules, the newest first."""
    return db.session.scalars(
        select(FundRules)
        .where(FundRules.fund_id == fund_id)
        .options(joinedload(FundRules.proposer), joinedload(FundRules.decider))
        .order_by(FundRules.number.desc())
    ).all()


def in_force(fund_id: int) -> FundRules | None:
    """The version that holds; None for a draft nobody has approved, and for funds older than versions."""
    query = select(FundRules).where(FundRules.fund_id == fund_id, FundRules.state == RulesState.IN_FORCE)
    return db.session.scalar(query)


def pending(fund_id: int) -> FundRules | None:
    """The version that waits for a second person; there is at most one."""
    query = select(FundRules).where(FundRules.fund_id == fund_id, FundRules.state == RulesState.PROPOSED)
    return db.session.scalars(query.order_by(FundRules.number.desc())).first()


def waiting(fund_id: int) -> Sequence[FundRules]:
    """The versions that do not hold yet: they wait for a second person, or for their day."""
    states = [RulesState.PROPOSED, RulesState.APPROVED]
    query = select(FundRules).where(FundRules.fund_id == fund_id, FundRules.state.in_(states))
    return db.session.scalars(query.order_by(FundRules.number)).all()


def due_rules(today: date, fund_ids: Collection[int] | None = None) -> Sequence[int]:
    """Approved versions whose day has come, in the order in which they take over."""
    query = select(FundRules.id).where(FundRules.state == RulesState.APPROVED, FundRules.effective_on <= today)
    if fund_ids is not None:
        query = query.where(FundRules.fund_id.in_(fund_ids))
    return db.session.scalars(query.order_by(FundRules.effective_on, FundRules.number)).all()


def fund_of_rules(rules_id: int) -> int:
    """Return whose rules a version is."""
    return db.session.scalars(select(FundRules.fund_id).where(FundRules.id == rules_id)).one()


def over(today: date) -> Sequence[int]:
    """Open funds whose last day has passed."""
    query = select(Fund.id).where(Fund.state == FundState.OPEN, Fund.valid_to < today)
    return db.session.scalars(query.order_by(Fund.id)).all()


def ending(today: date) -> Sequence[int]:
    """Open funds that end within NOTICE_DAYS and whose managers were not told of that day yet."""
    return db.session.scalars(_ends_soon(today, Fund.id).where(Fund.end_told.is_distinct_from(Fund.valid_to))).all()


def ends_soon(today: date) -> Sequence[Fund]:
    """Open funds that end within NOTICE_DAYS, the soonest first."""
    return db.session.scalars(_ends_soon(today, Fund)).all()


def _ends_soon(today: date, what: Any) -> Select[Any]:
    last = today + timedelta(days=NOTICE_DAYS)
    return (
        select(what)
        .where(Fund.state == FundState.OPEN, Fund.valid_to.between(today, last))
        .order_by(Fund.valid_to, Fund.id)
    )


def left_over(today: date) -> Sequence[Fund]:
    """Funds whose last day has passed and that still hold money nobody was promised."""
    query = select(Fund).where(Fund.state == FundState.CLOSED, Fund.valid_to < today, Fund.available > 0)
    return db.session.scalars(query.order_by(Fund.valid_to, Fund.id)).all()


def managers() -> Sequence[Account]:
    """Active accounts of the fund managers."""
    held = select(AccountGrant.account_id).where(
        AccountGrant.role == Role.FUND_MANAGER, AccountGrant.state == GrantState.ACTIVE
    )
    query = select(Account).where(Account.id.in_(held), Account.state == AccountState.ACTIVE)
    return db.session.scalars(query.order_by(Account.id)).all()


def get_transfer(call: Call, transfer_id: int) -> FundTransfer:
    """Raises NotFound like ``get_rules``."""
    row = db.session.get(FundTransfer, transfer_id) if 0 < transfer_id <= _LARGEST_ID else None
    if row is None or not policy.may_see_parties(call.actor):
        raise NotFound("transfer")
    return row


def targets_of(fund: Fund) -> Sequence[Fund]:
    """Funds that may get money from ``fund``: not closed, and public ones only where it is public."""
    public = Fund.public if fund.public else true()
    query = select(Fund).where(Fund.id != fund.id, Fund.state != FundState.CLOSED, public)
    return db.session.scalars(query.order_by(Fund.name, Fund.id)).all()


def list_transfers(fund_id: int) -> Sequence[FundTransfer]:
    """What goes out of a fund or comes in from another, undecided ones first, then newest first."""
    undecided = case((FundTransfer.state == TransferState.PROPOSED, 0), else_=1)
    return db.session.scalars(
        select(FundTransfer)
        .where(or_(FundTransfer.source_id == fund_id, FundTransfer.target_id == fund_id))
        .options(
            joinedload(FundTransfer.source),
            joinedload(FundTransfer.target),
            joinedload(FundTransfer.proposer),
            joinedload(FundTransfer.decider),
        )
        .order_by(undecided, FundTransfer.id.desc())
        .limit(50)
    ).all()


def transactions(fund_id: int, movement: Movement | None = None) -> Select[LedgerTransaction]:
    """The movements of a fund, newest first, of one kind when given."""
    query = select(LedgerTransaction).where(LedgerTransaction.fund_id == fund_id)
    if movement is not None:
        query = query.where(LedgerTransaction.movement == movement)
    return query.options(selectinload(LedgerTransaction.entries)).order_by(LedgerTransaction.id.desc())


def available_after(fund_id: int, ids: Collection[int]) -> dict[int, int]:
    """Return, for these transactions of a fund, the fen that were available after each."""
    change = func.coalesce(func.sum(LedgerEntry.amount).filter(LedgerEntry.purse == Purse.AVAILABLE), 0)
    changes = (
        select(LedgerEntry.transaction_id, change.label("change"))
        .where(LedgerEntry.fund_id == fund_id)
        .group_by(LedgerEntry.transaction_id)
        .subquery()
    )
    running = select(
        changes.c.transaction_id, func.sum(changes.c.change).over(order_by=changes.c.transaction_id).label("balance")
    ).subquery()
    rows = db.session.execute(select(running).where(running.c.transaction_id.in_(ids)))
    return {row.transaction_id: int(row.balance) for row in rows}


def enterprise_drawn(pairs: Iterable[tuple[int, int]], on: date) -> dict[tuple[int, int], Drawn]:
    """Return what each (fund id, enterprise id) holds: reserved, committed or paid, less what was given back.

    Of the year of ``on`` count reservations made in it, less those released again, and never more than is held at all. What a
    contract gave back counts for older years first: the ledger does not say from which year's money it came, and that reading
    never lets a yearly limit be passed.
    """
    wanted = list(pairs)
    t, earlier = LedgerTransaction, aliased(LedgerTransaction)
    begin = datetime(on.year, 1, 1, tzinfo=CITY)
    of_year = exists().where(
        earlier.movement == Movement.RESERVE,
        earlier.fund_id == t.fund_id,
        earlier.subject_kind == t.subject_kind,
        earlier.subject_id == t.subject_id,
        earlier.at >= begin,
    )
    back = t.movement.in_([Movement.RELEASE, Movement.UNCOMMIT, Movement.RETURN])
    ever = case((t.movement == Movement.RESERVE, t.amount), (back, -t.amount), else_=0)
    undone = and_(t.movement == Movement.RELEASE, of_year)
    year = case((t.at < begin, 0), (t.movement == Movement.RESERVE, t.amount), (undone, -t.amount), else_=0)
    rows = db.session.execute(
        select(t.fund_id, t.enterprise_id, func.sum(ever).label("ever"), func.sum(year).label("year"))
        .where(tuple_(t.fund_id, t.enterprise_id).in_(wanted))
        .group_by(t.fund_id, t.enterprise_id)
    )
    drawn = {
        (row.fund_id, row.enterprise_id): Drawn(int(row.ever), max(0, min(int(row.year), int(row.ever))))
        for row in rows
    }
    return {pair: drawn.get(pair, NOTHING) for pair in wanted}


@dataclass(frozen=True, slots=True)
class Drift:
    """A balance of a fund that differs from its ledger (fen)."""

    fund_id: int
    purse: Purse
    balance: int
    ledger: int


def drifts() -> list[Drift]:
    """Compare every fund's cached balances with the sums of its entries; an empty list is the only good answer."""
    purses = {"-budget": (Purse.CONTRIBUTED,)} | {
        str(purse): (purse,) for purse in Purse if purse is not Purse.CONTRIBUTED
    }
    e = LedgerEntry
    return [
        Drift(fund_id, Purse.CONTRIBUTED, -cached, -booked)
        if name == "budget"
        else Drift(fund_id, Purse(name), cached, booked)
        for fund_id, name, cached, booked in books.drifts(Fund, e.fund_id, e.purse, e.amount, purses)
    ]
