"""A defence is paid exactly, by the rule that was stated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.defence import costs
from marketplace.defence.costs import AMOUNTS, COUNTS, Weight, class_of, if_joining, prizes, shares, tells_figures
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
        (CostRule.EXPOSURE, {1: 41_667, 2: 41_667, 3: 16_666}),
        (CostRule.REVENUE, {1: 8_334, 2: 8_333, 3: 83_333}),
    ],
)
def test_shares_by_hand(rule: CostRule, expected: dict[int, int]) -> None:
    members = {1: Weight(5, 100), 2: Weight(3, 100), 3: Weight(2, 800)}
    assert shares(100_000, rule, members) == expected


def test_without_members_nobody_pays() -> None:
    assert shares(100, CostRule.EQUAL, {}) == {}
    assert shares(100, CostRule.REVENUE, {7: Weight(0, 0)}) == {7: 100}


def test_a_share_beside_a_single_member_is_not_told() -> None:
    assert [tells_figures(CostRule.REVENUE, n) for n in (0, 1, 2)] == [False, True, False]
    assert not tells_figures(CostRule.EQUAL, 1)


@pytest.mark.parametrize(
    ("figure", "ends", "upper"),
    [
        (1, COUNTS, 20), (2, COUNTS, 20), (3, COUNTS, 50), (6, COUNTS, 100), (10, COUNTS, 100), (11, COUNTS, 200),
        (100, AMOUNTS, 1_000), (101, AMOUNTS, 1_500), (1_234_567, AMOUNTS, 15_000_000), (6_900_000, AMOUNTS, 100_000_000),
        (0, AMOUNTS, 0),
    ],
)  # fmt: skip
def test_classes_by_hand(figure: int, ends: tuple[int, ...], upper: int) -> None:
    assert class_of(figure, ends) == upper


def told(members: dict[int, Weight], asked: list[int], budget: int = 10**10) -> list[int]:
    """What somebody learns who asks with one stated revenue after the other, before and after member 9 joins."""
    before = {key: weight for key, weight in members.items() if key != 9}
    return [
        if_joining(budget, CostRule.REVENUE, known, 500, Weight(1, revenue))
        for known in (before, members)
        for revenue in asked
    ]


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6), st.integers(1, 10**11), st.data())
def test_no_asking_twice_tells_two_figures_of_a_class_apart(asked: list[int], secret: int, data: st.DataObject) -> None:
    """Whatever revenues are tried, and whoever joins or leaves in between, the answers are the same to the fen."""
    upper = class_of(secret, AMOUNTS)
    other = data.draw(st.integers(max(1, upper * 2 // 30), upper // 10).filter(lambda f: class_of(f, AMOUNTS) == upper))
    known = {1: Weight(2, 30_000_000), 2: Weight(1, 5_000_000)}
    assert told({**known, 9: Weight(1, secret)}, asked) == told({**known, 9: Weight(1, other)}, asked)


def test_without_classes_a_subtraction_gives_a_figure_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: of exact shares before and after, the newcomer's revenue is what is left."""
    known, secret, mine, budget = {1: Weight(2, 30_000_000), 2: Weight(1, 5_000_000)}, 12_345_678, 20_000_000, 10**16
    monkeypatch.setattr(costs, "class_of", lambda figure, _ends: figure)
    before, after = told({**known, 9: Weight(1, secret)}, [mine], budget)
    others = [mine * budget / share - mine for share in (before, after)]
    assert abs(others[1] - others[0] - secret) < 1
    monkeypatch.undo()
    before, after = told({**known, 9: Weight(1, secret)}, [mine], budget)
    others = [mine * budget / share - mine for share in (before, after)]
    assert abs(others[1] - others[0] - secret) > 1_000_000


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
