"""Conflicts of interest, once more when a match is proposed and when it is approved: between the parties, and of the decider."""

from __future__ import annotations

from marketplace.conflicts import queries as conflicts
from marketplace.conflicts.found import Found, Side
from marketplace.conflicts.workflow import Subject
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.rounds.models import Proposal
from marketplace.web.filters import CITY


def sides_of(proposal: Proposal) -> tuple[Side, Side]:
    """The enterprise with everybody who acts for it, and the bid's teams with their leads and institutions."""
    teams = {proposal.team_id}
    if proposal.bid is not None and proposal.bid.content is not None:
        teams |= {load.team_id for load in proposal.bid.content.loads}
    return (
        conflicts.side_of_organisations([proposal.order.organisation_id]),
        conflicts.side_of_teams(sorted(teams)),
    )


def between_parties(call: Call, proposal: Proposal) -> list[Found]:
    """The links between the two sides that nobody decided to pass over for this order."""
    found = conflicts.found_between(*sides_of(proposal), call.now.astimezone(CITY).date())
    return conflicts.uncovered(found, Subject.ORDER, proposal.order_id)


def of_decider(call: Call, proposal: Proposal) -> list[Found]:
    """The links of the deciding person with either side that nobody decided to pass over for this order."""
    enterprise, team = sides_of(proposal)
    found = conflicts.found_between(
        conflicts.side_of_actor(call.actor), enterprise | team, call.now.astimezone(CITY).date()
    )
    return conflicts.uncovered(found, Subject.ORDER, proposal.order_id)


def require_clear(call: Call, proposal: Proposal) -> None:
    """Raise Conflict ``rounds.conflict`` naming the first link between the parties, or Forbidden for a decider close to one."""
    if links := between_parties(call, proposal):
        raise Conflict(
            "rounds.conflict", {"who": f"{links[0].left_name} – {links[0].right_name}", "kind": links[0].kind}
        )
    if of_decider(call, proposal):
        raise Forbidden("rounds.decider_conflict")
