"""Reads of funds, contributions and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, case, false, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.funds import policy
from marketplace.funds.models import Fund, FundContribution, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import ContributionState, FundState, Movement, Purse
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.web.tasks import Task

_LARGEST_ID = 2**63 - 1


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


def enterprise_drawn(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the fen each (fund id, enterprise id) holds: reserved, committed or paid, less what was given back."""
    wanted = list(pairs)
    t = LedgerTransaction
    back = t.movement.in_([Movement.RELEASE, Movement.UNCOMMIT, Movement.RETURN])
    net = func.sum(case((t.movement == Movement.RESERVE, t.amount), (back, -t.amount), else_=0))
    rows = db.session.execute(
        select(t.fund_id, t.enterprise_id, net.label("net"))
        .where(tuple_(t.fund_id, t.enterprise_id).in_(wanted))
        .group_by(t.fund_id, t.enterprise_id)
    )
    drawn = {(row.fund_id, row.enterprise_id): int(row.net) for row in rows}
    return {pair: drawn.get(pair, 0) for pair in wanted}


@dataclass(frozen=True, slots=True)
class Drift:
    """A balance of a fund that differs from its ledger (fen)."""

    fund_id: int
    purse: Purse
    balance: int
    ledger: int


def drifts() -> list[Drift]:
    """Compare every fund's cached balances with the sums of its entries; an empty list is the only good answer."""
    e = LedgerEntry
    sums = {
        (row.fund_id, row.purse): int(row.total)
        for row in db.session.execute(
            select(e.fund_id, e.purse, func.sum(e.amount).label("total")).group_by(e.fund_id, e.purse)
        )
    }
    found = []
    fund = aliased(Fund)
    for row in db.session.execute(
        select(fund.id, fund.budget, fund.available, fund.reserved, fund.committed, fund.paid)
    ):
        cached = {
            Purse.CONTRIBUTED: -row.budget,
            Purse.AVAILABLE: row.available,
            Purse.RESERVED: row.reserved,
            Purse.COMMITTED: row.committed,
            Purse.PAID: row.paid,
        }
        for purse, balance in cached.items():
            ledger = sums.get((row.id, purse), 0)
            if ledger != balance:
                found.append(Drift(row.id, purse, balance, ledger))
    return found


def waiting_for(call: Call) -> list[Task]:
    """Contributions that another person proposed and this one may decide on."""
    if not policy.may_contribute(call.actor):
        return []
    rows = db.session.scalars(
        select(FundContribution)
        .join(Account, Account.id == FundContribution.proposed_by)
        .where(FundContribution.state == ContributionState.PROPOSED, Account.person_id != call.actor.person)
        .options(joinedload(FundContribution.fund))
        .order_by(FundContribution.id)
    )
    return [Task(_l("Decide on a contribution"), row.fund.name, "funds.show", {"fund_id": row.fund_id}) for row in rows]
