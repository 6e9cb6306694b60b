"""Who may bid, who may read a bid, who may open bids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.bids.workflow import READABLE
from marketplace.kernel.call import ENTERPRISE, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.organisations.workflow import OrganisationState

if TYPE_CHECKING:
    from marketplace.bids.models import Bid
    from marketplace.orders.models import Order
    from marketplace.talent.models import Team

TEAM_WIDE = frozenset({Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER})
"""Roles that act for every team of their organisation; a lead acts for the own team only."""


def acts_for(actor: Actor, team: Team) -> bool:
    """True for members and owners of the team's organisation, and for the team's own lead."""
    if actor.has_for(team.organisation_id, *TEAM_WIDE):
        return True
    return any(grant.role is Role.TEAM_LEAD and grant.team == team.id for grant in actor.grants)


def may_draft(actor: Actor, order: Order, team: Team) -> Decision:
    """Universities and institutes answer, never an order of an organisation they belong to or act for."""
    if not acts_for(actor, team):
        return no("bids.not_own_team")
    if team.organisation.is_enterprise:
        return no("bids.enterprise")
    return allow_if(order.organisation_id not in {team.organisation_id, *actor.organisations}, "bids.own_order")


def may_submit(actor: Actor, order: Order, team: Team) -> Decision:
    """What is submitted counts, so the organisation must be verified by then."""
    if not (decision := may_draft(actor, order, team)):
        return decision
    return allow_if(team.organisation.state is OrganisationState.VERIFIED, "bids.not_verified")


def may_see(actor: Actor, bid: Bid) -> Decision:
    """Before the opening the bidder alone; after it also the ordering enterprise and the centre; other bidders never."""
    if acts_for(actor, bid.team):
        return YES
    return allow_if(bid.state in READABLE and reads_opened(actor, bid.order), "not_found")


def may_see_part(actor: Actor, team: Team) -> Decision:
    """A member's part is read by people who act for that member's team; the lead reads it in the own bid."""
    return allow_if(acts_for(actor, team), "not_found")


def may_authorise(actor: Actor, team: Team) -> Decision:
    """Only an owner of the member's institution binds it: a research group cannot stand for itself."""
    return allow_if(actor.has_for(team.organisation_id, Role.UNIVERSITY_OWNER), "bids.owner_needed")


def may_ask_repair(actor: Actor, order: Order) -> Decision:
    """Who leads the opening asks for formal corrections; nobody of the enterprise."""
    return may_open(actor, order)


def reads_opened(actor: Actor, order: Order) -> bool:
    """True for those who read the opened bids of ``order``."""
    own = actor.has_for(order.organisation_id, *ENTERPRISE)
    return own or actor.reads_everything or actor.serves(order.alliance_id)


def may_open(actor: Actor, order: Order) -> Decision:
    """An officer asks for the opening, and another officer or the alliance's secretary confirms; nobody of the enterprise."""
    if not actor.serves(order.alliance_id):
        return no("hidden")
    return allow_if(order.organisation_id not in actor.organisations, "bids.own_opening")


def reads_concepts(actor: Actor, order: Order) -> bool:
    """True for those who read opened concepts: the same who read opened bids, once they were opened."""
    return order.concepts_at is not None and reads_opened(actor, order)


def reads_votes(actor: Actor, order: Order) -> bool:
    """True for those who read what members wrote and why a shortlist departs from it: the centre and the auditor, as promised.

    Nobody of the enterprise, at no time: members wrote for the centre, and would write otherwise for who orders.
    """
    return order.organisation_id not in actor.organisations and (
        actor.reads_everything or actor.serves(order.alliance_id)
    )


def may_shortlist(actor: Actor, order: Order) -> Decision:
    """Officers and the alliance's secretary choose, two of them; nobody of the enterprise."""
    return may_open(actor, order)


def may_request_opening(actor: Actor, order: Order) -> Decision:
    if not actor.has(Role.CENTRE_OFFICER):
        return no("bids.officer_needed")
    return may_open(actor, order)
