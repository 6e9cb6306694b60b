"""Reads and rules of memberships: who may ask, who decides, who is in."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.alliances import policy
from marketplace.alliances.models import AllianceMembership
from marketplace.alliances.queries import MAX_ID, get_alliance
from marketplace.alliances.workflow import MembershipState
from marketplace.db.base import db
from marketplace.kernel.call import OWNERS, Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Decision, allow_if, no
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationState


def is_verified(organisation: Organisation) -> bool:
    return organisation.state is OrganisationState.VERIFIED


def may_request(actor: Actor, organisation: Organisation) -> Decision:
    """Owners ask for their own organisation, once the centre has verified it."""
    if not (actor.is_system or actor.has_for(organisation.id, *OWNERS)):
        return no("alliances.owners_only")
    return allow_if(is_verified(organisation), "alliances.not_verified")


def may_decide(actor: Actor, membership: AllianceMembership) -> Decision:
    """The secretary or an officer decides, never for an organisation they act for themselves."""
    if membership.organisation_id in actor.organisations:
        return no("alliances.own")
    return allow_if(bool(policy.may_serve(actor, membership.alliance_id)), "alliances.secretary_only")


def get_membership(call: Call, membership_id: int) -> AllianceMembership:
    """Return a membership that the caller serves or belongs to; NotFound for others alike."""
    row = db.session.get(AllianceMembership, membership_id) if 0 < membership_id <= MAX_ID else None
    actor = call.actor
    if row is None or not (policy.may_serve(actor, row.alliance_id) or row.organisation_id in actor.organisations):
        raise NotFound("membership")
    return row


def find_membership(alliance_id: int, organisation_id: int) -> AllianceMembership | None:
    return db.session.scalar(
        select(AllianceMembership).where(
            AllianceMembership.alliance_id == alliance_id, AllianceMembership.organisation_id == organisation_id
        )
    )


def memberships_of(call: Call, alliance_id: int, *states: MembershipState) -> list[AllianceMembership]:
    """Return memberships in these states, by organisation's name; suspended organisations are left out for the public."""
    alliance = get_alliance(call, alliance_id)
    query = (
        select(AllianceMembership)
        .join(AllianceMembership.organisation)
        .options(joinedload(AllianceMembership.organisation))
        .where(AllianceMembership.alliance_id == alliance.id, AllianceMembership.state.in_(states))
        .order_by(Organisation.name, Organisation.id)
    )
    if not policy.may_serve(call.actor, alliance_id):
        query = query.where(Organisation.state == OrganisationState.VERIFIED)
    return list(db.session.scalars(query))


def member_counts() -> Mapping[int, int]:
    """Return how many verified members each alliance has."""
    rows = db.session.execute(
        select(AllianceMembership.alliance_id, func.count())
        .join(AllianceMembership.organisation)
        .where(AllianceMembership.state == MembershipState.ACTIVE, Organisation.state == OrganisationState.VERIFIED)
        .group_by(AllianceMembership.alliance_id)
    )
    return {row[0]: row[1] for row in rows}


def own_organisations(actor: Actor) -> list[Organisation]:
    """Return the organisations that the actor owns, by name."""
    owned = sorted({g.organisation for g in actor.grants if g.role in OWNERS and g.organisation is not None})
    if not owned:
        return []
    return list(db.session.scalars(select(Organisation).where(Organisation.id.in_(owned)).order_by(Organisation.name)))


def own_memberships(actor: Actor, alliance_id: int) -> Mapping[int, AllianceMembership]:
    """Return the memberships of the actor's organisations in an alliance, by organisation."""
    rows = db.session.scalars(
        select(AllianceMembership).where(
            AllianceMembership.alliance_id == alliance_id,
            AllianceMembership.organisation_id.in_(sorted(actor.organisations)),
        )
    )
    return {row.organisation_id: row for row in rows}
