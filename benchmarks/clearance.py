"""How long the clearance view looks through a pool of 100,000 patents: ``python benchmarks/clearance.py [patents] [queries]``.

Titles and abstracts are those of the demo city's needs, mixed so that no two patents are alike. The first query warms the index
up; the rest are measured one by one.
"""

from __future__ import annotations

import sys
import time
from random import Random

from marketplace.demo.needs import ARCHETYPES
from marketplace.licences import clearance


def texts(count: int) -> list[tuple[int, str]]:
    """Return (id, "title\\nabstract") of ``count`` different patents."""
    random = Random(100)
    found = []
    for key in range(count):
        one, other = random.choice(ARCHETYPES), random.choice(ARCHETYPES)
        variant, second = random.randrange(5), random.randrange(5)
        abstract = one.say(one.summary, variant) + other.say(other.summary, second) + f"编号{key}的实施例。"
        found.append((key, f"{one.say(one.patent, variant)}\n{abstract}"))
    return found


def main(patents: int = 100_000, queries: int = 100) -> None:
    started = time.perf_counter()
    index = clearance.build(texts(patents))
    print(f"{patents} patents indexed in {time.perf_counter() - started:.1f} s")
    random = Random(7)
    times = []
    for number in range(queries + 1):
        work = random.choice(ARCHETYPES)
        question = work.say(work.title, number) + "\n" + work.say(work.problem, number)
        wall, own = time.perf_counter(), time.process_time()
        clearance.ranked(index, question)
        times.append((time.perf_counter() - wall, time.process_time() - own))
    for name, column in (("wall", 0), ("processor", 1)):
        sorted_ms = sorted(1000 * one[column] for one in times[1:])
        median, worst = sorted_ms[len(sorted_ms) // 2], sorted_ms[int(len(sorted_ms) * 0.95)]
        print(f"{name}: median {median:.0f} ms, 95 % within {worst:.0f} ms, longest {sorted_ms[-1]:.0f} ms")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
