"""What changes keep true, what all best answers share, what rules cost, how one offer could be paid."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from benchmarks.check_random import middle_problem
from benchmarks.small import best_by_force, random_problem
from marketplace.matching.engine import solve
from marketplace.matching.funding import options_for, simulate
from marketplace.matching.gap import read_gap
from marketplace.matching.optima import Share, rule_prices, shares
from marketplace.matching.problem import BadProblem, Offer, Order, Problem
from marketplace.matching.relax import without
from marketplace.matching.session import Session
from marketplace.matching.solution import Limit, Status
from marketplace.matching.verify import verify
from tests.matching.build import fund, offer, order, problem, team


@pytest.mark.parametrize("seed", range(6))
def test_every_change_keeps_the_answer_true_and_proving_finds_the_best(seed: int) -> None:
    session, draw = Session(middle_problem(seed)), random.Random(seed)
    for step in range(6):
        before = session.problem
        _change(session, draw, step)
        assert verify(session.problem, session.solution).ok, step
        best = solve(session.problem)
        if session.solution.objective is not None and best.objective is not None:
            assert session.solution.objective <= best.objective
            assert session.solution.bound is not None
            assert session.solution.bound >= best.objective
        assert session.prove().objective == best.objective
        assert session.problem != before


def _change(session: Session, draw: random.Random, step: int) -> None:
    drawn = session.problem
    if step % 6 == 0:
        session.add_order(
            Order(f"new{step}", "e1", 500 * 137_911),
            [Offer(f"new{step}x", f"new{step}", 10**7, 35, {drawn.teams[0].id: 2})],
        )
    elif step % 6 == 1:
        session.withdraw_order(draw.choice(drawn.orders).id)
    elif step % 6 == 2:
        session.set_budget(
            draw.choice(drawn.funds).id, draw.randrange(10**9) + step
        ) if drawn.funds else session.set_capacity(drawn.teams[0].id, 100 + step)
    elif step % 6 == 3:
        session.set_capacity(draw.choice(drawn.teams).id, 20 + step)
    elif step % 6 == 4:
        session.withdraw_offer(draw.choice(drawn.offers).id)
    else:
        session.add_offer(Offer(f"late{step}", drawn.orders[0].id, 10**6, 20))
        session.forbid(f"late{step}")


def test_what_stands_in_the_way_of_a_locked_offer_gives_way_at_once() -> None:
    """Its own order's match and the other order's, which has the team's days; without a place for it nothing is claimed."""
    session = Session(
        problem(
            orders=[order("a"), order("b")],
            teams=[team("t", 10)],
            offers=[
                offer("x", "a", value=9),
                offer("y", "a", value=1, t=10),
                offer("z", "b", value=9, t=10),
            ],
        )
    )
    assert session.solution.objective == 18
    session.lock("y")
    assert [match.offer for match in session.solution.matches] == ["y"]
    assert session.set_capacity("t", 9).objective is None


def test_a_change_that_makes_no_sense_leaves_the_session_as_it_was() -> None:
    session = Session(problem(orders=[order("a")], offers=[offer("x", "a")]))
    before = session.problem, session.solution
    for change in (
        lambda: session.add_offer(Offer("y", "q", 1, 1)),
        lambda: session.withdraw_order("q"),
        lambda: session.set_budget("q", 1),
        lambda: session.lock("q"),
        lambda: session.add_order(Order("a")),
    ):
        with pytest.raises(BadProblem):
            change()
    assert (session.problem, session.solution) == before


def test_locking_and_releasing_goes_there_and_back() -> None:
    session = Session(problem(orders=[order("a")], offers=[offer("x", "a", value=5), offer("y", "a", value=3)]))
    session.lock("y")
    assert {match.offer for match in session.prove().matches} == {"y"}
    session.forbid("y")
    assert {match.offer for match in session.prove().matches} == {"x"}
    session.release("y")
    assert session.problem.rules.locked == session.problem.rules.forbidden == ()


def _best_sets(drawn: Problem) -> list[set[str]]:
    """Every set of offers that reaches the best value, by trying them all."""
    truth = best_by_force(drawn)
    by_order = [[None, *(b.id for b in drawn.offers if b.order == o.id)] for o in drawn.orders]
    found = []
    for picked in product(*by_order):
        chosen = {name for name in picked if name}
        rules = replace(
            drawn.rules,
            locked=tuple({*drawn.rules.locked, *chosen}),
            forbidden=tuple({*drawn.rules.forbidden, *(b.id for b in drawn.offers if b.id not in chosen)}),
        )
        if truth is not None and best_by_force(replace(drawn, rules=rules)) == truth:
            found.append(chosen)
    return found


