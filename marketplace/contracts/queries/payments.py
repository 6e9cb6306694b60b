"""Reads of payments, payment orders and the bank's answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.contracts.models import BankReceipt, Contract, Milestone, Payment, PaymentOrder, Source
from marketplace.contracts.queries.contracts import visible_clause
from marketplace.contracts.workflow import ContractState, MilestoneState, PaymentKind, PaymentState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.queries import MAX_ID

_WHOLE = (
    contains_eager(Payment.contract).joinedload(Contract.enterprise),
    contains_eager(Payment.contract).joinedload(Contract.institution),
    joinedload(Payment.source).joinedload(Source.fund),
    joinedload(Payment.milestone),
)


def visible_to(actor: Actor) -> Select[Payment]:
    """Whoever sees the contract sees its payments."""
    return select(Payment).join(Payment.contract).where(visible_clause(actor))


def get_payment(call: Call, payment_id: int, *, lock: bool = False) -> Payment:
    """Return a payment with its source and contract; ``lock`` holds the contract's row. Raises NotFound."""
    if not 0 < payment_id <= MAX_ID:
        raise NotFound("payment")
    query = visible_to(call.actor).where(Payment.id == payment_id)
    if lock:
        contract_id = db.session.scalar(query.with_only_columns(Payment.contract_id))
        if contract_id is None:
            raise NotFound("payment")
        lock_contracts([contract_id])
    row = db.session.scalar(
        query.options(
            *_WHOLE, contains_eager(Payment.contract).selectinload(Contract.sources).joinedload(Source.fund)
        ).execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("payment")
    return row


def paid_back(source_id: int) -> int:
    """Return the fen of a source that the institution has paid back."""
    query = select(func.coalesce(func.sum(Payment.amount), 0)).where(
        Payment.source_id == source_id,
        Payment.kind == PaymentKind.CLAWBACK,
        Payment.state == PaymentState.PAID,
    )
    return int(db.session.scalar(query) or 0)


def lock_contracts(contract_ids: Collection[int]) -> None:
    """Hold these contracts' rows, in one fixed order."""
    held = select(Contract).where(Contract.id.in_(contract_ids)).order_by(Contract.id).with_for_update(of=Contract)
    db.session.scalars(held.execution_options(populate_existing=True)).all()


def payments_of(contract: Contract) -> Sequence[Payment]:
    query = select(Payment).join(Payment.contract).where(Payment.contract_id == contract.id)
    return db.session.scalars(query.options(*_WHOLE).order_by(Payment.id)).all()


def list_payments(actor: Actor, states: Collection[PaymentState] = (), of_fund: bool | None = None) -> Select[Payment]:
    """Return the payments the actor sees, the soonest due first; ``of_fund`` keeps those of funds or of the parties alone."""
    query = visible_to(actor)
    if of_fund is not None:
        query = query.join(Payment.source).where(Source.fund_id.is_not(None) if of_fund else Source.fund_id.is_(None))
    if states:
        query = query.where(Payment.state.in_(states))
    return query.options(*_WHOLE).order_by(Payment.due_on, Payment.id)


def counts(actor: Actor) -> dict[PaymentState, int]:
    """Return how many payments of funds that the actor sees are in each state."""
    query = (
        visible_to(actor)
        .join(Payment.source)
        .where(Source.fund_id.is_not(None))
        .with_only_columns(Payment.state, func.count())
        .group_by(Payment.state)
    )
    return {state: int(number) for state, number in db.session.execute(query)}


def between_parties(actor: Actor, limit: int) -> Sequence[Payment]:
    """Return payments from the parties' own money in which the actor's party must act, the soonest due first."""
    due, back = Payment.state == PaymentState.DUE, Payment.kind == PaymentKind.CLAWBACK
    query = (
        visible_to(actor)
        .join(Payment.source)
        .where(Source.fund_id.is_(None), Payment.state.in_([PaymentState.DUE, PaymentState.ORDERED]))
        # What is due waits for the payer, what was paid for the payee: an enterprise, or of what is paid back an institution.
        .where(case((due == back, Contract.institution_id), else_=Contract.enterprise_id).in_(actor.organisations))
    )
    return db.session.scalars(query.options(*_WHOLE).order_by(Payment.due_on, Payment.id).limit(limit)).all()


def to_order(*, lock: bool = False) -> Sequence[Payment]:
    """Return the approved payments of funds that wait to be sent to the bank; claw-backs come in, they are not sent."""
    query = (
        select(Payment)
        .join(Payment.contract)
        .join(Payment.source)
        .where(
            Payment.state == PaymentState.APPROVED,
            Payment.kind != PaymentKind.CLAWBACK,
            Source.fund_id.is_not(None),
        )
        .order_by(Payment.id)
    )
    if lock:
        lock_contracts(set(db.session.scalars(query.with_only_columns(Payment.contract_id).order_by(None))))
        query = query.execution_options(populate_existing=True)
    return db.session.scalars(query.options(*_WHOLE)).all()


def get_order(order_id: int) -> PaymentOrder:
    row = db.session.get(PaymentOrder, order_id) if 0 < order_id <= MAX_ID else None
    if row is None:
        raise NotFound("payment_order")
    return row


def list_orders() -> Select[PaymentOrder]:
    return select(PaymentOrder).options(joinedload(PaymentOrder.account)).order_by(PaymentOrder.id.desc())


def receipts_known(numbers: Collection[str]) -> dict[str, BankReceipt]:
    """Return the receipts that were imported before, by the bank's number."""
    rows = db.session.scalars(select(BankReceipt).where(BankReceipt.number.in_(numbers)))
    return {row.number: row for row in rows}


def by_ids(payment_ids: Collection[int]) -> dict[int, Payment]:
    query = (
        select(Payment)
        .join(Payment.contract)
        .where(Payment.id.in_(payment_ids))
        .options(*_WHOLE, contains_eager(Payment.contract).selectinload(Contract.sources).joinedload(Source.fund))
    )
    return {row.id: row for row in db.session.scalars(query.execution_options(populate_existing=True)).unique()}


def open_payments(contract: Contract) -> int:
    """Return how many payments of a contract are neither paid nor cancelled."""
    over = [PaymentState.PAID, PaymentState.CANCELLED]
    query = select(func.count()).where(Payment.contract_id == contract.id, Payment.state.not_in(over))
    return db.session.scalar(query) or 0


def retention_due(decided_before: datetime) -> Sequence[int]:
    """Return contracts whose milestones were all accepted before that moment and whose retention was not called yet."""
    unfinished = select(Milestone.contract_id).where(
        (Milestone.state.not_in([MilestoneState.ACCEPTED, MilestoneState.CANCELLED]))
        | (Milestone.decided_at > decided_before)
    )
    called = select(Payment.contract_id).where(Payment.kind == PaymentKind.RETENTION)
    query = (
        select(Contract.id)
        .where(
            Contract.state == ContractState.IN_FORCE,
            Contract.retention > 0,
            Contract.id.not_in(unfinished),
            Contract.id.not_in(called),
        )
        .order_by(Contract.id)
    )
    return db.session.scalars(query).all()
