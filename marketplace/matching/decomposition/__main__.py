"""Compile the price method once, so that nobody waits for it later: `python -m marketplace.matching.decomposition`."""

from __future__ import annotations

import numpy as np

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import solve_large
from marketplace.matching.encoding import Arrays


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


if __name__ == "__main__":
    solve_large(tiny(), Hearing(Settings(time_limit=600.0)))
