"""Reads of bids. A sealed bid is found by its bidder only; nothing here counts or lists bids before their opening."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload, undefer

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.bids import consents, openings, sealing, shortlists
from marketplace.bids.models import Bid, OpenedBid, OpenedLoad, OpeningRecord
from marketplace.bids.policy import TEAM_WIDE
from marketplace.bids.preflight import MAX_MONTHS, Demand, Measure
from marketplace.bids.sealing import Label, Sealed
from marketplace.bids.terms import BidTerms
from marketplace.bids.workflow import READABLE, BidState, Part
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, Actor, Call, Role
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.marks import mark_of
from marketplace.orders import asking, inviting
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID, served_alliances
from marketplace.orders.references import called
from marketplace.orders.workflow import AMENDABLE, OrderState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent import capacity
from marketplace.talent.models import Team
from marketplace.web.tasks import Task


def visible_to(actor: Actor) -> Select[Bid]:
    """Return the bids ``actor`` may see: the same rule as ``policy.may_see``."""
    opened = and_(Bid.state.in_(READABLE), _reads_opened(actor))
    return select(Bid).join(Bid.team).join(Bid.order).where(or_(owned_clause(actor), opened))


def owned_clause(actor: Actor) -> ColumnElement[bool]:
    """True for teams that ``actor`` acts for; the query must have joined Team."""
    wide = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in TEAM_WIDE})
    led = sorted({g.team for g in actor.grants if g.team is not None and g.role is Role.TEAM_LEAD})
    if not wide and not led:
        return false()
    return or_(Team.organisation_id.in_(wide), Team.id.in_(led))


def _reads_opened(actor: Actor) -> ColumnElement[bool]:
    if actor.reads_everything:
        return true()
    own = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in ENTERPRISE})
    return or_(Order.organisation_id.in_(own), Order.alliance_id.in_(served_alliances(actor)))


_WHOLE = (
    contains_eager(Bid.team).joinedload(Team.organisation),
    contains_eager(Bid.order).joinedload(Order.organisation),
    contains_eager(Bid.order).selectinload(Order.targets),
)


def get_bid(call: Call, bid_id: int) -> Bid:
    """Return a bid with team and order; raises NotFound for missing and for invisible ones alike."""
    return _one(visible_to(call.actor), bid_id)


def get_own(call: Call, bid_id: int) -> Bid:
    """Return a bid of a team that the caller acts for, with its encrypted copy; raises NotFound otherwise."""
    query = select(Bid).join(Bid.team).join(Bid.order).where(owned_clause(call.actor))
    return _one(query.options(undefer(Bid.owner_copy)), bid_id)


def _one(query: Select[Bid], bid_id: int) -> Bid:
    if not 0 < bid_id <= MAX_ID:
        raise NotFound("bid")
    row = db.session.scalar(query.where(Bid.id == bid_id).options(*_WHOLE).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("bid")
    return row


def find_own(actor: Actor, order_id: int) -> list[Bid]:
    """Return the bids of the actor's teams on one order."""
    query = select(Bid).join(Bid.team).where(owned_clause(actor), Bid.order_id == order_id).order_by(Bid.id)
    return list(db.session.scalars(query.options(contains_eager(Bid.team))))


def list_own(actor: Actor) -> Select[Bid]:
    """Return the bids of the actor's teams, the latest change first."""
    query = select(Bid).join(Bid.team).join(Bid.order).where(owned_clause(actor))
    return query.options(contains_eager(Bid.team), contains_eager(Bid.order)).order_by(
        Bid.changed_at.desc(), Bid.id.desc()
    )


def label_of(bid: Bid) -> Label:
    return Label(bid.id, bid.order_id, bid.team_id)


def own_mark(bid: Bid) -> str:
    """Return a mark that changes with what the bidder wrote, for the bidder's own pages only; attachments aside."""
    return bid_mark(own_content(bid).terms)


def bid_mark(terms: BidTerms) -> str:
    """Return the mark of a bid of which these terms are kept."""
    written = replace(terms, attachments=()).as_json()
    return mark_of(json.dumps(written))


