"""Divides 100,000 random royalties and checks each: ``python -m benchmarks.royalties [--rounds N]``.

Each division must sum to the amount to the fen, have no empty or negative line, and give the inventors of public institutions at
least the statutory half (Law on Promoting the Transformation of Scientific and Technological Achievements, art. 45). Exit code 1
otherwise;
``--round-down`` is the twin that must fail: it takes one hundredth away from the inventors' part.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from marketplace.licences import income
from tests.licences.test_income import part, under_the_floor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--round-down", action="store_true")
    given = parser.parse_args()
    if given.round_down:
        kept = income.inventor_share
        income.inventor_share = lambda owner, agreed: max(0, kept(owner, agreed) - 100)  # type: ignore[assignment]
    chance, wrong, lines_made, started = random.Random(45), 0, 0, time.perf_counter()
    for _ in range(given.rounds):
        parts = [part(chance, n) for n in range(chance.randint(1, 3))]
        amount = chance.choice([1, 2, 3, 99, 101, chance.randint(1, 10**12)])
        lines = income.divide(amount, chance.randint(0, 2_000), parts)
        exact = sum(line.amount for line in lines) == amount and all(line.amount > 0 for line in lines)
        wrong += not exact or bool(under_the_floor(lines, parts))
        lines_made += len(lines)
    seconds = time.perf_counter() - started
    print(f"{given.rounds:,} divisions, {lines_made:,} lines in {seconds:.1f} s: {wrong} inexact or under the floor")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
