"""A first answer in one pass, so that something honest exists from the first moment on."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from marketplace.matching.alternatives import cheapest, cost_of
from marketplace.matching.encoding import Arrays
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.modes import Mode, modes_of, terms_of
from marketplace.matching.problem import COST_UNIT


def first_answer(arrays: Arrays, modes: Sequence[Mode]) -> Ledger:
    """Take offers one by one where they fit: demanded ones first, then by value. Demands may remain unmet."""
    ledger = Ledger.of(arrays)
    locked, floored = set(arrays.locked.tolist()), set(arrays.member_order.tolist())
    funds: dict[int, set[int]] = {}
    order_of: dict[int, int] = {}
    for mode in modes:
        funds.setdefault(mode.offer, set()).update(grant.fund for grant in mode.grants)
        order_of[mode.offer] = mode.order

    def rank(offer: int) -> tuple[bool, bool, bool, int, int]:
        order = order_of[offer]
        return (offer not in locked, not arrays.order_must[order], order not in floored,
                -int(arrays.offer_value[offer]), offer)

    for offer in sorted(order_of, key=rank):
        order = order_of[offer]
        demanded = offer in locked or bool(arrays.order_must[order]) or order in floored
        if order not in ledger.chosen:
            choice = fits(ledger, offer, sorted(funds[offer]))
            if choice is not None and (demanded or gain(arrays, choice) > 0):
                ledger.enter(choice)
    return ledger


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
