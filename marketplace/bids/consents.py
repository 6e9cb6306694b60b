"""What each institution of a consortium is asked to authorise: its own team's part, and nothing else of the bid.

A research group is no legal person; its institution must stand for it (Supreme People's Court, interpretation on technology
contracts, art. 7). So each member's institution reads which order it is, who leads, and its own days, money, task, start and
duration: never the plan, the price, the other members or their money.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, undefer

from marketplace.bids import sealing
from marketplace.bids.models import Bid, BidConsent
from marketplace.bids.policy import TEAM_WIDE
from marketplace.bids.terms import BidTerms, Load
from marketplace.bids.workflow import ConsentState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID
from marketplace.orders.references import called
from marketplace.orders.workflow import AMENDABLE
from marketplace.talent.models import Team
from marketplace.web.tasks import Task

FORMAT = "tripool-part/1"


def part_of(order: Order, load: Load, terms: BidTerms) -> dict[str, Any]:
    """Return what a member's institution is shown, as plain JSON."""
    return {
        "format": FORMAT,
        "order": order.id,
        "team": load.team,
        "days": load.person_days,
        "money": load.money,
        "task": load.task,
        "start_on": terms.start_on.isoformat() if terms.start_on else None,
        "months": terms.months,
    }


def salted(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "salt": secrets.token_hex(16)}


def read(consent: BidConsent) -> dict[str, Any]:
    """Return the part an institution was asked about; raises Conflict ``bids.copy_damaged`` when it was altered."""
    if consent.part is None:
        raise NotFound("part")
    try:
        part = sealing.read_part(consent.part, current_app.extensions["config"].secret_key)
    except sealing.NotReadable as error:
        raise Conflict("bids.copy_damaged") from error
    if sealing.digest_of(part) != consent.digest:
        raise Conflict("bids.copy_damaged")
    return part


def covers(consent: BidConsent, part: dict[str, Any]) -> bool:
    """Return whether the institution was asked about exactly this part."""
    return {k: v for k, v in read(consent).items() if k != "salt"} == part


def partners(bid: Bid, terms: BidTerms) -> list[Load]:
    return [load for load in terms.loads if load.team != bid.team_id]


def of_bid(bid: Bid) -> dict[int, BidConsent]:
    """Return what the institutions said so far, by team."""
    query = select(BidConsent).where(BidConsent.bid_id == bid.id).options(undefer(BidConsent.part))
    options = joinedload(BidConsent.team).joinedload(Team.organisation)
    rows = db.session.scalars(query.options(options).execution_options(populate_existing=True))
    return {row.team_id: row for row in rows}


def lacking(bid: Bid, order: Order, terms: BidTerms) -> list[int]:
    """Return the member teams whose institution has not authorised exactly the part that ``terms`` give them."""
    members = partners(bid, terms)
    if not members:
        return []
    given = {team: row for team, row in of_bid(bid).items() if row.state is ConsentState.GIVEN}
    return [
        load.team
        for load in members
        if load.team not in given or not covers(given[load.team], part_of(order, load, terms))
    ]


def visible_to(actor: Actor) -> Select[BidConsent]:
    """Return the parts that people who act for the member team were asked about; ``policy.may_see_part`` is the same rule."""
    wide = sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in TEAM_WIDE})
    led = sorted({g.team for g in actor.grants if g.team is not None and g.role is Role.TEAM_LEAD})
    query = select(BidConsent).join(BidConsent.team).join(BidConsent.bid).join(Bid.order)
    query = query.where(BidConsent.state != ConsentState.RECALLED)
    return query.where(Team.organisation_id.in_(wide) | Team.id.in_(led))


_WHOLE = (
    undefer(BidConsent.part),
    joinedload(BidConsent.team).joinedload(Team.organisation),
    joinedload(BidConsent.bid).joinedload(Bid.team).joinedload(Team.organisation),
    joinedload(BidConsent.bid).joinedload(Bid.order).joinedload(Order.organisation),
)


def get(call: Call, bid_id: int, team_id: int) -> BidConsent:
    """Return one part; raises NotFound for missing ones and for those of others alike."""
    if not (0 < bid_id <= MAX_ID and 0 < team_id <= MAX_ID):
        raise NotFound("part")
    query = visible_to(call.actor).where(BidConsent.bid_id == bid_id, BidConsent.team_id == team_id)
    row = db.session.scalar(query.options(*_WHOLE).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("part")
    return row


def list_asked(actor: Actor) -> Select[BidConsent]:
    """Return the parts the reader's teams were asked about, the newest first."""
    query = visible_to(actor).options(*_WHOLE)
    return query.order_by(BidConsent.asked_at.desc(), BidConsent.bid_id.desc(), BidConsent.team_id)


def waiting_for(call: Call) -> list[Task]:
    """Return the parts that the caller can authorise as owner of the member's institution, before the deadline."""
    owned = sorted({g.organisation for g in call.actor.grants if g.role is Role.UNIVERSITY_OWNER and g.organisation})
    if not owned:
        return []
    query = visible_to(call.actor).where(
        BidConsent.state == ConsentState.ASKED,
        Team.organisation_id.in_(owned),
        Order.state.in_(AMENDABLE),
        Order.bid_deadline > call.now,
    )
    tasks = []
    for row in db.session.scalars(query.options(*_WHOLE).order_by(BidConsent.asked_at).limit(50)):
        values = {"bid_id": row.bid_id, "team_id": row.team_id}
        subject = called(row.bid.order)
        tasks.append(Task(_l("Authorise your team's part"), subject, "bids.part", values, row.bid.order.bid_deadline))
    return tasks
