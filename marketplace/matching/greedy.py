"""A first answer in one pass, so that something honest exists from the first moment on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from marketplace.matching.alternatives import cheapest, cost_of
from marketplace.matching.encoding import Arrays
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.modes import mode_of, modes_of, terms_of
from marketplace.matching.problem import COST_UNIT

ENOUGH = 16
"""Modes of an offer that are compared for the cheapest payment; a first answer need not be best."""


def first_answer(arrays: Arrays, offers: Mapping[int, Sequence[int]], warm: Iterable[Choice] = ()) -> Ledger:
    """Keep what still holds of `warm`, then take offers one by one where they fit: demanded ones first, then by value.

    Locked offers enter before anything is kept: what stands in their way has to give way.
    `offers` maps the offers that are possible at all to the funds they may draw on. Demands may remain unmet.
    """
    ledger = Ledger.of(arrays)
    old = {choice.offer: choice for choice in warm}
    locked = set(arrays.locked.tolist())
    for offer in sorted(old.keys() | locked, key=lambda offer: (offer not in locked, offer)):
        if offer in offers and int(arrays.offer_order[offer]) not in ledger.chosen:
            holds = offer in old and still_holds(ledger, old[offer], offers[offer])
            choice = old[offer] if holds else fits(ledger, offer, offers[offer])
            if choice is not None:
                ledger.enter(choice)
    for offer, demanded in _ranked(arrays, offers):
        if int(arrays.offer_order[offer]) not in ledger.chosen:
            choice = fits(ledger, offer, offers[offer])
            if choice is not None and (demanded or gain(arrays, choice) > 0):
                ledger.enter(choice)
    return ledger


def _ranked(arrays: Arrays, offers: Iterable[int]) -> list[tuple[int, bool]]:
    """Offers in the order they are tried, and whether a demand asks for them."""
    locked, floored = set(arrays.locked.tolist()), set(arrays.member_order.tolist())

    def rank(offer: int) -> tuple[bool, bool, bool, int, int]:
        order = int(arrays.offer_order[offer])
        return (
            offer not in locked,
            not arrays.order_must[order],
            order not in floored,
            -int(arrays.offer_value[offer]),
            offer,
        )

    return [(offer, not all(rank(offer)[:3])) for offer in sorted(offers, key=rank)]


def still_holds(ledger: Ledger, choice: Choice, funds: Iterable[int]) -> bool:
    """Whether a choice with its payment satisfies every rule beside the ledger's choices."""
    arrays = ledger.arrays
    if ledger.teams_short(choice.offer) or ledger.chosen_rivals(choice.offer):
        return False
    order = int(arrays.offer_order[choice.offer])
    terms = terms_of(arrays, choice.offer, funds, lambda fund: ledger.money_left(fund, order))
    own = terms.price - sum(choice.pay.values())
    taking = [fund for fund in choice.pay if fund in terms.minimum]
    if not 0 <= own <= terms.own_funds:
        return False
    mode = mode_of(arrays, terms, taking, own)
    return mode is not None and mode.allows(choice.pay, arrays)


def fits(ledger: Ledger, offer: int, funds: Iterable[int]) -> Choice | None:
    """The offer with its cheapest payment from what is left, or None when something is missing."""
    arrays = ledger.arrays
    if ledger.teams_short(offer) or ledger.chosen_rivals(offer):
        return None
    order = int(arrays.offer_order[offer])
    terms = terms_of(arrays, offer, funds, lambda fund: ledger.money_left(fund, order))
    pay = cheapest(arrays, islice(modes_of(arrays, terms), ENOUGH))
    return None if pay is None else Choice(offer, pay)


def gain(arrays: Arrays, choice: Choice) -> int:
    """What a choice adds to the objective, in millionths of a value unit."""
    return int(arrays.offer_value[choice.offer]) * COST_UNIT - cost_of(arrays, choice.pay)
