"""A defence is paid exactly, by the rule that was stated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.defence.costs import Weight, if_joining, prizes, shares, tells_figures
from marketplace.defence.workflow import CostRule

WEIGHTS = st.dictionaries(
    st.integers(1, 500), st.builds(Weight, st.integers(0, 1000), st.integers(0, 10**13)), min_size=1, max_size=12
)


@given(st.integers(1, 10**13), st.sampled_from(list(CostRule)), WEIGHTS)
def test_shares_sum_to_the_budget_and_never_depend_on_the_order(
    budget: int, rule: CostRule, members: dict[int, Weight]
) -> None:
    found = shares(budget, rule, members)
    assert sum(found.values()) == budget
    assert found == shares(budget, rule, dict(reversed(members.items())))


@given(st.integers(1, 10**13), st.sampled_from(list(CostRule)), WEIGHTS, st.integers(0, 1000), st.integers(0, 10**13))
def test_what_is_simulated_is_what_joining_costs_and_nobody_else_pays_more(
    budget: int, rule: CostRule, members: dict[int, Weight], exposures: int, revenue: int
) -> None:
    newcomer, weight = 501, Weight(exposures, revenue)
    before, after = shares(budget, rule, members), shares(budget, rule, {**members, newcomer: weight})
    assert if_joining(budget, rule, members, newcomer, weight) == after[newcomer]
    weighed = rule is CostRule.EQUAL or any(
        w.exposures if rule is CostRule.EXPOSURE else w.revenue for w in members.values()
    )
    if weighed:
        assert all(after[key] <= before[key] + 1 for key in members)  # largest remainders may move one fen


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (CostRule.EQUAL, {1: 33_334, 2: 33_333, 3: 33_333}),
        (CostRule.EXPOSURE, {1: 50_000, 2: 30_000, 3: 20_000}),
        (CostRule.REVENUE, {1: 10_000, 2: 10_000, 3: 80_000}),
    ],
)
def test_shares_by_hand(rule: CostRule, expected: dict[int, int]) -> None:
    members = {1: Weight(5, 100), 2: Weight(3, 100), 3: Weight(2, 800)}
    assert shares(100_000, rule, members) == expected


def test_without_members_nobody_pays() -> None:
    assert shares(100, CostRule.EQUAL, {}) == {}
    assert shares(100, CostRule.REVENUE, {7: Weight(0, 0)}) == {7: 100}


def test_a_share_beside_a_single_member_would_be_its_figures() -> None:
    """The twin: with the share in hand, its figures are one division away."""
    budget, mine, secret = 100_000_000, Weight(1, 500_000), Weight(1, 1_234_567)
    share = if_joining(budget, CostRule.REVENUE, {1: secret}, 2, mine)
    assert abs(mine.revenue * budget // share - mine.revenue - secret.revenue) <= 1
    assert [tells_figures(CostRule.REVENUE, n) for n in (0, 1, 2)] == [False, True, False]
    assert not tells_figures(CostRule.EQUAL, 1)


CHARTS = st.lists(st.lists(st.booleans(), min_size=5, max_size=5), max_size=6)


@given(st.integers(1, 10**12), CHARTS)
def test_a_bounty_falls_to_the_first_who_shows_each_element_and_never_exceeds_it(
    bounty: int, shown: list[list[bool]]
) -> None:
    charts = [(n, ["x" if cell else "" for cell in row]) for n, row in enumerate(shown)]
    won = prizes(bounty, 5, charts)
    found = {place for row in shown for place, cell in enumerate(row) if cell}
    assert set(won) == set(range(len(shown)))
    assert sum(won.values()) == bounty if len(found) == 5 else sum(won.values()) <= bounty
    assert all(won[n] == 0 for n in range(len(shown)) if not any(shown[n]))


def test_prizes_by_hand() -> None:
    assert prizes(100_001, 3, [(7, ("a", "", "")), (8, ("b", "c", ""))]) == {7: 33_334, 8: 33_334}
