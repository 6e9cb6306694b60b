"""Who may see an organisation and its people, and who may decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.kernel.call import OWNERS, STAFF, Actor, Role
from marketplace.kernel.policy import Decision, allow_if, no
from marketplace.organisations.workflow import OrganisationKind, OrganisationState

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation

DECIDERS = frozenset({Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY})
ROLES = {
    True: (Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_OWNER),
    False: (Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER),
}
"""Roles to invite to, by whether the organisation is an enterprise; teams name their leads themselves."""


def roles_in(kind: OrganisationKind) -> tuple[Role, ...]:
    return ROLES[kind is OrganisationKind.ENTERPRISE]


def owner_role(kind: OrganisationKind) -> Role:
    return roles_in(kind)[1]


def may_see(actor: Actor, organisation: Organisation) -> Decision:
    """Verified organisations are public; the others are for their own people and the staff."""
    verified = organisation.state is OrganisationState.VERIFIED
    own = organisation.id in actor.organisations
    return allow_if(verified or own or actor.is_system or actor.has(*STAFF), "not_found")


def may_see_people(actor: Actor, organisation: Organisation) -> Decision:
    return allow_if(actor.is_system or actor.has(*STAFF) or organisation.id in actor.organisations, "hidden")


def may_verify(actor: Actor, organisation: Organisation) -> Decision:
    """Officers and secretaries look at the registration; nobody verifies an organisation they act for."""
    return _may_decide(actor, organisation, DECIDERS, "organisations.staff_only")


def may_suspend(actor: Actor, organisation: Organisation) -> Decision:
    return _may_decide(actor, organisation, frozenset({Role.CENTRE_OFFICER}), "organisations.officers_only")


def may_manage(actor: Actor, organisation: Organisation) -> Decision:
    """Owners invite people and end memberships."""
    return allow_if(actor.is_system or actor.has_for(organisation.id, *OWNERS), "organisations.owners_only")


def _may_decide(actor: Actor, organisation: Organisation, roles: frozenset[Role], otherwise: str) -> Decision:
    if organisation.id in actor.organisations:
        return no("organisations.own")
    return allow_if(actor.is_system or actor.has(*roles), otherwise)