def test_offers_in_every_some_and_no_best_answer_are_told_apart() -> None:
    kinds = set()
    for seed in range(14):
        drawn = random_problem(seed, orders=3, offers=2, funds=2)
        drawn = replace(drawn, offers=tuple(replace(b, value=b.value // 20 * 20 + 1) for b in drawn.offers))
        best = _best_sets(drawn)
        if not best:
            continue
        for name, share in shares(drawn, solve(drawn)).items():
            times = sum(name in chosen for chosen in best)
            assert share == (Share.NONE if not times else Share.EVERY if times == len(best) else Share.SOME), (
                seed,
                name,
            )
            kinds.add(share)
    assert kinds == {Share.EVERY, Share.SOME, Share.NONE}


def test_the_price_of_a_rule_is_what_dropping_it_gains() -> None:
    drawn = problem(
        orders=[order("a"), order("b")],
        teams=[team("t", 3)],
        forbidden=["z"],
        offers=[offer("x", "a", value=4, t=3), offer("y", "b", value=6, t=3), offer("z", "b", value=9)],
    )
    prices = rule_prices(drawn, solve(drawn))
    told = {price.limit: price.gain for price in prices}
    assert told[Limit("capacity", ("t",))] == 4
    assert told[Limit("forbidden", ("z",))] == 7
    assert told[Limit("own_funds", ("a",))] == 0
    assert prices[0].gain == 7
    for seed in range(4):
        drawn = random_problem(seed, orders=3)
        found = solve(drawn)
        for price in rule_prices(drawn, found):
            if price.gain is not None:
                assert found.objective is not None
                assert best_by_force(without(drawn, [price.limit])) == found.objective + price.gain


def test_without_time_nothing_is_told_about_optima() -> None:
    drawn = problem(orders=[order("a")], offers=[offer("x", "a")])
    cancelled = replace(solve(drawn), status=Status.CANCELLED)
    assert set(shares(drawn, cancelled).values()) == {Share.UNKNOWN}
    assert all(price.gain is None for price in rule_prices(drawn, cancelled))


def test_one_offer_is_simulated_alone_and_beside_an_answer() -> None:
    drawn = problem(
        orders=[order("a", 30), order("b", 0)],
        offers=[offer("y", "b")],
        teams=[team("t", 2)],
        funds=[fund("f", 150, public=True), fund("g", 20)],
    )
    new = Offer("new", "a", 100, 0, {"t": 3})
    alone = simulate(drawn, new)
    assert (alone.payable, alone.own_missing, dict(alone.teams_short)) == (True, 0, {"t": 1})
    assert {option.label: dict(option.pay) for option in alone.options} == {
        "least_own": {"own": 0, "f": 100},
        "least_public": {"own": 30, "f": 50, "g": 20},
        "cheapest": {"own": 30, "f": 70},
    }
    beside = simulate(drawn, new, solve(drawn))
    assert (beside.payable, beside.own_missing) == (True, 0)
    tight = simulate(replace(drawn, funds=drawn.funds[:1]), new, solve(replace(drawn, funds=drawn.funds[:1])))
    assert (tight.payable, tight.own_missing, tight.options) == (False, 20, ())
    with pytest.raises(BadProblem):
        simulate(drawn, Offer("new", "q", 1, 1))


def test_options_are_refused_for_an_order_without_a_match() -> None:
    drawn = problem(orders=[order("a")], offers=[])
    with pytest.raises(BadProblem, match="has no match"):
        options_for(drawn, solve(drawn), "a")


def test_a_generalized_assignment_file_is_solved_at_least_cost() -> None:
    drawn, above = read_gap("2 3  1 5 9  4 2 3   4 4 4  3 3 3   8 4")
    found = solve(drawn)
    assert found.objective is not None
    assert above * 3 - found.objective == 1 + 5 + 3


@pytest.mark.parametrize("text", ["", "2", "1 1 x", "1 1 3 4", "1 1 3 4 5 6", "1 -1 3", "1 1 1.5 2 3"])
def test_a_bad_assignment_file_is_one_line(text: str) -> None:
    with pytest.raises(BadProblem, match="gap: "):
        read_gap(text)
