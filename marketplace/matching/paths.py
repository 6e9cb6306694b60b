"""Which path solves a problem: chosen by its size and shape, never by the caller."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from marketplace.matching.answer import Answer, Hearing, status_of
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact
from marketplace.matching.greedy import first_answer
from marketplace.matching.ledger import Choice
from marketplace.matching.modes import possible_terms
from marketplace.matching.solution import Status

ALWAYS_EXACT = 1_000
"""Offers up to which the large path is not even asked, which spares small problems the loading of its compiler."""
STILL_EXACT = 50_000
"""Offers up to which branch and cut gets the time that is left when the large path found nothing."""


def solve_arrays(arrays: Arrays, hearing: Hearing, warm: Sequence[Choice] = ()) -> Answer:
    """Solve a columnar problem, in rows, starting from what still holds of `warm`."""
    if arrays.offers <= ALWAYS_EXACT:
        return solve_exact(arrays, hearing, warm)
    # The price method loads a compiler, which takes longer than most small problems.
    from marketplace.matching.decomposition import solve_large, suits  # noqa: PLC0415

    if suits(arrays) is None:
        return solve_exact(arrays, hearing, warm)
    answer = solve_large(arrays, hearing)
    if answer.choices is None and answer.status != Status.INFEASIBLE and arrays.offers <= STILL_EXACT:
        answer = _joined(answer, solve_exact(arrays, hearing, warm))
    return _or_simple(arrays, answer, warm) if warm or not answer.choices else answer


def _joined(large: Answer, exact: Answer) -> Answer:
    """The exact path's answer with the better of both bounds; a certificate stays with the bound it proves."""
    if exact.bound is None or large.bound is None or exact.bound <= large.bound:
        return exact
    status = status_of(exact.objective, large.bound, exact.status == Status.CANCELLED)
    return replace(exact, status=status, bound=large.bound, certificate=large.certificate)


def _or_simple(arrays: Arrays, answer: Answer, warm: Sequence[Choice]) -> Answer:
    """The earlier answer repaired, or one pass over the offers, when the search found nothing better in its time."""
    if answer.status in (Status.OPTIMAL, Status.INFEASIBLE):
        return answer
    funds = {terms.offer: sorted(terms.cap) for terms in possible_terms(arrays)}
    ledger = first_answer(arrays, funds, warm)
    objective = ledger.objective()
    if not ledger.demands_hold() or (answer.objective is not None and answer.objective >= objective):
        return answer
    choices = tuple(ledger.chosen[order] for order in sorted(ledger.chosen))
    status = status_of(objective, answer.bound, answer.status == Status.CANCELLED and answer.objective is not None)
    return replace(answer, status=status, choices=choices, objective=objective)
