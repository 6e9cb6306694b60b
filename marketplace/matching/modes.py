"""Ways to take an offer: which funds with a smallest grant take part, and what each fund may then pay.

A grant of a fund with `amount_min` is nothing or at least that much. Once the set S of such funds is chosen, the
enterprise's own payment is fixed without loss, s = min(own funds, price − Σ_{f∈S} amount_min_f): whenever funds pay
more than their smallest grants together, one fen less of them and one more of the enterprise's keeps every rule
(budgets, shares and the public ceiling only loosen, ratios to own money only grow, costs are never negative).
With s fixed every limit of a grant is a whole number of fen, and the payments of fixed modes form a network flow with
whole data. So choosing modes is the only hard part, and whole fen cost nothing in optimality.

An *open* mode leaves S to the model's switches: one column instead of many, but a ratio to own money is then a fraction
of a fen too generous. The exact path starts from open modes and spells out S only where that makes a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations, islice

from marketplace.matching.encoding import NO_LIMIT, Arrays, eligible_funds
from marketplace.matching.problem import BASIS

MOST_SUBSETS = 4096
"""Sets of funds with a smallest grant that are tried for one offer, small sets first: all of them up to 12 funds."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a fund may pay in a mode: from `least` to `most` fen."""

    fund: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Mode:
    """An offer taken with a fixed own payment; funds pay the `need` that remains, public ones at most `public_most`."""

    offer: int
    order: int
    own: int
    need: int
    grants: tuple[Grant, ...]
    public_most: int

    def allows(self, pay: Mapping[int, int], arrays: Arrays) -> bool:
        """Whether these payments {fund: fen} are those of this mode: they meet its need within its limits."""
        limits = {grant.fund: grant for grant in self.grants}
        return (
            sum(pay.values()) == self.need
            and set(pay) <= set(limits)
            and all(grant.least <= pay.get(grant.fund, 0) <= grant.most for grant in self.grants)
            and sum(amount for fund, amount in pay.items() if arrays.terms[fund].public) <= self.public_most
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits on one offer before the own payment is known: `cap` and `minimum` (> 0) are fen by fund."""

    offer: int
    order: int
    price: int
    own_funds: int
    public_most: int
    cap: Mapping[int, int]
    minimum: Mapping[int, int]

    def with_own(self, own_funds: int) -> Terms:
        """The same limits for an enterprise with this much own money."""
        return replace(self, own_funds=own_funds)

    def takers(self) -> list[int]:
        """The funds with a smallest grant that could take part."""
        return [f for f, least in self.minimum.items() if self.cap[f] >= least]

    def subsets(self) -> Iterator[tuple[int, ...]]:
        """The sets of funds with a smallest grant that could take part, small sets first, at most MOST_SUBSETS."""
        takers = self.takers()
        every = chain.from_iterable(combinations(takers, size) for size in range(len(takers) + 1))
        return islice(every, MOST_SUBSETS)


def terms_of(arrays: Arrays, offer: int, funds: Iterable[int], left: Callable[[int], int] | None = None) -> Terms:
    """The limits of `funds` on one offer; `left(fund)` replaces what the fund's budget can give this order."""
    order, price = int(arrays.offer_order[offer]), int(arrays.offer_price[offer])
    share = arrays.public_share_max
    public_most = price if share == NO_LIMIT else min(price, price * share // BASIS)
    cap: dict[int, int] = {}
    for fund in funds:
        told = arrays.terms[fund]
        most = min(price, told.budget if left is None else left(fund))
        for limit in (told.amount_max, told.enterprise_max):
            if limit != NO_LIMIT:
                most = min(most, limit)
        if told.share_max != NO_LIMIT:
            most = min(most, price * told.share_max // BASIS)
        if told.public:
            most = min(most, public_most)
        if most > 0:
            cap[fund] = most
    minimum = {f: arrays.terms[f].amount_min for f in cap if arrays.terms[f].amount_min > 0}
    return Terms(offer, order, price, int(arrays.order_own[order]), public_most, cap, minimum)


def modes_of(arrays: Arrays, terms: Terms) -> Iterator[Mode]:
    """The payable modes of one offer, those with few smallest grants first."""
    for taking in terms.subsets():
        mode = mode_of(arrays, terms, taking, terms.own_funds)
        if mode is not None:
            yield mode
            if mode.need == 0:
                return  # the enterprise pays all: no other mode can use less


def open_mode(arrays: Arrays, terms: Terms) -> Mode | None:
    """The offer with the largest own payment and every fund that could take part, smallest grants left aside."""
    if next(modes_of(arrays, terms), None) is None and len(terms.takers()) <= MOST_SUBSETS.bit_length() - 1:
        return None
    own = min(terms.own_funds, terms.price)
    funds = sorted(f for f in terms.cap if f not in terms.minimum or terms.cap[f] >= terms.minimum[f])
    grants = tuple(
        replace(grant, least=0)
        for grant in (_grants(arrays, terms, own, funds, set(terms.minimum)) if own < terms.price else ())
    )
    return Mode(terms.offer, terms.order, own, terms.price - own, grants, terms.public_most)


def possible_terms(arrays: Arrays) -> Iterator[Terms]:
    """The terms of every offer that is not forbidden and asks no team for more than it has."""
    dropped = set(arrays.forbidden.tolist())
    too_much = arrays.use_load > arrays.team_capacity[arrays.use_team]
    dropped.update(arrays.use_offer[too_much].tolist())
    funds = eligible_funds(arrays)
    for offer, order in enumerate(arrays.offer_order.tolist()):
        if offer not in dropped:
            yield terms_of(arrays, offer, funds[order])


def mode_of(
    arrays: Arrays, terms: Terms, taking: Collection[int], own_most: int, among: Collection[int] | None = None
) -> Mode | None:
    """The mode in which the funds `taking` give at least their smallest grants and the enterprise at most `own_most`.

    None when it cannot be paid. `among` narrows the funds that may take part without a smallest grant.
    """
    least = sum(terms.minimum[f] for f in taking)
    if least > terms.price:
        return None
    own = min(own_most, terms.price - least)
    need = terms.price - own
    free = [f for f in terms.cap if f not in terms.minimum and (among is None or f in among)]
    grants = tuple(_grants(arrays, terms, own, sorted([*free, *taking]), taking)) if need else ()
    if sum(1 for grant in grants if grant.least) < len(taking):
        return None  # the ratio to own money keeps a fund below its smallest grant
    public = [grant for grant in grants if arrays.terms[grant.fund].public]
    private_most = sum(grant.most for grant in grants) - sum(grant.most for grant in public)
    public_most = min(terms.public_most, sum(grant.most for grant in public))
    if sum(grant.least for grant in public) > terms.public_most or private_most + public_most < need:
        return None
    return Mode(terms.offer, terms.order, own, need, grants, terms.public_most)


def _grants(arrays: Arrays, terms: Terms, own: int, funds: Iterable[int], taking: Collection[int]) -> Iterator[Grant]:
    for fund in funds:
        ratio = arrays.terms[fund].match_max
        most = terms.cap[fund] if ratio == NO_LIMIT else min(terms.cap[fund], own * ratio // BASIS)
        least = terms.minimum[fund] if fund in taking else 0
        if most > 0 and most >= least:
            yield Grant(fund, least, most)
