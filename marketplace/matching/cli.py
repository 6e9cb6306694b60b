"""The command line: solve, verify, explain and rank.

Exit codes: 0 solved (or verified, explained, ranked), 1 verify found something broken, 2 bad input, 3 infeasible,
130 cancelled, with the best so far written.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.columns import read_arrays, read_columns, to_columns, write_columns
from marketplace.matching.engine import solve
from marketplace.matching.explain import explain
from marketplace.matching.paths import solve_arrays
from marketplace.matching.problem import Problem
from marketplace.matching.shape import BadProblem, read_json
from marketplace.matching.solution import Progress, Solution, Status, number
from marketplace.matching.verify import Report, verify
from marketplace.matching.verify_columns import verify_columns

SOLVED, BROKEN, BAD_INPUT, INFEASIBLE, CANCELLED = 0, 1, 2, 3, 130
_CODES = {Status.INFEASIBLE: INFEASIBLE, Status.CANCELLED: CANCELLED}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; nothing but one line is said about bad input."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except BadProblem as error:
        print(str(error), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        # The reader has gone; closing stdout again at exit must not complain about it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOLVED
    return code


def _parser() -> argparse.ArgumentParser:
    usual = Settings()
    parser = argparse.ArgumentParser(prog="python -m marketplace.matching", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    one = commands.add_parser("solve", help="match orders, offers and funds")
    one.add_argument("problem", type=Path, help=".json or .npz")
    one.add_argument("-o", dest="output", type=Path, help="where the solution goes (standard output)")
    one.add_argument("--time-limit", type=_at_least_zero, default=usual.time_limit, metavar="S", help="seconds (60)")
    one.add_argument("--gap", type=_at_least_zero, default=usual.gap, metavar="G", help="stop at this gap (0)")
    one.add_argument("--options", type=_count, default=usual.options, metavar="K", help="payments per match (3)")
    one.add_argument("--seed", type=_count, default=usual.seed, metavar="N")
    one.add_argument("--progress", action="store_true", help="tell objective, bound and gap on standard error")
    one.set_defaults(command=_solve)
    one = commands.add_parser("verify", help="check a solution with exact integers")
    one.add_argument("problem", type=Path)
    one.add_argument("solution", type=Path)
    one.set_defaults(command=_verify)
    one = commands.add_parser("explain", help="why an order is matched or not, and what it would take")
    one.add_argument("problem", type=Path)
    one.add_argument("solution", type=Path)
    one.add_argument("order")
    one.add_argument("--time-limit", type=_at_least_zero, default=10.0, metavar="S", help="seconds (10)")
    one.set_defaults(command=_explain)
    one = commands.add_parser("rank", help="rank documents for queries by relevance")
    one.add_argument("--documents", type=Path, required=True)
    one.add_argument("--queries", type=Path, required=True)
    one.add_argument("--top", type=_count, default=20, metavar="K", help="0 = all (20)")
    one.add_argument("--why", action="store_true", help="add the evidence and the words that matched")
    one.add_argument("-o", dest="output", type=Path)
    one.set_defaults(command=_rank)
    return parser


def _at_least_zero(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return value


def _solve(options: argparse.Namespace) -> int:
    settings = Settings(options.time_limit, options.gap, options.options, options.seed)
    bar = _Bar() if options.progress else None
    with _interruptible() as cancelled:
        if options.problem.suffix == ".npz":
            status = _solve_columns(options, Hearing(settings, bar, cancelled))
        else:
            solution = solve(_problem(options.problem), settings, on_progress=bar, cancelled=cancelled)
            _write(options.output, json.dumps(solution.to_json(), ensure_ascii=False, indent=1) + "\n")
            status = solution.status
    if bar is not None:
        bar.end()
    return _CODES.get(status, SOLVED)


def _solve_columns(options: argparse.Namespace, hearing: Hearing) -> Status:
    arrays = read_arrays(options.problem)
    answer = solve_arrays(arrays, hearing)
    columns = to_columns(arrays, answer, hearing.seconds())
    if options.output is None:
        told = {key: value for key, value in columns.summary.items() if key != "certificate"}
        print(json.dumps({**told, "matches": len(columns.match_offer)}))
    else:
        _replace(options.output, lambda path: write_columns(path, columns))
    return answer.status


def _verify(options: argparse.Namespace) -> int:
    if (options.problem.suffix == ".npz") != (options.solution.suffix == ".npz"):
        raise BadProblem(f"{options.solution}: a columnar problem has a columnar solution, and only that")
    if options.problem.suffix == ".npz":
        columns = read_columns(options.solution)
        report, status, matches = verify_columns(read_arrays(options.problem), columns)
    else:
        solution = _solution(options.solution)
        report, status, matches = verify(_problem(options.problem), solution), solution.status, len(solution.matches)
    return _tell(report, str(status), matches)


def _tell(report: Report, status: str, matches: int) -> int:
    for line in report.broken[:50]:
        print("BROKEN", line)
    gap = "unknown" if report.gap is None else f"{report.gap:.3%}"
    print(
        f"status {status} matches {matches} objective {number(report.objective)} bound {number(report.bound)} "
        f"gap {gap} proof {report.proof} broken {len(report.broken)}"
    )
    return SOLVED if report.ok else BROKEN


def _explain(options: argparse.Namespace) -> int:
    for path in (options.problem, options.solution):
        if path.suffix == ".npz":
            raise BadProblem(f"{path}: only .json problems are explained by order id")
    told = explain(
        _problem(options.problem), _solution(options.solution), options.order, Settings(time_limit=options.time_limit)
    )
    print(json.dumps(told.to_json(), ensure_ascii=False, indent=1))
    return SOLVED


def _rank(options: argparse.Namespace) -> int:
    # The text library and its dictionaries take a second to load, which no other command should pay.
    from marketplace.matching.relevance.files import BadDocuments, rank_files  # noqa: PLC0415

    try:
        lines = [
            json.dumps(line, ensure_ascii=False) + "\n"
            for line in rank_files(options.documents, options.queries, options.top, options.why)
        ]
    except BadDocuments as error:
        raise BadProblem(str(error)) from None
    _write(options.output, "".join(lines))
    return SOLVED


def _problem(path: Path) -> Problem:
    return Problem.from_json(read_json(path))


def _solution(path: Path) -> Solution:
    return Solution.from_json(read_json(path))


def _write(path: Path | None, text: str) -> None:
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        _replace(path, lambda part: part.write_text(text, encoding="utf-8"))


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the target and move it there, so that a half-written answer never lies at its place."""
    part = path.with_name(f".{path.name}.part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        raise BadProblem(f"{path}: {error.strerror or error}") from None


class _Bar:
    """One line on standard error: rewritten in place on a terminal, else a new one now and then for whoever reads the log."""

    def __init__(self) -> None:
        self.alive = sys.stderr.isatty()
        self.pause, self.last = (0.1, -1.0) if self.alive else (1.0, -1.0)
        self.news: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        self.news = progress
        if progress.seconds >= self.last + self.pause:
            self._show(progress)

    def _show(self, progress: Progress) -> None:
        self.news, self.last = None, progress.seconds

        def told(value: float | None) -> str:
            return "–" if value is None else f"{value:,.2f}"

        gap = 1.0 if progress.gap is None else min(1.0, max(0.0, progress.gap))
        width = 20
        filled = round(width * (1 - gap))
        text = (
            f"[{'#' * filled}{'.' * (width - filled)}] {progress.seconds:7.1f} s  objective "
            f"{told(progress.objective)}  bound {told(progress.bound)}  gap "
            f"{'–' if progress.gap is None else f'{progress.gap:.4%}'}"
        )
        print(("\r\x1b[K" if self.alive else "") + text, end="" if self.alive else "\n", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Show the last of what was told."""
        if self.news is not None:
            self._show(self.news)
        if self.alive:
            print(file=sys.stderr)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let the first interrupt end the search politely; a second one ends the program."""
    asked = False

    def hear(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    previous = {sign: signal.signal(sign, hear) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for sign, handler in previous.items():
            signal.signal(sign, handler)
