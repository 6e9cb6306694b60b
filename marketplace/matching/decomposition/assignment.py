"""Assignment without money (generalized assignment): a beam over the teams, and teams chosen anew, in turn.

Work is counted in pivots and relaxations, never in seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from marketplace.matching.decomposition.beam import Beam
from marketplace.matching.decomposition.board import Board, standing
from marketplace.matching.decomposition.market import Market, Real
from marketplace.matching.decomposition.renewal import Renewal

IDLE = 10  # rounds of each search that found nothing after which both end
RELAXED = 5  # pivots of branch and cut that take as long as one relaxation of the beam (measured: 4 to 6)
ROUND = 1_000  # pivots that a round counts for at least


def suits(market: Market) -> bool:
    """Whether no match needs a fund, every offer has one team, and no group must be counted."""
    needs = market.offer_price > market.order_own[market.offer_order]
    single = np.diff(market.use_start) == 1
    return not needs.any() and bool(single.all()) and not len(market.group_least)


def assign_all(
    board: Board,
    market: Market,
    losses: tuple[Real, Real, Real],
    bound: float,
    draw: np.random.Generator,
    keep: Callable[[], None],
    seconds: Callable[[], float],
    stop: Callable[[], bool],
) -> None:
    """Search until `stop`, or until IDLE rounds of each search found nothing better; `keep` is called when the board may have
    got better.

    `losses` is what decomposition/losses tells at the best prices, `bound` what they prove. Which of the two searches finds
    more depends on the problem: the one goes on that has worked less since it last found something.
    """
    beam, renewal = Beam(board, market, losses[0], stop), Renewal(board, market, losses, bound)
    in_vain, idle = [0.0, 0.0], [0, 0]
    if beam.root is None:
        in_vain[0], idle[0] = np.inf, IDLE
    while min(idle) < IDLE and not stop():
        before, which = standing(board), int(in_vain[1] < in_vain[0])
        spent = renewal.round(draw, keep, seconds, stop) if which else RELAXED * beam.round(draw)
        keep()
        if standing(board) > before:
            in_vain[which], idle[which] = 0.0, 0
        else:
            in_vain[which] += max(ROUND, spent)
            idle[which] += 1
