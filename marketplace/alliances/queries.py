"""Reads of alliances, and the clause that keeps what belongs to one from the others."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, or_, select, true

from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.policy import belongs_to_the_centre
from marketplace.alliances.workflow import MembershipState, Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.web.filters import in_language
from marketplace.web.tasks import Task

MAX_ID = 2**31 - 1


def visible_clause(actor: Actor, alliance_column: Any, visibility_column: Any) -> ColumnElement[bool]:
    """Return the rows ``policy.may_see`` allows, as a condition on an alliance and a visibility column."""
    if actor.reads_everything:
        return true()
    allowed = [visibility_column == Visibility.PUBLIC]
    if belongs_to_the_centre(actor):
        allowed.append(visibility_column == Visibility.CENTRE)
    if actor.alliances:
        mine = alliance_column.in_(sorted(actor.alliances))
        allowed.append(and_(visibility_column == Visibility.ALLIANCE, mine))
    return or_(*allowed)


def get_alliance(call: Call, alliance_id: int) -> Alliance:  # noqa: ARG001 - every reader may know every alliance
    """Return an alliance; raise NotFound when there is none."""
    row = db.session.get(Alliance, alliance_id) if 0 < alliance_id <= MAX_ID else None
    if row is None:
        raise NotFound("alliance")
    return row


def list_alliances() -> list[Alliance]:
    """Return every alliance, the oldest first."""
    return list(db.session.scalars(select(Alliance).order_by(Alliance.founded_at, Alliance.id)))


def waiting_for(call: Call) -> list[Task]:
    """Requests to join that the caller's alliances have to decide on, the oldest first."""
    serving = {g.alliance for g in call.actor.grants if g.role is Role.ALLIANCE_SECRETARY and g.alliance is not None}
    query = (
        select(Organisation, AllianceMembership.alliance_id)
        .join_from(AllianceMembership, Organisation, Organisation.id == AllianceMembership.organisation_id)
        .where(AllianceMembership.state == MembershipState.REQUESTED)
        .order_by(AllianceMembership.requested_at, AllianceMembership.id)
        .limit(20)
    )
    if not call.actor.has(Role.CENTRE_OFFICER):
        if not serving:
            return []
        query = query.where(AllianceMembership.alliance_id.in_(sorted(serving)))
    verb = _l("Decide on a request to join")
    rows = db.session.execute(query)
    return [Task(verb, in_language(who), "alliances.show", {"alliance_id": place}) for who, place in rows]
