"""Teams that did not bid and whose published work fits an order: worth an invitation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.db.base import db
from marketplace.orders.models import Order
from marketplace.organisations.workflow import OrganisationState
from marketplace.rounds.gather import scores
from marketplace.rounds.gather.facts import Facts
from marketplace.rounds.gather.fit import OrderFit, TeamFit
from marketplace.rounds.keys import order_key
from marketplace.talent.capacity import free_days, quarter_of
from marketplace.talent.models import Capability, Team
from marketplace.talent.records import Record, records_of

PER_ORDER = 3
LEAST_FIT = 0.05
"""Below this the texts share little more than common words."""
LEAST_OF_BEST = 0.5
"""A team that fits less than half as well as the best one for the order is not worth a mail."""


@dataclass(frozen=True, slots=True)
class Candidate:
    order: Order
    fit: TeamFit
    capability: Capability


def candidates(facts: Facts, fits: Mapping[int, OrderFit], on: date) -> dict[str, list[dict[str, Any]]]:
    """Return up to three capabilities per order (by order key), best first, none of a team that bid or is the orderer's own."""
    bidders = {(bid.order_id, bid.team_id) for bid in facts.bids}
    kept = records_of({team for fit in fits.values() for team in fit.teams})
    wanted = [(row.order, fit) for row in facts.orders for fit in fitting(fits[row.order_id], kept)]
    rows = _capabilities({fit.pieces[0].capability_id for _, fit in wanted})
    chosen: dict[int, list[Candidate]] = {}
    for order, fit in wanted:
        capability = rows.get(fit.pieces[0].capability_id)
        taken = chosen.setdefault(order.id, [])
        if capability is None or len(taken) >= PER_ORDER or (order.id, fit.team_id) in bidders:
            continue
        if capability.team.organisation_id != order.organisation_id:
            taken.append(Candidate(order, fit, capability))
    free = _free([candidate for taken in chosen.values() for candidate in taken], on)
    return {order_key(key): [_told(each, free, kept) for each in taken] for key, taken in chosen.items() if taken}


def fitting(fit: OrderFit, kept: Mapping[int, Record]) -> Iterable[TeamFit]:
    """Teams whose texts fit, those first that fit best with what is known of how they kept their contracts."""
    least = max(LEAST_FIT, LEAST_OF_BEST * max((team.score for team in fit.teams.values()), default=0.0))
    found = [team for team in fit.teams.values() if team.score >= least and team.pieces and team.words]
    return sorted(found, key=lambda team: -team_fit(team, kept))


def team_fit(team: TeamFit, kept: Mapping[int, Record]) -> int:
    return scores.fit(round(scores.BEST * team.score), kept.get(team.team_id, Record()).standing)


def _capabilities(keys: set[int]) -> dict[int, Capability]:
    rows = db.session.scalars(
        select(Capability)
        .where(Capability.id.in_(keys))
        .options(joinedload(Capability.team).joinedload(Team.organisation))
    )
    return {row.id: row for row in rows if row.team.organisation.state is OrganisationState.VERIFIED}


def _free(chosen: list[Candidate], on: date) -> dict[int, int]:
    """Free person-days of each team in the quarter of ``on``."""
    quarter = quarter_of(on)
    free = free_days(sorted({(candidate.capability.team_id, quarter) for candidate in chosen}))
    return {team: days for (team, _), days in free.items()}


def _told(candidate: Candidate, free: Mapping[int, int], kept: Mapping[int, Record]) -> dict[str, Any]:
    order, capability, fit = candidate.order, candidate.capability, candidate.fit
    return {
        "capability": capability.id,
        "team": capability.team_id,
        "fit": team_fit(fit, kept),
        "text": round(scores.BEST * fit.score),
        "words": list(fit.words),
        "evidence": [piece.title for piece in fit.pieces],
        "price_from": capability.price_from,
        "price_to": capability.price_to,
        "trl_fits": _trl_fits(order, capability),
        "free_days": free.get(capability.team_id, 0),
    }


def _trl_fits(order: Order, capability: Capability) -> bool | None:
    """Whether the team works on the way from the order's present TRL to the wanted one; None when the order does not say."""
    if order.trl_now is None or order.trl_wanted is None:
        return None
    return capability.trl_from <= order.trl_now and capability.trl_to >= order.trl_wanted
