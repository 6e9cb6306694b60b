"""Conflicts of interest between the two sides of each bid, before a run: found for all of them in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GrantState
from marketplace.bids.models import Bid
from marketplace.conflicts import queries as conflicts
from marketplace.conflicts.found import Found, Side
from marketplace.conflicts.workflow import Subject
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.rounds.models import RoundOrder


def barred(orders: Sequence[RoundOrder], bids: Sequence[Bid], on: date) -> dict[int, Found]:
    """Return the first link that keeps each bid out, by bid id: one that holds on the day and that nobody passed over.

    All enterprises are set against all teams at once, then each link is given to the pairs that it concerns. Two colleagues
    in an organisation that is itself a party of the round are found when their match is proposed, not here.
    """
    enterprises = _enterprises({row.order.organisation_id for row in orders})
    teams = _teams(bids)
    links = conflicts.found_between(_all(enterprises), _all(teams), on)
    owner = {row.order_id: row.order.organisation_id for row in orders}
    found: dict[int, list[Found]] = {}
    for bid in bids if links else ():
        left, right = enterprises[owner[bid.order_id]], teams[bid.id]
        between = [link for link in links if _joins(link, left, right)]
        if between:
            found[bid.id] = between
    return _standing(found, {bid.id: bid.order_id for bid in bids})


def _standing(found: Mapping[int, list[Found]], order_of: Mapping[int, int]) -> dict[int, Found]:
    """What remains when the links that two people passed over for an order are taken away."""
    by_order: dict[int, dict[str, Found]] = defaultdict(dict)
    for bid_id, links in found.items():
        by_order[order_of[bid_id]].update({link.key: link for link in links})
    left = conflicts.uncovered_of({key: links.values() for key, links in by_order.items()}, Subject.ORDER)
    open_ = {order_id: {link.key for link in links} for order_id, links in left.items()}
    kept = {bid_id: [each for each in links if each.key in open_[order_of[bid_id]]] for bid_id, links in found.items()}
    return {bid_id: links[0] for bid_id, links in kept.items() if links}


def _joins(link: Found, left: Side, right: Side) -> bool:
    ends = link.left, link.right
    return (left.holds(ends[0]) and right.holds(ends[1])) or (left.holds(ends[1]) and right.holds(ends[0]))


def _all(sides: Mapping[int, Side]) -> Side:
    persons = (side.persons for side in sides.values())
    organisations = (side.organisations for side in sides.values())
    return Side(frozenset().union(*persons), frozenset().union(*organisations))


def _enterprises(ids: set[int]) -> dict[int, Side]:
    """Each enterprise with every natural person who acts for it."""
    acting: dict[int, set[int]] = defaultdict(set)
    for organisation, _team, _role, person in _grants(ids, set()):
        acting[organisation].add(person)
    return {key: Side(frozenset(acting[key]), frozenset({key})) for key in ids}


def _teams(bids: Sequence[Bid]) -> dict[int, Side]:
    """By bid: the leads of its teams, the owners of their institutions, and the institutions; as ``side_of_teams`` has it."""
    parts = {bid.id: {bid.team_id: bid.team.organisation_id} for bid in bids}
    for bid in bids:
        if bid.content is not None:
            parts[bid.id] |= {load.team_id: load.team.organisation_id for load in bid.content.loads}
    organisations = {key for part in parts.values() for key in part.values()}
    leads: dict[int, set[int]] = defaultdict(set)
    owners: dict[int, set[int]] = defaultdict(set)
    for organisation, team, role, person in _grants(organisations, {key for part in parts.values() for key in part}):
        if team is not None:
            leads[team].add(person)
        if role is Role.UNIVERSITY_OWNER:
            owners[organisation].add(person)
    return {
        bid_id: Side(
            frozenset().union(*(leads[team] for team in part), *(owners[place] for place in part.values())),
            frozenset(part.values()),
        )
        for bid_id, part in parts.items()
    }


def _grants(organisations: set[int], teams: set[int]) -> list[tuple[int, int | None, Role, int]]:
    """(organisation, team, role, natural person) of every active role in these organisations or teams."""
    query = (
        select(AccountGrant.organisation_id, AccountGrant.team_id, AccountGrant.role, Account.person_id)
        .join(AccountGrant.account)
        .where(
            or_(AccountGrant.organisation_id.in_(organisations), AccountGrant.team_id.in_(teams)),
            AccountGrant.state == GrantState.ACTIVE,
        )
    )
    return [(organisation or 0, team, role, person) for organisation, team, role, person in db.session.execute(query)]
