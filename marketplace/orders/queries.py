"""Reads of orders. The confidential part is only ever read by ``confidential_text`` and ``attachments_of``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.alliances import queries as alliances_queries
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.marks import mark_of
from marketplace.orders import ndas, policy
from marketplace.orders.models import ConfidentialPart, Order, OrderAmendment, OrderAttachment, OrderInvitation
from marketplace.orders.readiness import Step
from marketplace.orders.references import called
from marketplace.orders.terms import DisclosureTerms, MoneyTerms, NeedTerms, Sheet, StepTerms, TargetsTerms, TargetTerms
from marketplace.orders.workflow import AMENDABLE, EDITABLE, InvitationState, OrderState
from marketplace.organisations.models import Organisation
from marketplace.storage.models import StoredFile
from marketplace.web.tasks import Task

MAX_ID = 2**63 - 1
"""Larger numbers in an address name no row, and SQLite's driver cannot even ask for them."""


def visible_to(actor: Actor) -> Select[Order]:
    """Return the orders ``actor`` may see: the same rule as ``policy.may_see``."""
    return select(Order).where(visible_clause(actor))


def visible_clause(actor: Actor) -> ColumnElement[bool]:
    if actor.is_system:
        return true()
    own = Order.organisation_id.in_(_enterprises_of(actor))
    shared = alliances_queries.visible_clause(actor, Order.alliance_id, Order.visibility)
    return or_(
        own,
        and_(Order.state != OrderState.DRAFT, _read_by_centre(actor)),
        and_(Order.published_at.is_not(None), shared),
    )


def _read_by_centre(actor: Actor) -> ColumnElement[bool]:
    if actor.reads_everything:
        return true()
    return Order.alliance_id.in_(served_alliances(actor))


def _enterprises_of(actor: Actor) -> list[int]:
    return sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in ENTERPRISE})


def served_alliances(actor: Actor) -> list[int]:
    """Return the alliances whose secretary ``actor`` is."""
    return sorted({g.alliance for g in actor.grants if g.role is Role.ALLIANCE_SECRETARY and g.alliance is not None})


def get_order(call: Call, order_id: int, *, lock: bool = False) -> Order:
    """Return an order with its enterprise, alliance and targets; ``lock`` holds its row until the end of the use case.

    Raises NotFound for missing and for invisible ones alike.
    """
    if not 0 < order_id <= MAX_ID:
        raise NotFound("order")
    query = visible_to(call.actor).where(Order.id == order_id)
    if lock:
        query = query.with_for_update(of=Order).execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Order.organisation), joinedload(Order.alliance), selectinload(Order.targets))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("order")
    return row


def sees_confidential(call: Call, order: Order) -> bool:
    """Return whether the caller may read the confidential part of ``order`` now: own, as its screener, or under agreement."""
    return bool(policy.may_see_confidential(call.actor, order, ndas.signed_for(call.actor, order), call.now))


def is_open(order: Order, now: datetime) -> bool:
    """True strictly before the deadline of a published order that was not opened."""
    return order.state in AMENDABLE and order.bid_deadline is not None and now < order.bid_deadline


def confidential_text(order: Order) -> str:
    """Return the confidential part; callers ask ``sees_confidential`` first."""
    part = db.session.get(ConfidentialPart, order.id)
    return part.text if part else ""


def attachments_of(call: Call, order: Order) -> list[OrderAttachment]:
    """Return the files of ``order`` that the caller may read now."""
    query = select(OrderAttachment).where(OrderAttachment.order_id == order.id).order_by(OrderAttachment.file_id)
    if not sees_confidential(call, order):
        query = query.where(OrderAttachment.confidential.is_(False))
    return list(db.session.scalars(query))


def all_attachments(order: Order) -> list[OrderAttachment]:
    """Return every file of ``order``, for copying; readers get theirs from ``attachments_of``."""
    return list(db.session.scalars(select(OrderAttachment).where(OrderAttachment.order_id == order.id)))


def get_attachment(call: Call, order_id: int, file_id: int) -> StoredFile:
    """Return a file of an order; raises NotFound when the order or the file is not open to the caller."""
    order = get_order(call, order_id)
    for attachment in attachments_of(call, order):
        if attachment.file_id == file_id:
            return attachment.file
    raise NotFound("file")


def amendments_of(order: Order) -> list[OrderAmendment]:
    """Return the changes since publication, newest first."""
    query = select(OrderAmendment).where(OrderAmendment.order_id == order.id).order_by(OrderAmendment.id.desc())
    return list(db.session.scalars(query))


def latest_change(order: Order) -> int:
    """Return the number of the last change of the public part, 0 where nothing but the deadline ever changed."""
    return next((row.id for row in amendments_of(order) if row.before), 0)


def live_retender(order: Order) -> Order | None:
    """Return the order that tenders ``order`` again, unless that one was cancelled."""
    query = select(Order).where(Order.retender_of == order.id, Order.state != OrderState.CANCELLED)
    return db.session.scalar(query.order_by(Order.id.desc()).limit(1))


def retenders(call: Call, order: Order) -> tuple[Order | None, Order | None]:
    """Return the order that ``order`` repeats and the one that repeats it, where the caller may see them."""
    before = visible_to(call.actor).where(Order.id == order.retender_of) if order.retender_of else None
    after = visible_to(call.actor).where(Order.retender_of == order.id, Order.state != OrderState.CANCELLED)
    found = db.session.scalar(before) if before is not None else None
    return found, db.session.scalar(after.order_by(Order.id.desc()).limit(1))


