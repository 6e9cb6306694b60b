"""Royalties are divided exactly, and no inventor ever gets less than the statute says."""

from __future__ import annotations

import random

import pytest

from marketplace.licences import income
from marketplace.licences.income import FLOOR, Inventor, Line, Owner, Part, divide, inventor_share
from marketplace.licences.workflow import Account

ROUNDS = 1_000
"""``python -m benchmarks.royalties`` makes a hundred thousand."""


def shares(chance: random.Random, count: int) -> list[int]:
    """Basis points above 0 that sum to 10,000."""
    cuts = sorted(chance.sample(range(1, 10_000), count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True)]


def part(chance: random.Random, patent: int) -> Part:
    owners = tuple(
        Owner("", share, n + 1, public=chance.random() < 0.5)
        for n, share in enumerate(shares(chance, chance.randint(1, 3)))
    )
    inventors = tuple(Inventor(f"I{n}", share) for n, share in enumerate(shares(chance, chance.randint(1, 4))))
    agreed = chance.choice([None, 0, 1, 3_333, 5_000, 5_001, 7_777, 10_000])
    return Part(patent, chance.randint(1, 10), owners, inventors, agreed)


def under_the_floor(lines: list[Line], parts: list[Part]) -> list[tuple[int, int]]:
    """(patent, organisation) of public owners whose inventors got less than half of what came to that owner."""
    found = []
    for each in parts:
        for owner in each.owners:
            mine = [line for line in lines if (line.patent, line.organisation) == (each.patent, owner.organisation)]
            whole = sum(line.amount for line in mine)
            theirs = sum(line.amount for line in mine if line.account is Account.INVENTOR)
            if owner.public and theirs * 10_000 < whole * FLOOR:
                found.append((each.patent, owner.organisation or 0))
    return found


def test_a_thousand_random_divisions_are_exact_and_never_under_the_floor() -> None:
    chance = random.Random(45)
    for _ in range(ROUNDS):
        parts = [part(chance, n) for n in range(chance.randint(1, 3))]
        amount = chance.choice([1, 2, 3, 99, 101, chance.randint(1, 10**12)])
        lines = divide(amount, chance.randint(0, 2_000), parts)
        assert sum(line.amount for line in lines) == amount
        assert all(line.amount > 0 for line in lines)
        assert under_the_floor(lines, parts) == []


def test_rounding_down_would_break_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with the inventors' part rounded down, an odd fen is missing and the check says so."""
    parts = [Part(1, 1, (Owner("", 10_000, 7, public=True),), (Inventor("李明", 10_000),))]
    assert under_the_floor(divide(101, 0, parts), parts) == []
    monkeypatch.setattr(income, "inventor_share", lambda owner, agreed: inventor_share(owner, agreed) - 100)
    assert under_the_floor(divide(101, 0, parts), parts) == [(1, 7)]


@pytest.mark.parametrize(
    ("public", "agreed", "share"),
    [
        (True, None, 5_000),
        (True, 3_000, 5_000),
        (True, 7_000, 7_000),
        (False, None, 5_000),
        (False, 3_000, 3_000),
        (False, 0, 0),
    ],
)
def test_article_45_is_a_floor_for_public_institutions_and_a_default_for_others(
    public: bool, agreed: int | None, share: int
) -> None:
    assert inventor_share(Owner("", 10_000, 1, public=public), agreed) == share


def test_a_division_by_hand() -> None:
    """1,000.01 yuan; the pool keeps 5 % (50.00); weights 2 and 1; a university with 60/40 inventors and an enterprise."""
    parts = [
        Part(1, 2, (Owner("", 10_000, 7, public=True),), (Inventor("李明", 6_000), Inventor("王芳", 4_000)), 7_000),
        Part(2, 1, (Owner("", 10_000, 8),), (Inventor("陈静", 10_000),), 1_000),
    ]
    found = [(line.account, line.organisation, line.name, line.amount) for line in divide(100_001, 500, parts)]
    assert found == [
        (Account.POOL, None, "", 5_000),
        (Account.OWNER, 7, "", 19_000),
        (Account.INVENTOR, 7, "李明", 26_600),
        (Account.INVENTOR, 7, "王芳", 17_734),
        (Account.OWNER, 8, "", 28_500),
        (Account.INVENTOR, 8, "陈静", 3_167),
    ]


def test_a_patent_without_named_inventors_keeps_their_part_for_them() -> None:
    lines = divide(100, 0, [Part(1, 1, (Owner("", 10_000, 7, public=True),), ())])
    assert [(line.account, line.name, line.amount) for line in lines] == [
        (Account.OWNER, "", 50),
        (Account.INVENTOR, "", 50),
    ]
