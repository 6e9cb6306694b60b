"""Who may see teams and capabilities, and who may write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.alliances import policy as alliances
from marketplace.kernel.call import OWNERS, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent.workflow import CapabilityState

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation
    from marketplace.talent.models import Capability, Place, Programme, Researcher, Team


def may_found_team(actor: Actor, organisation: Organisation) -> Decision:
    """Owners of a university or institute make its teams; enterprises place orders instead."""
    if organisation.kind is OrganisationKind.ENTERPRISE:
        return no("talent.enterprises_have_no_teams")
    return allow_if(actor.is_system or actor.has_for(organisation.id, Role.UNIVERSITY_OWNER), "talent.owners_only")


def may_change_team(actor: Actor, team: Team) -> Decision:
    return allow_if(actor.is_system or _owns(actor, team), "talent.owners_only")


def may_write(actor: Actor, team: Team) -> Decision:
    """Capabilities and evidence are written by the team's lead or its organisation's owner."""
    allowed = actor.is_system or _owns(actor, team) or team.id in actor.teams
    return allow_if(allowed, "talent.team_only")


def may_publish(actor: Actor, capability: Capability) -> Decision:
    """Published is what a verified organisation stands for and readers can check."""
    may = may_write(actor, capability.team)
    if not may:
        return may
    if capability.team.organisation.state is not OrganisationState.VERIFIED:
        return no("talent.not_verified")
    return allow_if(bool(capability.evidence), "talent.no_evidence")


def may_see_team(actor: Actor, team: Team) -> Decision:
    """Teams of verified organisations are public."""
    verified = team.organisation.state is OrganisationState.VERIFIED
    return allow_if(verified or _belongs(actor, team) or actor.reads_everything, "not_found")


def may_see_capacity(actor: Actor) -> Decision:
    """How busy a team is: for people signed in, not for the whole world."""
    return allow_if(not actor.is_visitor, "talent.sign_in_for_capacity")


def may_see(actor: Actor, capability: Capability) -> Decision:
    """A published capability is for whom its visibility says; its own organisation and the centre see every state."""
    if _belongs(actor, capability.team) or actor.reads_everything:
        return YES
    offered = capability.state is CapabilityState.PUBLISHED and may_see_team(actor, capability.team)
    if not offered:
        return no("not_found")
    return alliances.may_see(actor, capability.alliance_id, capability.visibility)


def may_see_researcher(actor: Actor, researcher: Researcher) -> Decision:
    """A listed page is for everybody signed in; an unlisted one for the person and the centre's readers."""
    own = actor.account is not None and researcher.account_id == actor.account
    listed = researcher.listed and not actor.is_visitor
    return allow_if(own or listed or actor.reads_everything, "not_found")


def may_offer(actor: Actor, organisation_id: int) -> Decision:
    """Programmes are offered, and their places given, by owners of the organisation."""
    return allow_if(actor.has_for(organisation_id, *OWNERS), "talent.programme_owners_only")


def may_see_programme(actor: Actor, programme: Programme) -> Decision:
    """A programme of one alliance is for its members; others are for everybody signed in."""
    if actor.is_visitor:
        return no("not_found")
    own = programme.organisation_id in actor.organisations
    within = programme.alliance_id is None or programme.alliance_id in actor.alliances
    return allow_if(own or within or actor.reads_everything, "not_found")


def may_see_place(actor: Actor, place: Place) -> Decision:
    """Who asked for a place is known to that person and to the host."""
    own = actor.account is not None and place.account_id == actor.account
    return allow_if(own or actor.has_for(place.programme.organisation_id, *OWNERS), "not_found")


def _owns(actor: Actor, team: Team) -> bool:
    return actor.has_for(team.organisation_id, Role.UNIVERSITY_OWNER)


def _belongs(actor: Actor, team: Team) -> bool:
    return team.organisation_id in actor.organisations or team.id in actor.teams
