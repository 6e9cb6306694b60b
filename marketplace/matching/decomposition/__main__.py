"""Compile the price method once, so that nobody waits for it later: `python -m marketplace.matching.decomposition`."""

from __future__ import annotations

import numpy as np

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import large
from marketplace.matching.decomposition.ranking import share
from marketplace.matching.decomposition.reasons import why_nots, would_take
from marketplace.matching.decomposition.room import Newcomer, NewOffer
from marketplace.matching.decomposition.standing import Standing
from marketplace.matching.encoding import Arrays

ASKED = 900  # a whole solve asks about so often whether to stop before it ends its first neighbourhoods


def tiny() -> Arrays:
    """Four orders, two teams and a fund: enough to call every compiled function."""

    def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, dtype=np.int64)

    return Arrays(
        order_own=column(1, 1, 1, 1),
        order_enterprise=column(0, 0, 1, 1),
        order_must=column(0, 0, 0, 0),
        team_capacity=column(3, 3),
        offer_order=column(0, 0, 1, 1, 2, 2, 3, 3),
        offer_price=column(4, 5, 4, 5, 4, 5, 4, 5),
        offer_value=column(5, 4, 7, 6, 9, 8, 3, 2),
        use_offer=column(0, 1, 2, 3, 4, 5, 6, 7),
        use_team=column(0, 1, 0, 1, 0, 1, 0, 1),
        use_load=column(2, 1, 1, 2, 2, 1, 1, 2),
        fund_budget=column(9),
        fund_cost=column(0),
        fund_public=column(1),
        fund_share_max=column(-1),
        fund_amount_max=column(-1),
        fund_amount_min=column(0),
        fund_match_max=column(-1),
        fund_enterprise_max=column(-1),
        fund_all=column(1),
        eligible_fund=column(),
        eligible_order=column(),
    )


def warm() -> None:
    """Call every compiled function once: a whole solve that nothing ends early, then each kind of change."""
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > ASKED

    large.CORE = large.FEW_FOR_BRANCHING = -1  # or branching would end so small a problem before its neighbourhoods
    arrays = tiny()
    answer = large.solve_large(arrays, Hearing(Settings(time_limit=1e9, gap=-1.0), cancelled=cancelled))
    standing = Standing(arrays, answer)
    standing.withdraw_order(0)
    standing.add_order(Newcomer(1, (NewOffer(4, 5, {0: 1}),), (0,)))
    standing.set_budget(0, 5)
    for order in why_nots(standing).order.tolist():
        would_take(standing, order)
    load = np.ones((3, 1), np.int64)
    share(np.ones((3, 1)), np.ones(1), load, load[:, 0].copy(), np.ones(3), 9.0, 1.0, np.zeros(1, np.int64))


if __name__ == "__main__":
    warm()
