"""Standard generalized assignment files (agents × jobs, minimise cost) as matching problems.

    python -m marketplace.matching.gap FILE -o PROBLEM.json

A file holds m agents and n jobs, then the m·n costs by agent, the m·n resources by agent, and the m capacities, as in
the instances of Beasley's OR-Library and of Yagiura. Every job is an order that must be matched, every agent a team,
every pair an offer of price 0 and value K − cost with K above every cost; so objective = n·K − cost.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from marketplace.matching.problem import Offer, Order, Problem, Team
from marketplace.matching.shape import BadProblem


def read_gap(text: str) -> tuple[Problem, int]:
    """The problem and K; raises BadProblem when numbers are missing, left over, or not whole and at least 0."""
    words = text.split()
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        wrong = next(word for word in words if not word.lstrip("-").isdigit())
        raise BadProblem(f"gap: {wrong!r} is not a whole number") from None
    if len(numbers) < 2 or min(numbers) < 0:
        raise BadProblem("gap: the numbers of agents and jobs are missing, or a number is below 0")
    agents, jobs, *rest = numbers
    if len(rest) != 2 * agents * jobs + agents:
        raise BadProblem(
            f"gap: {agents} agents and {jobs} jobs need {2 * agents * jobs + agents} numbers, {len(rest)} follow"
        )
    costs, loads, capacities = rest[: agents * jobs], rest[agents * jobs : 2 * agents * jobs], rest[2 * agents * jobs :]
    above = max(costs, default=0) + 1
    width = len(str(max(agents, jobs)))
    return Problem(
        orders=tuple(Order(f"j{j:0{width}}", must_match=True) for j in range(jobs)),
        teams=tuple(Team(f"a{a:0{width}}", capacity) for a, capacity in enumerate(capacities)),
        offers=tuple(
            Offer(
                f"j{j:0{width}}a{a:0{width}}",
                f"j{j:0{width}}",
                0,
                above - costs[a * jobs + j],
                {f"a{a:0{width}}": loads[a * jobs + j]},
            )
            for j in range(jobs)
            for a in range(agents)
        ),
    ), above


def main(arguments: list[str]) -> int:
    """Write the problem of a file as JSON; 2 and one line for a bad file."""
    parser = argparse.ArgumentParser(
        prog="python -m marketplace.matching.gap",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("-o", dest="output", type=Path, required=True)
    options = parser.parse_args(arguments)
    try:
        problem, above = read_gap(options.file.read_text(encoding="ascii"))
        options.output.write_text(json.dumps(problem.to_json()), encoding="utf-8")
    except (OSError, ValueError) as error:
        print(str(error), file=sys.stderr)
        return 2
    print(f"K {above}: cost = {above * len(problem.orders)} - objective")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
