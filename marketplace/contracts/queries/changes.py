"""Reads of changes: whoever sees the contract sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from marketplace.contracts.models import Change, Contract
from marketplace.contracts.queries.contracts import visible_clause
from marketplace.contracts.workflow import ONE_SIDED, ChangeState, ContractState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.queries import MAX_ID

NOTICE = timedelta(days=30)
"""As the contract's clause on its end says: so long before an end by one side the other must know."""


def settled_from(change: Change) -> datetime | None:
    """Return from when on the centre may settle this end without agreement; None for what is no such end or is decided."""
    undecided = change.state in {ChangeState.PROPOSED, ChangeState.REJECTED}
    return change.at + NOTICE if change.kind in ONE_SIDED and undecided and not change.ruled else None


def to_settle(actor: Actor, now: datetime, most: int) -> Sequence[Change]:
    """Return the last changes of contracts in force that are ends to settle, or settlements that wait for a second officer."""
    every = aliased(Change)
    newest = (
        select(func.max(every.number)).where(every.contract_id == Contract.id).correlate(Contract).scalar_subquery()
    )
    states = [ChangeState.PROPOSED, ChangeState.REJECTED]
    ripe = Change.kind.in_(ONE_SIDED) & Change.state.in_(states) & (Change.at <= now - NOTICE) & Change.ruled.is_(False)
    query = (
        select(Change)
        .join(Change.contract)
        .where(visible_clause(actor), Contract.state == ContractState.IN_FORCE, Change.number == newest)
        .where(ripe | (Change.ruled.is_(True) & (Change.state == ChangeState.PROPOSED)))
        .options(contains_eager(Change.contract))
        .order_by(Change.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def get_change(call: Call, change_id: int) -> Change:
    """Raises NotFound for missing and for invisible ones alike."""
    query = select(Change).join(Change.contract).where(Change.id == change_id, visible_clause(call.actor))
    row = db.session.scalar(query.options(contains_eager(Change.contract))) if 0 < change_id <= MAX_ID else None
    if row is None:
        raise NotFound("change")
    return row


def changes_of(contract: Contract) -> Sequence[Change]:
    query = select(Change).where(Change.contract_id == contract.id).order_by(Change.number.desc())
    return db.session.scalars(query.options(joinedload(Change.proposer))).all()


def open_change(contract: Contract) -> Change | None:
    query = select(Change).where(Change.contract_id == contract.id, Change.state == ChangeState.PROPOSED)
    return db.session.scalar(query)


def last_number(contract: Contract) -> int:
    return db.session.scalar(select(func.max(Change.number)).where(Change.contract_id == contract.id)) or 0


def day_of(step: Mapping[str, Any]) -> date:
    return date.fromisoformat(step["due_on"])
