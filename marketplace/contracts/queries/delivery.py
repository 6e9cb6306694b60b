"""Reads of milestones, deliveries and disputes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.contracts.models import (
    Contract,
    Delivery,
    DeliveryEvidence,
    DeliveryFile,
    Dispute,
    Milestone,
    Source,
    Verdict,
)
from marketplace.contracts.queries.contracts import visible_clause
from marketplace.contracts.workflow import TEAM_OWES, ContractState, DisputeState, MilestoneState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID
from marketplace.storage.models import StoredFile

_DECIDED = (
    contains_eager(Milestone.contract).selectinload(Contract.sources).joinedload(Source.fund),
    selectinload(Milestone.deliveries),
)
"""What a decision about a milestone reads."""

_SHOWN = (
    contains_eager(Milestone.contract).joinedload(Contract.enterprise),
    contains_eager(Milestone.contract).joinedload(Contract.institution),
    contains_eager(Milestone.contract).joinedload(Contract.team),
    contains_eager(Milestone.contract).joinedload(Contract.order).selectinload(Order.targets),
    selectinload(Milestone.deliveries).selectinload(Delivery.evidence).joinedload(DeliveryEvidence.target),
    selectinload(Milestone.deliveries).selectinload(Delivery.files),
    selectinload(Milestone.verdicts).joinedload(Verdict.account),
    joinedload(Milestone.expert),
)
"""What its page shows besides."""


def milestone_clause(actor: Actor) -> ColumnElement[bool]:
    """Whoever sees the contract sees its milestones; an appointed expert sees the milestone in question."""
    return or_(visible_clause(actor), _as_expert(actor))


def _as_expert(actor: Actor) -> ColumnElement[bool]:
    asked = select(Dispute.milestone_id).where(Dispute.expert_id == actor.account)
    return or_(Milestone.expert_id == actor.account, Milestone.id.in_(asked))


def get_milestone(call: Call, milestone_id: int, *, lock: bool = False) -> Milestone:
    """Return a milestone with its contract and deliveries: all its page shows, or with ``lock`` on the contract's row
    what a decision reads.

    Raises NotFound for missing and for invisible ones alike.
    """
    if not 0 < milestone_id <= MAX_ID:
        raise NotFound("milestone")
    query = select(Milestone).join(Milestone.contract).where(Milestone.id == milestone_id, milestone_clause(call.actor))
    if lock:
        contract_id = db.session.scalar(query.with_only_columns(Milestone.contract_id))
        if contract_id is None:
            raise NotFound("milestone")
        held = select(Contract).where(Contract.id == contract_id).with_for_update(of=Contract)
        db.session.scalars(held.execution_options(populate_existing=True)).one()
    options = _DECIDED if lock else (*_DECIDED, *_SHOWN)
    row = db.session.scalar(query.options(*options).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("milestone")
    return row


def milestones_of(contract: Contract) -> Sequence[Milestone]:
    query = select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.position)
    return db.session.scalars(query).all()


def next_of(contracts: Iterable[Contract]) -> dict[int, Milestone]:
    """Return the first milestone that is not over of each contract, by the contract's id, in one statement."""
    over = [MilestoneState.ACCEPTED, MilestoneState.CANCELLED]
    query = select(Milestone).where(
        Milestone.contract_id.in_([contract.id for contract in contracts]), Milestone.state.not_in(over)
    )
    rows = db.session.scalars(query.order_by(Milestone.position.desc()))
    return {row.contract_id: row for row in rows}


def list_waiting(actor: Actor, today: date, most: int) -> Sequence[Milestone]:
    """Return milestones of the actor's contracts in force that wait for a decision, were rejected or are overdue."""
    return db.session.scalars(
        select(Milestone)
        .join(Milestone.contract)
        .where(
            visible_clause(actor),
            Contract.state == ContractState.IN_FORCE,
            or_(
                Milestone.state.in_([MilestoneState.DELIVERED, MilestoneState.REJECTED, MilestoneState.PART]),
                and_(Milestone.state == MilestoneState.OPEN, Milestone.due_on < today),
            ),
        )
        .options(contains_eager(Milestone.contract))
        .order_by(Milestone.due_on, Milestone.id)
        .limit(most)
    ).all()


def get_file(call: Call, milestone_id: int, file_id: int) -> StoredFile:
    """Return a delivered file; raises NotFound unless the milestone is open to the caller and the file is its own."""
    milestone = get_milestone(call, milestone_id)
    row = db.session.scalar(
        select(DeliveryFile)
        .join(Delivery, Delivery.id == DeliveryFile.delivery_id)
        .where(Delivery.milestone_id == milestone.id, DeliveryFile.file_id == file_id)
        .limit(1)
    )
    if row is None:
        raise NotFound("file")
    return row.file


def open_dispute(milestone: Milestone) -> Dispute | None:
    query = select(Dispute).where(Dispute.milestone_id == milestone.id, Dispute.state != DisputeState.SETTLED)
    return db.session.scalar(query)


def disputes_of(milestone: Milestone) -> Sequence[Dispute]:
    return db.session.scalars(select(Dispute).where(Dispute.milestone_id == milestone.id).order_by(Dispute.id)).all()


def find_expert(email: str) -> Account | None:
    return db.session.scalar(select(Account).where(Account.email == email.strip().casefold()))


def to_deem(noticed_before: datetime) -> Sequence[int]:
    """Return milestones whose reminder was given before ``noticed_before`` and not answered."""
    query = (
        select(Milestone.id)
        .join(Milestone.contract)
        .where(
            Milestone.state == MilestoneState.DELIVERED,
            Milestone.noticed_at <= noticed_before,
            Contract.state == ContractState.IN_FORCE,
        )
        .order_by(Milestone.id)
    )
    return db.session.scalars(query).all()


def overdue(today: date, reminded_before: date) -> Sequence[int]:
    """Return milestones past their day that nobody was reminded of since ``reminded_before``."""
    query = (
        select(Milestone.id)
        .join(Milestone.contract)
        .where(
            Milestone.state.in_(TEAM_OWES),
            Milestone.due_on < today,
            or_(Milestone.reminded_on.is_(None), Milestone.reminded_on <= reminded_before),
            Contract.state == ContractState.IN_FORCE,
        )
        .order_by(Milestone.id)
        .limit(200)
    )
    return db.session.scalars(query).all()


def call_of(call: Call, account: Account) -> Call:
    """Return the same instant as seen by another account: for questions about that person's interests."""
    return Call(actor_of(account), call.now, call.request_id)
