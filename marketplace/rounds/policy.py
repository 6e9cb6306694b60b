"""Who may see and run rounds, and who may decide on a match: officers everywhere, secretaries in their own alliance."""

from __future__ import annotations

from collections.abc import Collection

from marketplace.kernel.call import Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no


def may_see(actor: Actor, alliance_id: int | None) -> Decision:
    """Rounds show opened bids and money, so they are for the centre's readers and the alliance's secretary only."""
    return allow_if(actor.reads_everything or actor.serves(alliance_id), "not_found")


def may_run(actor: Actor, alliance_id: int | None) -> Decision:
    """Set up a round, start and cancel its runs, invite teams. A round of the whole centre (None) is the officers'."""
    return allow_if(actor.is_system or actor.serves(alliance_id), "rounds.not_yours")


def may_propose(
    actor: Actor, alliance_id: int | None, interests: Collection[int], parties: Collection[int]
) -> Decision:
    """``interests`` are the organisations the natural person acts for through any account, ``parties`` those of the match."""
    if not actor.serves(alliance_id):
        return no("rounds.not_yours")
    return allow_if(not set(interests) & set(parties), "rounds.own_interest")


def may_approve(
    actor: Actor,
    interests: Collection[int],
    parties: Collection[int],
    roles: Collection[Role] = frozenset({Role.CENTRE_OFFICER}),
) -> Decision:
    """The second person is an officer; ``roles`` are those of all approvals the amount needs (see ``approvals.levels``).

    That each is another natural person is held by ``approvals``.
    """
    if not actor.has(*roles):
        return no("rounds.officers_approve")
    return allow_if(not set(interests) & set(parties), "rounds.own_interest")


def may_reject(actor: Actor, alliance_id: int | None) -> Decision:
    return allow_if(actor.serves(alliance_id), "rounds.not_yours")


def may_see_order_outcome(actor: Actor, organisation_id: int, alliance_id: int) -> Decision:
    """The ordering enterprise, and the staff who run its rounds."""
    if actor.reads_everything or actor.serves(alliance_id):
        return YES
    return allow_if(organisation_id in actor.organisations, "not_found")


def may_see_bid_outcome(actor: Actor, team_id: int, organisation_id: int, alliance_id: int) -> Decision:
    """The bidding team and its organisation, and the staff who run the order's rounds."""
    if actor.reads_everything or actor.serves(alliance_id):
        return YES
    return allow_if(team_id in actor.teams or organisation_id in actor.organisations, "not_found")
