"""A large session by ids: what staff change is repaired at once, and a stranger confirms answer and bound each time."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.columns import to_columns
from marketplace.matching.decomposition import solve_large
from marketplace.matching.encoding import Arrays
from marketplace.matching.live import LiveSession
from marketplace.matching.problem import Offer, Order
from marketplace.matching.shape import BadProblem
from marketplace.matching.verify_columns import verify_columns

SETTINGS = Settings(time_limit=1e6, gap=0.03)
Solved = tuple[Arrays, Answer]


@pytest.fixture(scope="module")
def solved() -> Solved:
    arrays = generate(Shape(120, 40, 6, options=8, consortia=0.2, seed=3))
    return arrays, solve_large(arrays, Hearing(SETTINGS))


@pytest.fixture
def live(solved: Solved) -> LiveSession:
    return LiveSession.of_columns(solved[0], SETTINGS, solved[1])


def confirmed(live: LiveSession) -> None:
    arrays = live.arrays()
    report, _, _ = verify_columns(arrays, to_columns(arrays, live.answer(), 0.0))
    assert report.broken == ()
    assert report.proof == "certificate"
    assert report.bound == live.stand.bound


def chosen(live: LiveSession) -> set[int]:
    return {choice.offer for choice in live.answer().choices or ()}


def test_a_locked_offer_stays_chosen_whatever_else_changes(live: LiveSession) -> None:
    draw = Random(1)
    rival = next(
        row for row in range(live.names.arrays.offers) if row not in chosen(live) and live.standing.offer_at(row) >= 0
    )
    assert live.lock(str(rival)).objective is not None
    for order in draw.sample(range(live.names.arrays.orders), 12):
        if order != live.names.arrays.offer_order[rival]:
            live.withdraw_order(str(order))
    assert rival in chosen(live)
    assert rival in live.arrays().locked
    confirmed(live)


def test_locking_and_releasing_brings_the_bound_back_to_the_unit(live: LiveSession) -> None:
    before = live.stand.bound
    for row in sorted(chosen(live))[:10]:
        live.lock(str(row))
    assert live.stand.bound <= before
    confirmed(live)
    for row in live.arrays().locked.tolist():
        live.release(str(row))
    assert live.stand.bound == before
    confirmed(live)


def test_forbidding_and_releasing_brings_the_bound_back_to_the_unit(live: LiveSession) -> None:
    before, rows = live.stand.bound, sorted(chosen(live))[:10]
    for row in rows:
        live.forbid(str(row))
    assert not chosen(live) & set(rows)
    confirmed(live)
    for row in rows:
        live.release(str(row))
    assert live.stand.bound == before
    confirmed(live)


def test_an_order_that_comes_with_offers_can_be_locked_forbidden_and_withdrawn(live: LiveSession) -> None:
    offers = [Offer(name, "late", 9_000_000, 2_000, {team: 30}) for name, team in (("late x", "1"), ("late y", "2"))]
    live.add_order(Order("late", None, 9_000_000), offers)
    live.lock("late y")
    confirmed(live)
    assert {match.offer for match in live.solution().matches if match.order == "late"} == {"late y"}
    live.forbid("late y")
    live.settle()
    assert {match.offer for match in live.solution().matches if match.order == "late"} <= {"late x"}
    live.withdraw_order("late")
    confirmed(live)
    assert "late" not in {each.order for each in live.solution().unmatched}


def test_what_was_forbidden_before_it_was_priced_is_solved_anew_when_released(live: LiveSession) -> None:
    row = min(chosen(live))
    live.forbid(str(row))
    live.settle()
    stand = live.release(str(row))
    assert stand.anew
    assert live.standing.offer_at(row) >= 0
    confirmed(live)


def test_an_offer_comes_for_an_order_that_keeps_its_match_or_betters_it(live: LiveSession) -> None:
    draw, before = Random(4), live.stand
    assert before.objective is not None
    for number in range(12):
        order, team = str(draw.randrange(120)), str(draw.randrange(40))
        stand = live.add_offer(
            Offer(f"late {number}", order, draw.randrange(10**6, 10**8), draw.randrange(900), {team: 3})
        )
        assert not stand.anew
        assert stand.objective is not None
        assert stand.objective >= before.objective
        before = stand
    confirmed(live)
    told = live.solution()
    orders = [each.order for each in (*told.matches, *told.unmatched)]
    assert sorted(orders, key=int) == [str(order) for order in range(120)]
    assert any(match.offer.startswith("late") for match in told.matches)


def test_an_offer_wins_when_nothing_is_better_and_can_be_locked_and_withdrawn(live: LiveSession) -> None:
    order = live.solution().unmatched[0].order
    live.add_offer(Offer("gift", order, 0, 10**5, {}))
    assert any(match.offer == "gift" for match in live.solution().matches)
    live.lock("gift")
    live.release("gift")
    live.withdraw_offer("gift")
    assert not any(match.offer == "gift" for match in live.solution().matches)
    confirmed(live)


def test_beside_a_forbidden_offer_another_is_taken_by_solving_anew(live: LiveSession) -> None:
    row = next(row for row in range(live.names.arrays.offers) if live.standing.offer_at(row) >= 0)
    order = str(live.names.arrays.offer_order[row])
    live.forbid(str(row))
    stand = live.add_offer(Offer("beside", order, 0, 10**5, {}))
    assert stand.anew
    assert any(match.offer == "beside" for match in live.solution().matches)
    confirmed(live)


def test_an_order_goes_with_its_lock(live: LiveSession) -> None:
    row = min(chosen(live))
    live.lock(str(row))
    live.withdraw_order(str(live.names.arrays.offer_order[row]))
    assert row not in live.arrays().locked
    assert live.stand.objective is not None
    confirmed(live)


def test_a_lock_for_which_there_is_no_room_claims_nothing_until_it_is_released(live: LiveSession) -> None:
    arrays = live.names.arrays
    row = next(row for row in sorted(chosen(live)) if len(np.flatnonzero(arrays.use_offer == row)) == 1)
    live.lock(str(row))
    team = int(arrays.use_team[np.flatnonzero(arrays.use_offer == row)[0]])
    assert live.set_capacity(str(team), 0).objective is None
    assert live.answer().choices is None
    assert live.release(str(row)).objective is not None
    confirmed(live)


REFUSED: list[Callable[[LiveSession], object]] = [
    lambda live: live.withdraw_order("nobody"),
    lambda live: live.lock("nobody's"),
    lambda live: live.set_budget("nowhere", 1),
    lambda live: live.set_capacity("nowhere", 1),
    lambda live: live.add_order(Order("3", None, 1)),
    lambda live: live.add_order(Order("new", None, 1), [Offer("0", "new", 1, 1, {})]),
    lambda live: live.add_order(Order("new", None, 1), [Offer("x", "new", 1, 1, {"nowhere": 1})]),
    lambda live: live.add_order(Order("new", None, 1, True)),
    lambda live: live.add_offer(Offer("0", "1", 1, 1, {})),
    lambda live: live.add_offer(Offer("x", "nobody", 1, 1, {})),
    lambda live: live.add_offer(Offer("x", "1", 1, 1, {"nowhere": 1})),
    lambda live: live.add_order(Order("new", None, 1), [Offer("x", "new", 1, 1, {str(t): 1 for t in range(5)})]),
]


@pytest.mark.parametrize("change", REFUSED)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(
    live: LiveSession, change: Callable[[LiveSession], object]
) -> None:
    before = live.stand
    with pytest.raises(BadProblem):
        change(live)
    assert live.stand == before
    live.add_order(Order("new", None, 1))  # its name is still free
