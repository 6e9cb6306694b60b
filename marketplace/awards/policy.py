"""Who announces, gives a party's word, takes back, objects and decides. Interests follow the natural person, not the account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from marketplace.kernel.call import ENTERPRISE, OWNERS, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no

APPEAL_ROLES = (Role.CENTRE_OFFICER, Role.FUND_MANAGER)
"""Who may sit on the panel of two that decides an appeal."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The two parties of an award, by row number."""

    enterprise: int
    team: int
    team_organisation: int
    alliance: int


@dataclass(frozen=True, slots=True)
class Objector:
    """Who objected: the natural person, the organisation, and the losing team if it was a bidder."""

    person: int
    organisation: int
    team: int | None


def is_enterprise(actor: Actor, sides: Sides) -> bool:
    return actor.has_for(sides.enterprise, *ENTERPRISE)


def is_team(actor: Actor, sides: Sides) -> bool:
    """Members and owners of the team's institution, and the team's own lead."""
    wide = actor.has_for(sides.team_organisation, Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER)
    return wide or sides.team in actor.teams


def may_see(actor: Actor, sides: Sides) -> Decision:
    """The page of an award: its parties and the staff who run the round; the public has the notice."""
    staff = actor.reads_everything or actor.serves(sides.alliance)
    return allow_if(staff or is_enterprise(actor, sides) or is_team(actor, sides), "not_found")


def may_announce(actor: Actor, alliance_id: int | None) -> Decision:
    return allow_if(actor.is_system or actor.serves(alliance_id), "awards.staff_only")


def may_fail(actor: Actor, alliance_id: int | None, enterprise: int) -> Decision:
    """An officer who does not act for the enterprise ends an order that no bid can win."""
    if enterprise in actor.organisations:
        return no("awards.own_order")
    return allow_if(actor.has(Role.CENTRE_OFFICER) and actor.serves(alliance_id), "awards.staff_only")


def may_confirm_enterprise(actor: Actor, sides: Sides) -> Decision:
    """A party's word binds it, so an owner gives it."""
    return allow_if(actor.has_for(sides.enterprise, *OWNERS), "awards.owner_confirms")


def may_confirm_team(actor: Actor, sides: Sides) -> Decision:
    owner = actor.has_for(sides.team_organisation, *OWNERS)
    return allow_if(owner or sides.team in actor.teams, "awards.owner_confirms")


def may_start(actor: Actor, alliance_id: int | None) -> Decision:
    return allow_if(actor.is_system or actor.serves(alliance_id), "awards.staff_only")


def may_reverse(actor: Actor, interests: Collection[int], parties: Collection[int]) -> Decision:
    """Officers without an interest in either party, two of them (``approvals``)."""
    if not actor.has(Role.CENTRE_OFFICER):
        return no("awards.officers_only")
    return allow_if(not set(interests) & set(parties), "awards.own_interest")


def may_object(actor: Actor, sides: Sides, *, bidder: bool, member: bool) -> Decision:
    """A losing bidder, or any member of an alliance who is no party; each party has other ways."""
    if actor.is_visitor or actor.account is None:
        return no("awards.sign_in_to_object")
    if bidder:
        return YES
    if is_enterprise(actor, sides) or is_team(actor, sides):
        return no("awards.party_cannot_object")
    return allow_if(member, "awards.members_object")


def is_objector(actor: Actor, objector: Objector, sides: Sides) -> bool:
    """The person who filed, the losing team's lead, and the organisation's owners unless it is the winner's as well."""
    if actor.person is not None and actor.person == objector.person:
        return True
    if objector.team is not None and objector.team in actor.teams:
        return True
    return objector.organisation != sides.team_organisation and actor.has_for(objector.organisation, *OWNERS)


def reads_complaint(actor: Actor, objector: Objector, sides: Sides) -> Decision:
    """Who reads an objection in full: whoever objected, officers and auditors."""
    return allow_if(actor.reads_everything or is_objector(actor, objector, sides), "not_found")


def knows_of_complaint(actor: Actor, objector: Objector, sides: Sides) -> Decision:
    """Who reads that there is one and how it ended, without a word of who and what: the parties and the secretary as well."""
    if reads_complaint(actor, objector, sides):
        return YES
    party = is_enterprise(actor, sides) or is_team(actor, sides)
    return allow_if(party or actor.serves(sides.alliance), "not_found")


def may_read_levels(actor: Actor) -> Decision:
    """The centre reads which amounts need whose approval."""
    return allow_if(actor.has(Role.CENTRE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR), "not_found")


def may_set_levels(actor: Actor) -> Decision:
    """Officers and fund managers, two of them (``approvals``)."""
    return allow_if(actor.has(Role.CENTRE_OFFICER, Role.FUND_MANAGER), "awards.officers_only")


def may_handle(actor: Actor, interests: Collection[int], concerned: Collection[int]) -> Decision:
    """Accept, answer and decide at first: officers whose person has no interest in a party or in whoever objected."""
    return may_reverse(actor, interests, concerned)


def may_review(
    actor: Actor, interests: Collection[int], concerned: Collection[int], earlier: Collection[int]
) -> Decision:
    """Decide an appeal: two persons of the centre who had no part in the award or in the first decision (``earlier``)."""
    if not actor.has(*APPEAL_ROLES):
        return no("awards.panel_only")
    if set(interests) & set(concerned):
        return no("awards.own_interest")
    return allow_if(actor.person not in earlier, "awards.took_part")
