"""The nearest fillings and the nearest sharing are those that trying everything finds, whatever the size of the loads."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from marketplace.matching.decomposition import ranking
from marketplace.matching.decomposition.ranking import FAR, nearest, share


def losses_of(draw: np.random.Generator, items: int, scale: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inside, outside, load: some must be inside, some may only be outside."""
    inside, outside = draw.random(items) * 4, draw.random(items) * 4
    outside[draw.random(items) < 0.1], inside[draw.random(items) < 0.1] = FAR, FAR
    return inside, outside, draw.integers(1, 30, items) * scale + draw.integers(0, scale)


@pytest.mark.parametrize("scale", [1, 10**12], ids=["days", "huge"])
@pytest.mark.parametrize("seed", range(20))
def test_the_nearest_fillings_are_all_that_lose_so_little(seed: int, scale: int) -> None:
    draw = np.random.default_rng(seed)
    inside, outside, load = losses_of(draw, 9, scale)
    room = 70 * scale
    every = {
        taken: float(np.where(taken, inside, outside).sum())
        for taken in product((0, 1), repeat=9)
        if (load * taken).sum() <= room
    }
    near = sorted(loss for loss in every.values() if loss < FAR)
    found, lost = np.zeros((512, 9), np.int64), np.zeros(512)
    many = nearest(inside, outside, load, room, 12, 1e9, 1.0, found, lost)
    assert many >= min(12, len(near))
    assert np.sort(lost[:many]) == pytest.approx(near[:many])
    for row, loss in zip(found[:many].tolist(), lost[:many].tolist(), strict=True):
        assert every[tuple(row)] == pytest.approx(loss)


def by_trying(loss: np.ndarray, nobody: np.ndarray, load: np.ndarray, room: np.ndarray, price: np.ndarray) -> float:
    """The least loss over every way to give each item to one of three teams or to nobody."""
    least = FAR
    for where in product(range(4), repeat=load.shape[1]):
        used = [sum(load[t, i] for i, place in enumerate(where) if place == t) for t in range(3)]
        if all(used[t] <= room[t] for t in range(3)):
            lost = sum(nobody[i] if place == 3 else loss[place, i] for i, place in enumerate(where))
            least = min(least, lost + sum(price[t] * (room[t] - used[t]) for t in range(3)))
    return least


@pytest.mark.parametrize("scale", [1, 10**12], ids=["days", "huge"])
@pytest.mark.parametrize("seed", range(8))
def test_three_teams_share_as_trying_everything_shares(seed: int, scale: int) -> None:
    draw = np.random.default_rng(seed)
    loss, nobody = draw.random((3, 6)) * 4, np.where(draw.random(6) < 0.5, FAR, draw.random(6) * 6)
    loss[draw.random((3, 6)) < 0.2] = FAR
    load = draw.integers(1, 30, (3, 6)) * scale + draw.integers(0, scale)
    room, price = np.array([40, 35, 30]) * scale, draw.random(3) / (20 * scale)
    best = np.full(6, -2)
    least = by_trying(loss, nobody, load, room, price)
    told = share(loss, nobody, load, room, price, FAR / 4, 1.0, best)
    if least > FAR / 2:
        assert told == FAR
        return
    assert told == pytest.approx(least)
    cost = sum(nobody[i] if t < 0 else loss[t, i] for i, t in enumerate(best.tolist()))
    used = [int(load[t, best == t].sum()) for t in range(3)]
    assert all(used[t] <= room[t] for t in range(3))
    assert cost + sum(price[t] * (int(room[t]) - used[t]) for t in range(3)) == pytest.approx(least)
    assert share(loss, nobody, load, room, price, least - 1e-6, 1.0, best) == FAR


def test_loads_are_checked_as_they_are_though_the_table_rounds_them_down(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 4
    load = np.full(count, 2 * ranking.CELLS + 1)  # two cells each, and a little more
    room = 4 * 2 * ranking.CELLS  # four of them fit by the table, three in truth
    found, lost = np.zeros((64, count), np.int64), np.zeros(64)
    many = nearest(np.zeros(count), np.ones(count), load, room, 64, 1e9, 1.0, found, lost)
    assert found[:many].sum(axis=1).max() == 3
