"""Needs: which rows may become orders, and what such an order looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.db.base import db
from marketplace.imports import checks
from marketplace.imports.terms import Need, NeedsTerms, Row, Trouble, Unreadable
from marketplace.kernel.call import Call
from marketplace.orders import readiness
from marketplace.orders.lifecycle import move
from marketplace.orders.models import Order, Target
from marketplace.orders.procedures import Procedure
from marketplace.orders.queries import sheet_of
from marketplace.orders.workflow import Comparator, ContractType, IpWish, OrderState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.web.filters import CITY

COLUMNS = frozenset({"id", "title", "content", "organisation", "field", "own_funds", "price_ceiling", "deadline"})
NUMBERS = frozenset({"id", "own_funds", "price_ceiling"})
USUAL_CEILING = 50_000_000  # fen
USUAL_DELIVERY = timedelta(days=365)
LATEST = timedelta(days=3650)


def alliance_of(code: str) -> Alliance:
    """Return the alliance with that code; Unreadable when there is none, for then no row can be placed."""
    row = db.session.scalar(select(Alliance).where(Alliance.code == code))
    if row is None:
        raise Unreadable("imports.no_alliance", {"code": code})
    return row


def plan(call: Call, rows: Sequence[Row], terms: NeedsTerms) -> tuple[list[Need], list[Trouble]]:
    """Return the needs to import and everything that is wrong; reads, and writes nothing."""
    alliance = alliance_of(terms.alliance)
    members = _members(alliance.id)
    stored = _stored(alliance.id)
    needs: list[Need] = []
    troubles: list[Trouble] = []
    checks.require_different(rows, troubles)
    for row in rows:
        wrong: list[Trouble] = []
        need = _need(call, row, terms, members, wrong)
        if not wrong and (need.organisation_id, need.title, need.content) in stored:
            wrong.append(Trouble(row.line, "", "imports.known"))
        troubles += wrong
        needs.append(need)
    return needs, troubles


def _members(alliance_id: int) -> Mapping[str, int]:
    """The verified enterprises of an alliance, by their number."""
    query = select(Organisation.uscc, Organisation.id).where(
        Organisation.kind == OrganisationKind.ENTERPRISE,
        Organisation.state == OrganisationState.VERIFIED,
        AllianceMembership.organisation_id == Organisation.id,
        AllianceMembership.alliance_id == alliance_id,
        AllianceMembership.state == MembershipState.ACTIVE,
    )
    return {row.uscc: row.id for row in db.session.execute(query)}


def _stored(alliance_id: int) -> set[tuple[int, str, str]]:
    query = select(Order.organisation_id, Order.title, Order.problem).where(Order.alliance_id == alliance_id)
    return {(row.organisation_id, row.title, row.problem) for row in db.session.execute(query)}


def _need(call: Call, row: Row, terms: NeedsTerms, members: Mapping[str, int], wrong: list[Trouble]) -> Need:
    cells = row.cells
    checks.require(row, ("id", "title"), {"id": 200, "title": 200}, wrong)
    uscc = (cells.get("organisation") or terms.organisation).upper()
    if not uscc:
        wrong.append(Trouble(row.line, "organisation", "imports.owner_needed"))
    elif uscc not in members:
        wrong.append(Trouble(row.line, "organisation", "imports.no_organisation", {"uscc": uscc[:40]}))
    ceiling = checks.amount_of(row, "price_ceiling", wrong)
    if ceiling == 0:
        wrong.append(Trouble(row.line, "price_ceiling", "imports.money"))
    return Need(
        row=row,
        organisation_id=members.get(uscc, 0),
        title=cells.get("title", ""),
        content=cells.get("content", ""),
        field=checks.field_of(row, wrong),
        own_funds=checks.amount_of(row, "own_funds", wrong),
        price_ceiling=ceiling,
        deadline=_deadline(call, row, wrong),
    )


def _deadline(call: Call, row: Row, wrong: list[Trouble]) -> date | None:
    day = checks.day_of(row, "deadline", wrong)
    if day is None or call.now.date() < day <= (call.now + LATEST).date():
        return day
    wrong.append(Trouble(row.line, "deadline", "imports.day"))
    return None


def order_of(call: Call, need: Need, terms: NeedsTerms, alliance_id: int, reference: str) -> Order:
    """Return the order of ``need``, not saved: a draft, or taking bids when ``terms`` say so and screening would find no gap."""
    order = Order(
        reference=reference,
        organisation_id=need.organisation_id,
        alliance_id=alliance_id,
        title=need.title,
        title_en="",  # readiness looks before the database fills it in
        background="",
        procedure=Procedure.OPEN,
        problem=need.content,
        field=need.field,
        own_funds=need.own_funds,
        price_ceiling=need.price_ceiling,
        bid_deadline=_end_of(need.deadline) if need.deadline else None,
        state=OrderState.DRAFT,
        created_at=call.now,
        changed_at=call.now,
    )
    if terms.days is not None:
        _complete(call, order, terms.days)
        if not readiness.blocking(readiness.check(sheet_of(order, ""), call.now)):
            for event in ("submit", "publish", "start_bidding"):
                move(call, order, event)
    return order


def _end_of(day: date) -> datetime:
    """The last minute of a day in the city."""
    return datetime.combine(day, time(23, 59), CITY)


def _complete(call: Call, order: Order, days: int) -> None:
    """Fill what a published order needs and the file does not say."""
    order.field = order.field or checks.guess_field(order.title + order.problem)
    order.price_ceiling = order.price_ceiling or max(USUAL_CEILING, order.own_funds or 0)
    if order.own_funds is None:
        order.own_funds = order.price_ceiling // 2
    order.bid_deadline = order.bid_deadline or call.now + timedelta(days=days)
    order.delivery_on = (order.bid_deadline + USUAL_DELIVERY).date()
    order.contract_type, order.ip_wish = ContractType.ENTRUSTED, IpWish.JOINT
    order.targets = [
        Target(
            position=0,
            name="需求所列指标达成率",
            comparator=Comparator.AT_LEAST,
            value="100",
            value_to="",
            unit="%",
            method="专家验收",
            must_have=True,
        )
    ]