def own_content(bid: Bid) -> Sealed:
    """Return what the bidder wrote, from the encrypted copy; callers have found the bid by ``get_own``.

    Raises NotFound when there is no copy (any more), Conflict ``bids.copy_damaged`` when it was altered.
    """
    if bid.owner_copy is None:
        raise NotFound("bid")
    try:
        return sealing.read_copy(bid.owner_copy, label_of(bid), current_app.extensions["config"].secret_key)
    except sealing.NotReadable as error:
        raise Conflict("bids.copy_damaged") from error


_CONTENT = (
    joinedload(Bid.team).joinedload(Team.organisation),
    selectinload(Bid.content).selectinload(OpenedBid.loads).joinedload(OpenedLoad.team),
    selectinload(Bid.content).selectinload(OpenedBid.answers),
)


def opened_bids(order_ids: Iterable[int]) -> list[Bid]:
    """Return the bids that stand open for matching, with content, loads, answers and team."""
    query = select(Bid).where(Bid.order_id.in_(list(order_ids)), Bid.state == BidState.OPENED)
    return list(db.session.scalars(query.options(*_CONTENT).order_by(Bid.id)).unique())


def list_opened(order: Order) -> list[Bid]:
    """Return every bid of ``order`` that was opened, the lowest price first, those with sealed prices after them.

    Callers ask ``policy.reads_opened``.
    """
    query = select(Bid).outerjoin(Bid.content).where(Bid.order_id == order.id, Bid.state.in_(READABLE))
    options = (*_CONTENT, joinedload(Bid.technical))
    query = query.options(*options).order_by(OpenedBid.price.is_(None), OpenedBid.price, Bid.id)
    return list(db.session.scalars(query).unique())


def list_closed(order: Order) -> list[Bid]:
    """Return the bids that were submitted and could not be opened, with the reason; nothing before the opening."""
    if order.opened_at is None and order.state is not OrderState.CONCEPTS:
        return []
    query = select(Bid).where(Bid.order_id == order.id, Bid.state == BidState.SUBMITTED).order_by(Bid.id)
    return list(db.session.scalars(query.options(joinedload(Bid.team))))


def salt_of(bid: Bid) -> str:
    """Return the salt of the commitment for the bidder's receipt; from the opened rows once the copy is erased."""
    if bid.owner_copy is not None:
        return own_content(bid).salt
    opened = db.session.get(OpenedBid, bid.id)
    return opened.salt if opened else ""


def content_of(bid: Bid) -> OpenedBid | None:
    """Return the opened content with loads and answers, None before the opening."""
    options = (selectinload(OpenedBid.loads).joinedload(OpenedLoad.team), selectinload(OpenedBid.answers))
    return db.session.get(OpenedBid, bid.id, options=options)


def my_teams(actor: Actor) -> list[Team]:
    """Return the teams that the actor acts for."""
    query = select(Team).join(Team.organisation).where(owned_clause(actor)).order_by(Team.organisation_id, Team.id)
    return list(db.session.scalars(query.options(contains_eager(Team.organisation))))


def partner_teams(team: Team, order: Order) -> list[Team]:
    """Return the teams that may share a bid of ``team``: those of verified universities and institutes."""
    query = (
        select(Team)
        .join(Team.organisation)
        .where(
            Team.id != team.id,
            Organisation.kind != OrganisationKind.ENTERPRISE,
            Organisation.state == OrganisationState.VERIFIED,
            Organisation.id != order.organisation_id,
        )
        .order_by(Organisation.id, Team.id)
    )
    return list(db.session.scalars(query.options(contains_eager(Team.organisation))))


def teams_named(ids: Iterable[int]) -> dict[int, Team]:
    """Return teams by their row number, with their organisation."""
    query = select(Team).where(Team.id.in_(list(ids))).options(joinedload(Team.organisation))
    return {team.id: team for team in db.session.scalars(query)}


def demand_of(order: Order, team_id: int) -> Demand:
    """Return what ``order`` asks of a bid, as ``preflight`` reads it."""
    if order.bid_deadline is None:
        raise NotFound("order")
    measures = tuple(Measure(t.id, t.name, t.comparator, t.value, t.value_to, t.must_have) for t in order.targets)
    return Demand(team_id, order.price_ceiling, order.bid_deadline, order.delivery_on, measures)


