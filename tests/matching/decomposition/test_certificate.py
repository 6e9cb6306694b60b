"""The certificate: what the solver claims is what a stranger recomputes, and nothing else is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decomposition import solve_large
from marketplace.matching.decomposition.certificate import Certificate
from marketplace.matching.encoding import Arrays
from marketplace.matching.recheck import BadCertificate, filling, recheck

SHAPE = Shape(orders=150, teams=60, funds=8, consortia=0.2, floors=1)
Told = dict[str, Any]


@pytest.fixture(scope="module")
def solved() -> tuple[Arrays, Answer]:
    arrays = generate(SHAPE)
    return arrays, solve_large(arrays, Hearing(Settings(time_limit=1e6, gap=0.05)))


def told(answer: Answer) -> Told:
    assert answer.certificate is not None
    return dict(json.loads(json.dumps(answer.certificate)))


def test_a_stranger_recomputes_the_claimed_bound(solved: tuple[Arrays, Answer]) -> None:
    arrays, answer = solved
    assert recheck(arrays, told(answer)) == answer.bound
    assert Certificate.from_json(told(answer)).bound == answer.bound


@pytest.mark.parametrize("name", ["fund", "order", "group", "split_amount"])
def test_any_other_prices_prove_their_own_bound_and_never_one_below_the_answer(
    solved: tuple[Arrays, Answer], name: str
) -> None:
    arrays, answer = solved
    draw = Random(name)
    for _ in range(10):
        changed = told(answer)
        place = draw.randrange(len(changed[name]))
        changed[name][place] = changed[name][place] * 3 + 10**9
        assert recheck(arrays, changed) >= (answer.objective or 0)


TAMPERED: list[tuple[str, Callable[[Told], object]]] = [
    ("a negative price of money", lambda c: c["fund"].__setitem__(0, -1)),
    ("a negative price of an order", lambda c: c["order"].__setitem__(0, -(10**15))),
    ("a negative bonus", lambda c: c["group"].__setitem__(0, -1)),
    ("too few funds", lambda c: c["fund"].pop()),
    ("too many orders", lambda c: c["order"].append(0)),
    ("no scale", lambda c: c.__setitem__("scale", 0)),
    ("an odd scale", lambda c: c.__setitem__("scale", 1_500_001)),
    ("a limit that is not there", lambda c: [c[k].append(0) for k in ("row_enterprise", "row_fund", "row_price")]),
    ("prices beyond 64 bits", lambda c: c["fund"].__setitem__(0, 2**80)),
    ("prices too large to multiply", lambda c: c["fund"].__setitem__(0, 2**60)),
    ("words", lambda c: c.__setitem__("order", "many")),
    ("a price whose amount leaves 64 bits", lambda c: c["split_amount"].__setitem__(0, -(2**63))),
    ("more resources than split offers", lambda c: c["split_resource"].append(0)),
    ("a missing column", lambda c: c.pop("split_amount")),
]


@pytest.mark.parametrize(("what", "tamper"), TAMPERED, ids=[what for what, _ in TAMPERED])
def test_a_certificate_that_proves_nothing_is_refused(
    solved: tuple[Arrays, Answer], what: str, tamper: Callable[[Told], object]
) -> None:
    arrays, answer = solved
    changed = told(answer)
    tamper(changed)
    with pytest.raises(BadCertificate):
        recheck(arrays, changed)


def test_prices_made_cheaper_do_not_prove_the_old_bound(solved: tuple[Arrays, Answer]) -> None:
    arrays, answer = solved
    changed = told(answer)
    changed["order"] = [price // 2 for price in changed["order"]]
    assert answer.bound is not None
    assert recheck(arrays, changed) > answer.bound


@pytest.mark.parametrize("seed", range(40))
def test_the_best_filling_is_the_one_trying_everything_finds(seed: int) -> None:
    draw = Random(seed)
    items = [(draw.randint(0, 9), draw.randint(1, 50)) for _ in range(draw.randint(0, 9))]
    room = draw.randint(0, 25)
    best = max(
        sum(worth * taken for (_, worth), taken in zip(items, chosen, strict=True))
        for chosen in product((0, 1), repeat=len(items))
        if sum(load * taken for (load, _), taken in zip(items, chosen, strict=True)) <= room
    )
    assert filling(items, room) == best


def test_a_filling_too_long_to_list_is_never_told_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(5)
    items = [(draw.randint(1, 400), draw.randint(1, 10**6)) for _ in range(25)]
    exact = filling(items, 2_000)
    monkeypatch.setattr("marketplace.matching.recheck.LISTED", 20)
    assert exact <= filling(items, 2_000) <= exact * 11 // 10
