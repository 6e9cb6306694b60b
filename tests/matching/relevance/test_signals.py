"""Every part of a fit can be seen, and none is unfair to who says nothing."""

import pytest

from marketplace.matching.relevance.signals import WEIGHTS, Offered, Wanted, fit, record

ASKED = Wanted(fields=["H01M10"], ipc=["H01M 10/0525"], readiness=6, region="440305", person_days=100, budget=1_000_000)
GOOD = Offered(["H01M10"], ["H01M 10/0525"], 7, "440305", 100, 900_000, 10, 9, 2026)


def points(text: float, wanted: Wanted, offered: Offered) -> dict[str, int]:
    total, parts = fit(text, wanted, offered, 2026)
    assert total == sum(part.points for part in parts)
    assert 0 <= total <= 10_000
    return {part.name: part.points for part in parts} | {"total": total}


def test_the_weights_make_a_whole() -> None:
    assert sum(WEIGHTS.values()) == 10_000


@pytest.mark.parametrize(
    ("part", "worse"),
    [
        ("field", {"fields": ["H02J"]}),
        ("ipc", {"ipc": ["H02J 7/00"]}),
        ("readiness", {"readiness": 4}),
        ("region", {"region": "110101"}),
        ("capacity", {"free_person_days": 20}),
        ("price", {"price": 1_500_000}),
        ("record", {"accepted": 3}),
        ("recency", {"last_year": 2010}),
    ],
)
def test_a_worse_team_loses_in_that_part_alone(part: str, worse: dict[str, object]) -> None:
    from dataclasses import replace

    good, bad = points(0.8, ASKED, GOOD), points(0.8, ASKED, replace(GOOD, **worse))
    assert {name for name in good if bad[name] < good[name]} == {part, "total"}


@pytest.mark.parametrize(
    ("wanted", "offered", "value"),
    [
        (["H01M 10/0525"], ["H01M 10/0525"], 1.0),
        (["H01M"], ["H01M 10/0525"], 1.0),
        (["H01M 10/0525"], ["H01M"], 1.0),
        (["H01M 10/0525"], ["H01M 10/42"], 0.9),
        (["H01M 10/0525"], ["H01M 50/20"], 0.7),
        (["H01M 10/0525"], ["H01L 31/00"], 0.4),
        (["H01M 10/0525"], ["H02J 7/00"], 0.1),
        (["H01M 10/0525"], ["C09D 5/08"], 0.0),
        (["H01M 10/0525", "C09D 5/08"], ["A01B 1/00", "H01M 10/0525"], 0.5),
        (["H01M 10/0525"], [], None),
        ([], ["H01M 10/0525"], None),
    ],
)
def test_symbols_are_as_near_as_what_they_share(wanted: list[str], offered: list[str], value: float | None) -> None:
    _, parts = fit(0.5, Wanted(ipc=wanted), Offered(ipc=offered), 2026)
    found = next(part.value for part in parts if part.name == "ipc")
    assert found == (None if value is None else pytest.approx(value))


def test_what_is_not_said_neither_helps_nor_harms() -> None:
    total, parts = fit(0.7, Wanted(), Offered(), 2026)
    known = [part for part in parts if part.value is not None]
    assert [part.name for part in known] == ["text", "record"]
    assert min(0.7, 0.75) * 10_000 - 5 <= total <= 0.75 * 10_000 + 5


@pytest.mark.parametrize(
    ("accepted", "finished", "low", "high"),
    [(0, 0, 0.75, 0.75), (1, 1, 0.75, 0.85), (0, 1, 0.55, 0.65), (95, 100, 0.93, 0.95)],
)
def test_a_short_record_is_drawn_to_the_prior(accepted: int, finished: int, low: float, high: float) -> None:
    assert low <= record(accepted, finished) <= high


def test_an_impossible_record_is_refused() -> None:
    with pytest.raises(ValueError, match="2 of 1"):
        record(2, 1)
