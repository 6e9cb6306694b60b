"""Payments of one match by themselves: exact alternatives, each feasible when it alone replaces the chosen one.

For one offer the limits of a fixed mode are nested (a grant inside the public ceiling inside the need), so filling
grants in order of preference is exact: the feasible sets form a polymatroid, where greedy is optimal (Edmonds, 1970).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import combinations

from marketplace.matching.encoding import Arrays
from marketplace.matching.ledger import Ledger
from marketplace.matching.modes import Mode, Terms, mode_of, modes_of, terms_of

Pay = dict[int, int]
"""Fen by fund; what is missing to the price is the enterprise's own."""

MOST_COMBINATIONS = 50_000


def fill(
    arrays: Arrays, mode: Mode, preference: Callable[[int], tuple[int, ...]], room: Mapping[int, int] | None = None
) -> Pay:
    """The payment of a mode that uses preferred funds first; with `room`, first within it and then beyond."""
    pay = {grant.fund: grant.least for grant in mode.grants}
    public_left = mode.public_most - sum(pay[f] for f in pay if arrays.terms[f].public)
    need = mode.need - sum(pay.values())
    ranked = sorted(mode.grants, key=lambda grant: preference(grant.fund))
    for limited in [True, False] if room is not None else [False]:
        for grant in ranked:
            most = min(grant.most, (room or {}).get(grant.fund, 0)) if limited else grant.most
            amount = max(0, min(most - pay[grant.fund], need))
            if arrays.terms[grant.fund].public:
                amount = min(amount, public_left)
                public_left -= amount
            pay[grant.fund] += amount
            need -= amount
    assert need == 0, "a mode is only made when it can be paid"
    return {fund: amount for fund, amount in pay.items() if amount}


def cost_of(arrays: Arrays, pay: Mapping[int, int]) -> int:
    """Cost of money in millionths of a value unit."""
    return sum(arrays.terms[fund].cost * amount for fund, amount in pay.items())


def cheapest(arrays: Arrays, modes: Iterable[Mode]) -> Pay | None:
    """The payment of least cost among modes of one offer, then of least draw on funds; None without modes."""
    pays = [fill(arrays, mode, lambda f: (arrays.terms[f].cost, f)) for mode in modes]
    return min(pays, key=lambda pay: (cost_of(arrays, pay), sum(pay.values()), sorted(pay.items())), default=None)


def alternatives(ledger: Ledger, order: int, funds: Iterable[int], count: int) -> list[tuple[str, Pay]]:
    """Up to `count` payments of an order's match that differ from the present one, with what each is best at.

    Each is feasible beside all other matches of the ledger.
    """
    present = ledger.leave(order)
    terms = terms_of(ledger.arrays, present.offer, funds, lambda fund: ledger.money_left(fund, order))
    ledger.enter(present)
    return options_of(ledger.arrays, terms, count, present.pay)


def options_of(
    arrays: Arrays, terms: Terms, count: int, present: Mapping[int, int] | None = None
) -> list[tuple[str, Pay]]:
    """Up to `count` payments within these terms that differ from each other and from `present`."""
    seen = [] if present is None else [dict(present)]
    found: list[tuple[str, Pay]] = []
    for label, make in MAKERS.items():
        if len(found) >= count:
            break
        pay = make(arrays, terms)
        if pay is not None and pay not in seen:
            seen.append(pay)
            found.append((label, pay))
    return found


def least_own_missing(arrays: Arrays, terms: Terms) -> int:
    """The least own money beyond these terms with which a payment exists; 0 when one does already."""
    low, high = terms.own_funds - 1, max(terms.own_funds, terms.price)  # paying the whole price oneself always works
    while high - low > 1:
        middle = (low + high) // 2
        if next(modes_of(arrays, terms.with_own(middle)), None) is not None:
            high = middle
        else:
            low = middle
    return high - terms.own_funds


def _least_own(arrays: Arrays, terms: Terms) -> Pay | None:
    """More own money never makes a mode unpayable, so the least that pays is found by halving."""
    best: list[Mode] = []
    for taking in terms.subsets():
        mode = mode_of(arrays, terms, taking, terms.own_funds)
        if mode is None:
            continue
        low, high = _beyond_funds(arrays, terms, taking) - 1, mode.own
        middle = low + 1  # enough unless a ratio to own money binds
        while high - low > 1:
            tried = mode_of(arrays, terms, taking, middle)
            if tried is None:
                low = middle
            else:
                mode, high = tried, middle
            middle = (low + high) // 2
        best.append(mode)
    least = min((mode.own for mode in best), default=None)
    return cheapest(arrays, (mode for mode in best if mode.own == least))


def _beyond_funds(arrays: Arrays, terms: Terms, taking: Collection[int]) -> int:
    """What of the price no fund could pay even if no ratio to own money bound it."""
    caps = {f: most for f, most in terms.cap.items() if f not in terms.minimum or f in taking}
    public = sum(most for f, most in caps.items() if arrays.terms[f].public)
    return max(0, terms.price - (sum(caps.values()) - public) - min(public, terms.public_most))


def _least_public(arrays: Arrays, terms: Terms) -> Pay | None:
    pays = [
        fill(arrays, mode, lambda f: (arrays.terms[f].public, arrays.terms[f].cost, f))
        for mode in modes_of(arrays, terms)
    ]

    def rank(pay: Pay) -> tuple[int, int, list[tuple[int, int]]]:
        public = sum(amount for fund, amount in pay.items() if arrays.terms[fund].public)
        return public, cost_of(arrays, pay), sorted(pay.items())

    return min(pays, key=rank, default=None)


def _fewest_sources(arrays: Arrays, terms: Terms) -> Pay | None:
    """Fewest payers, the enterprise counted; among equals the cheapest. Tries sets of funds by size."""
    funds = sorted(terms.cap, key=lambda f: (-terms.cap[f], f))
    tried = 0
    for sources in range(1, len(funds) + 2):
        pays: list[Pay] = []
        for own, size in ((terms.own_funds, sources - 1), (0, sources)):
            if own + sum(terms.cap[f] for f in funds[:size]) < terms.price or size > len(funds):
                continue
            for among in combinations(funds, size):
                tried += 1
                if tried > MOST_COMBINATIONS:
                    return cheapest(arrays, modes_of(arrays, terms))
                pays.extend(_paid_by(arrays, terms, among, own))
        if pays:
            return min(pays, key=lambda pay: (cost_of(arrays, pay), sum(pay.values()), sorted(pay.items())))
    return None


def _paid_by(arrays: Arrays, terms: Terms, among: tuple[int, ...], own: int) -> Iterator[Pay]:
    taking = [f for f in among if f in terms.minimum]
    mode = (
        mode_of(arrays, terms, taking, own, among=among)
        if all(terms.cap[f] >= terms.minimum[f] for f in taking)
        else None
    )
    if mode is not None:
        yield fill(arrays, mode, lambda f: (arrays.terms[f].cost, f))


def _cheapest(arrays: Arrays, terms: Terms) -> Pay | None:
    return cheapest(arrays, modes_of(arrays, terms))


MAKERS: Mapping[str, Callable[[Arrays, Terms], Pay | None]] = {
    "least_own": _least_own,
    "least_public": _least_public,
    "fewest_sources": _fewest_sources,
    "cheapest": _cheapest,
}
