"""Why an order has no match: what is true of every one of its offers, or else what keeps out the nearest to fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from marketplace.matching.alternatives import Pay, cheapest, cost_of, fill, least_own_missing
from marketplace.matching.encoding import Arrays
from marketplace.matching.ledger import Ledger
from marketplace.matching.modes import Mode, modes_of, terms_of
from marketplace.matching.problem import COST_UNIT
from marketplace.matching.solution import Reason

MOST_COMPARED = 8
"""How many offers of an order, the best by value, are asked what keeps them out."""
MOST_HOLDERS = 5
"""How many offers are named as holding a team or a fund; a fund may pay thousands."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reason in rows: `teams`, `funds` and `own` say how much more would suffice, `offers` who stands in the way."""

    reason: Reason
    offer: int | None = None
    teams: tuple[tuple[int, int], ...] = ()
    funds: tuple[tuple[int, int], ...] = ()
    offers: tuple[int, ...] = ()
    own: int = 0


@dataclass(frozen=True, slots=True)
class _Alone:
    """An offer that could be taken if it had everything for itself, and what it would add then (in millionths)."""

    offer: int
    modes: Sequence[Mode]
    gain: int


def verdict(ledger: Ledger, order: int, offers: Sequence[int], funds: Iterable[int]) -> Verdict:
    """Why this order, whose offers and eligible funds are given, is not among the choices of the ledger."""
    arrays = ledger.arrays
    forbidden = set(arrays.forbidden.tolist())
    allowed = [offer for offer in offers if offer not in forbidden]
    if not allowed:
        return Verdict(Reason.FORBIDDEN if offers else Reason.NO_OFFER)
    small = {offer: _too_small(ledger, offer) for offer in allowed}
    staffed = [offer for offer in allowed if not small[offer]]
    if not staffed:
        nearest = min(allowed, key=lambda offer: (sum(small[offer].values()), offer))
        return Verdict(Reason.TEAM_TOO_SMALL, nearest, teams=tuple(sorted(small[nearest].items())))
    staffed.sort(key=lambda offer: (-int(arrays.offer_value[offer]), offer))
    payable, found = False, list[Verdict]()
    for each in _alone(arrays, staffed, list(funds)):
        payable = True
        if each.gain > 0:
            found.append(_beside(ledger, order, each))
            if found[-1].reason == Reason.UNDECIDED or len(found) == MOST_COMPARED:
                break
    if not found:
        return Verdict(Reason.VALUE_NEGATIVE) if payable else _unpayable(arrays, staffed, list(funds))
    told = min(found, key=lambda each: _rank(arrays, each))
    if told.reason != Reason.OUTVALUED:
        return told
    holders = ledger.holders((team for team, _ in told.teams), (fund for fund, _ in told.funds), MOST_HOLDERS)
    return replace(told, offers=tuple(sorted({*told.offers, *holders})))


def _rank(arrays: Arrays, found: Verdict) -> tuple[int, int, int]:
    """Simple reasons before mixed ones, then the offer of most value."""
    offer = found.offer if found.offer is not None else 0
    order = [Reason.UNDECIDED, Reason.CONFLICT, Reason.TEAM_FULL, Reason.FUND_EXHAUSTED, Reason.OUTVALUED]
    return order.index(found.reason), -int(arrays.offer_value[offer]), offer


def _too_small(ledger: Ledger, offer: int) -> dict[int, int]:
    capacity = ledger.arrays.team_capacity
    return {
        team: load - int(capacity[team]) for team, load in ledger.uses.get(offer, {}).items() if load > capacity[team]
    }


def _alone(arrays: Arrays, offers: Iterable[int], funds: list[int]) -> Iterable[_Alone]:
    for offer in offers:
        modes = list(modes_of(arrays, terms_of(arrays, offer, funds)))
        pay = cheapest(arrays, modes)
        if pay is not None:
            yield _Alone(offer, modes, int(arrays.offer_value[offer]) * COST_UNIT - cost_of(arrays, pay))


def _unpayable(arrays: Arrays, offers: Iterable[int], funds: list[int]) -> Verdict:
    """The least own money beyond what the enterprise has that would make one of the offers payable."""
    found = [(least_own_missing(arrays, terms_of(arrays, offer, funds)), offer) for offer in offers]
    own, offer = min(found)
    return Verdict(Reason.PRICE_ABOVE_FUNDING, offer, own=own)


def _beside(ledger: Ledger, order: int, each: _Alone) -> Verdict:
    """What keeps an offer out of the present answer."""
    rivals = ledger.chosen_rivals(each.offer)
    teams = ledger.teams_short(each.offer)
    funds = _funds_short(ledger, order, each)
    kinds = [bool(rivals), bool(teams), bool(funds)]
    if sum(kinds) > 1:
        return Verdict(Reason.OUTVALUED, each.offer, _pairs(teams), _pairs(funds), tuple(rivals))
    if rivals:
        return Verdict(Reason.CONFLICT, each.offer, offers=tuple(rivals))
    if teams:
        return Verdict(Reason.TEAM_FULL, each.offer, teams=_pairs(teams))
    if funds:
        return Verdict(Reason.FUND_EXHAUSTED, each.offer, funds=_pairs(funds))
    return Verdict(Reason.UNDECIDED, each.offer)


def _funds_short(ledger: Ledger, order: int, each: _Alone) -> dict[int, int]:
    """The least extra fen, by fund, with which a payment would exist that is worth making."""
    arrays = ledger.arrays
    room = {grant.fund: max(0, ledger.money_left(grant.fund, order)) for mode in each.modes for grant in mode.grants}
    pays: list[Pay] = []
    for mode in each.modes:
        pays.append(fill(arrays, mode, lambda f: (arrays.terms[f].cost, f), room))
        pays.append(fill(arrays, mode, lambda f: (arrays.terms[f].cost, f)))
    worth = [pay for pay in pays if cost_of(arrays, pay) < int(arrays.offer_value[each.offer]) * COST_UNIT]
    shorts = [{f: amount - room[f] for f, amount in pay.items() if amount > room[f]} for pay in worth]
    return min(shorts, key=lambda short: (sum(short.values()), sorted(short.items())))


def _pairs(short: dict[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(short.items()))