def step_mark(order: Order, step: Step) -> str:
    """Return a mark that changes with whatever is saved of one step of a draft."""
    sheet = sheet_of(order, confidential_text(order))
    parts: dict[Step, StepTerms] = {
        Step.NEED: sheet.need,
        Step.TARGETS: sheet.targets,
        Step.TERMS: sheet.money,
        Step.DISCLOSURE: sheet.disclosure,
    }
    return mark_of(parts[step])


def count_invited(order: Order) -> int:
    """Return how many teams are invited to ``order`` at present."""
    invited = OrderInvitation.state == InvitationState.INVITED
    return db.session.scalar(select(func.count()).where(OrderInvitation.order_id == order.id, invited)) or 0


def sheet_of(order: Order, confidential: str) -> Sheet:
    """Return the whole order as ``readiness`` reads it."""
    return Sheet(
        need=NeedTerms(
            order.alliance_id,
            order.title,
            order.title_en,
            order.problem,
            order.background,
            order.field,
            order.ipc or "",
        ),
        targets=TargetsTerms(
            order.trl_now,
            order.trl_wanted,
            tuple(
                TargetTerms(t.name, t.comparator, t.value, t.value_to, t.unit, t.method, t.must_have)
                for t in order.targets
            ),
        ),
        money=MoneyTerms(
            order.own_funds,
            order.price_ceiling,
            order.bidding_from,
            order.bid_deadline,
            order.delivery_on,
            order.contract_type,
            order.ip_wish,
            order.procedure,
            order.procedure_reason,
            order.budget_reason or "",
        ),
        disclosure=DisclosureTerms(order.visibility, confidential),
        invited=count_invited(order),
    )


def places_of(actor: Actor) -> list[tuple[Organisation, Alliance]]:
    """Return the pairs (enterprise, alliance) in which ``actor`` may place orders."""
    query = (
        select(Organisation, Alliance)
        .join(AllianceMembership, AllianceMembership.organisation_id == Organisation.id)
        .join(Alliance, Alliance.id == AllianceMembership.alliance_id)
        .where(Organisation.id.in_(_enterprises_of(actor)), AllianceMembership.state == MembershipState.ACTIVE)
        .order_by(Organisation.id, Alliance.id)
    )
    return [(organisation, alliance) for organisation, alliance in db.session.execute(query)]


def is_member(organisation_id: int, alliance_id: int) -> bool:
    """Return whether the organisation is an active member of the alliance."""
    query = select(AllianceMembership.id).where(
        AllianceMembership.organisation_id == organisation_id,
        AllianceMembership.alliance_id == alliance_id,
        AllianceMembership.state == MembershipState.ACTIVE,
    )
    return db.session.scalar(query) is not None


def list_own(actor: Actor) -> Select[Order]:
    """Return the orders of the actor's enterprises, the latest change first."""
    own = Order.organisation_id.in_(_enterprises_of(actor))
    return select(Order).where(own).options(joinedload(Order.alliance)).order_by(Order.changed_at.desc(), Order.id)


def list_screening(actor: Actor) -> Select[Order]:
    """Return the orders that wait for the actor's screening, the longest waiting first."""
    query = select(Order).where(Order.state == OrderState.SCREENING)
    if not actor.has(Role.CENTRE_OFFICER):
        query = query.where(Order.alliance_id.in_(served_alliances(actor)))
    return query.options(joinedload(Order.organisation), joinedload(Order.alliance)).order_by(
        Order.changed_at, Order.id
    )


def due_for_bidding(now: datetime) -> list[int]:
    """Return the ids of published orders whose start of bidding has come."""
    query = select(Order.id).where(
        Order.state == OrderState.PUBLISHED, or_(Order.bidding_from.is_(None), Order.bidding_from <= now)
    )
    return list(db.session.scalars(query.order_by(Order.id)))


def correspondents(organisation_id: int, roles: Iterable[Role]) -> list[Account]:
    """Return the active accounts that hold one of ``roles`` in the organisation: those who get its mail."""
    query = (
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.organisation_id == organisation_id,
            AccountGrant.role.in_(list(roles)),
            AccountGrant.state == GrantState.ACTIVE,
            Account.state == AccountState.ACTIVE,
        )
        .order_by(Account.id)
    )
    return list(db.session.scalars(query).unique())


def waiting_for(call: Call) -> list[Task]:
    """Return the drafts the caller's enterprises have to finish, and the orders the caller has to screen."""
    actor = call.actor
    tasks = []
    own = Order.organisation_id.in_(_enterprises_of(actor))
    for order in db.session.scalars(select(Order).where(own, Order.state.in_(EDITABLE)).order_by(Order.id)):
        verb = _l("Rework the order") if order.state is OrderState.NEEDS_WORK else _l("Finish the draft")
        tasks.append(Task(verb, called(order), "orders.check", {"order_id": order.id}))
    for nda in ndas.waiting_to_sign(actor):
        subject = f"{nda.order.reference} · {nda.team.name}"
        tasks.append(Task(_l("Sign the confidentiality agreement"), subject, "orders.nda", {"nda_id": nda.id}))
    return [*tasks, *_screening(actor)]


def _screening(actor: Actor) -> list[Task]:
    tasks: list[Task] = []
    if actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        for order in db.session.scalars(list_screening(actor)):
            subject = called(order)
            tasks.append(
                Task(_l("Screen the order"), subject, "orders.show", {"order_id": order.id}, order.bid_deadline)
            )
    return tasks
