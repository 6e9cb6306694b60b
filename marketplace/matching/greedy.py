"""A first answer in one pass, so that something honest exists from the first moment on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from marketplace.matching.alternatives import cheapest, cost_of
from marketplace.matching.encoding import Arrays
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.modes import Mode, modes_of, terms_of
from marketplace.matching.problem import COST_UNIT


def first_answer(arrays: Arrays, modes: Sequence[Mode], warm: Iterable[Choice] = ()) -> Ledger:
    """Keep what still holds of `warm`, then take offers one by one where they fit: demanded ones first, then by value.

    Demands may remain unmet.
    """
    by_offer: dict[int, list[Mode]] = {}
    for mode in modes:
        by_offer.setdefault(mode.offer, []).append(mode)
    funds = {offer: sorted({grant.fund for mode in its for grant in mode.grants}) for offer, its in by_offer.items()}
    ledger = Ledger.of(arrays)
    for old in sorted(warm, key=lambda choice: choice.offer):
        if old.offer in by_offer and int(arrays.offer_order[old.offer]) not in ledger.chosen:
            choice = (
                old if _still_holds(ledger, old, by_offer[old.offer]) else fits(ledger, old.offer, funds[old.offer])
            )
            if choice is not None:
                ledger.enter(choice)
    for offer, demanded in _ranked(arrays, by_offer):
        if int(arrays.offer_order[offer]) not in ledger.chosen:
            choice = fits(ledger, offer, funds[offer])
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


def _still_holds(ledger: Ledger, choice: Choice, modes: Iterable[Mode]) -> bool:
    order = int(ledger.arrays.offer_order[choice.offer])
    return (
        not ledger.teams_short(choice.offer)
        and not ledger.chosen_rivals(choice.offer)
        and any(mode.allows(choice.pay, ledger.arrays) for mode in modes)
        and all(amount <= ledger.money_left(fund, order) for fund, amount in choice.pay.items())
    )


def fits(ledger: Ledger, offer: int, funds: Iterable[int]) -> Choice | None:
    """The offer with its cheapest payment from what is left, or None when something is missing."""
    arrays = ledger.arrays
    if ledger.teams_short(offer) or ledger.chosen_rivals(offer):
        return None
    order = int(arrays.offer_order[offer])
    terms = terms_of(arrays, offer, funds, lambda fund: ledger.money_left(fund, order))
    pay = cheapest(arrays, modes_of(arrays, terms))
    return None if pay is None else Choice(offer, pay)


def gain(arrays: Arrays, choice: Choice) -> int:
    """What a choice adds to the objective, in millionths of a value unit."""
    return int(arrays.offer_value[choice.offer]) * COST_UNIT - cost_of(arrays, choice.pay)