def shortages(terms: BidTerms) -> Mapping[str, tuple[int, int]]:
    """Return the quarters in which a team of the bid has fewer free days than asked: {quarter: (asked, free)}."""
    if terms.start_on is None or terms.months is None or not 1 <= terms.months <= MAX_MONTHS:
        return {}
    asked = {
        (load.team, quarter): days
        for load in terms.loads
        for quarter, days in capacity.spread(load.person_days, terms.start_on, terms.months).items()
    }
    free = capacity.free_days(asked)
    return {
        quarter: (days, free[team, quarter]) for (team, quarter), days in asked.items() if days > free[team, quarter]
    }


def correspondents(bid: Bid) -> list[Account]:
    """Return the accounts that act for the bidding team, never the leads of its sister teams."""
    wide = and_(AccountGrant.organisation_id == bid.team.organisation_id, AccountGrant.role.in_(sorted(TEAM_WIDE)))
    lead = and_(AccountGrant.team_id == bid.team_id, AccountGrant.role == Role.TEAM_LEAD)
    query = (
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(or_(wide, lead), AccountGrant.state == GrantState.ACTIVE, Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
    )
    return list(db.session.scalars(query).unique())


def waiting_for(call: Call) -> list[Task]:
    """Return the caller's bids that need work before their deadline, and the openings that wait for the caller."""
    tasks = []
    verbs = {BidState.DRAFT: _l("Finish and submit the bid"), BidState.NEEDS_RECONFIRM: _l("Confirm the bid again")}
    alive = Order.state.in_(AMENDABLE) & (Order.bid_deadline > call.now)
    query = list_own(call.actor).where(Bid.state.in_(list(verbs)), alive)
    for bid in db.session.scalars(query):
        subject = called(bid.order)
        tasks.append(Task(verbs[bid.state], subject, "bids.show", {"bid_id": bid.id}, bid.order.bid_deadline))
    around = [*shortlists.waiting_for(call), *asking.waiting_for(call), *inviting.waiting_for(call)]
    return [*tasks, *consents.waiting_for(call), *openings.waiting_for(call), *around]


RECOVERY = timedelta(days=5)
"""How long after the opening a bidder may bring a bid again that could not be opened."""


def is_recoverable(bid: Bid, order: Order, now: datetime) -> bool:
    """True for a submitted bid that an opening left closed, while the order is not decided and the window is open."""
    if order.state is OrderState.CONCEPTS and order.concepts_at is not None:
        return bid.state is BidState.SUBMITTED and now < order.concepts_at + RECOVERY
    if order.opened_at is None or order.state not in {OrderState.OPENED, OrderState.EVALUATING}:
        return False
    if bid.state is BidState.SUBMITTED:
        return now < order.opened_at + RECOVERY
    if bid.state is not BidState.TECHNICAL:
        return False
    record = db.session.get(OpeningRecord, (order.id, Part.PRICE))
    return record is not None and now < record.at + RECOVERY


def recoveries_over(now: datetime) -> list[int]:
    """Return opened orders with bids that stayed closed and whose time for bringing them again is over."""
    query = select(Order.id).join(Bid, Bid.order_id == Order.id).distinct().order_by(Order.id)
    opened = and_(Order.state == OrderState.OPENED, Order.opened_at <= now - RECOVERY)
    concepts = and_(Order.state == OrderState.CONCEPTS, Order.concepts_at <= now - RECOVERY)
    return list(db.session.scalars(query.where(Bid.state == BidState.SUBMITTED, or_(opened, concepts))))


def owners_of(organisation_id: int) -> list[Account]:
    """Return the accounts that may bind a university or institute."""
    query = (
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.organisation_id == organisation_id,
            AccountGrant.role == Role.UNIVERSITY_OWNER,
            AccountGrant.state == GrantState.ACTIVE,
            Account.state == AccountState.ACTIVE,
        )
        .order_by(Account.id)
    )
    return list(db.session.scalars(query).unique())


def is_open(order: Order, now: datetime) -> bool:
    """True strictly before the deadline: bids may come in, and none may be opened."""
    return order.bid_deadline is not None and now < order.bid_deadline


def takes_bids(order: Order, now: datetime) -> bool:
    """True while bids on ``order`` can be written."""
    return order.state in AMENDABLE and is_open(order, now)
