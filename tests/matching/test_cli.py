"""The command line: files in, files out, exit codes, one line about bad input, an interrupt that keeps the best."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.check_random import middle_problem
from benchmarks.instances import Shape, generate
from benchmarks.small import random_problem
from marketplace.matching.cli import _Bar, main
from marketplace.matching.columns import read_arrays, read_columns, write_arrays
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Progress
from marketplace.matching.verify_columns import verify_columns
from tests.matching.build import offer, order, problem

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "problem.json", tmp_path / "solution.json"


def _write(path: Path, drawn: Problem) -> None:
    path.write_text(json.dumps(drawn.to_json()), encoding="utf-8")


def test_solve_verify_and_explain_work_on_files(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = files
    _write(before, middle_problem(3))
    assert main(["solve", str(before), "-o", str(after), "--options", "2", "--seed", "1"]) == 0
    assert json.loads(after.read_text())["status"] == "optimal"
    assert main(["verify", str(before), str(after)]) == 0
    assert "broken 0" in capsys.readouterr().out
    assert main(["explain", str(before), str(after), "o0", "--time-limit", "2"]) == 0
    assert json.loads(capsys.readouterr().out)["order"] == "o0"


def test_verify_names_what_is_broken(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = files
    _write(before, problem(orders=[order("a")], offers=[offer("x", "a")]))
    assert main(["solve", str(before), "-o", str(after)]) == 0
    after.write_text(after.read_text().replace('"own": 100', '"own": 99'))
    assert main(["verify", str(before), str(after)]) == 1
    assert "BROKEN x: payments sum to 99, the price is 100" in capsys.readouterr().out


def test_without_an_output_file_the_solution_goes_to_standard_output(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(files[0], random_problem(3))
    assert main(["solve", str(files[0])]) in (0, 3)
    assert json.loads(capsys.readouterr().out)["format"] == "tripool-solution/1"


def test_an_infeasible_problem_exits_with_3_and_says_why(files: tuple[Path, Path]) -> None:
    before, after = files
    _write(before, problem(orders=[order("a", 0, must_match=True)], offers=[offer("x", "a")]))
    assert main(["solve", str(before), "-o", str(after)]) == 3
    told = json.loads(after.read_text())
    assert {each["kind"] for each in told["conflict"]} == {"must_match", "own_funds"}
    assert told["repairs"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("no", "not JSON at line 1"),
        ("{}", "format: None is not 'tripool-problem/1'"),
        (
            json.dumps({"format": "tripool-problem/1", "offers": [{"id": "b", "order": "q", "price": 1, "value": 1}]}),
            "offers[0].order: unknown order 'q'",
        ),
    ],
)
def test_bad_input_exits_with_2_and_one_line(
    files: tuple[Path, Path], text: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(text)
    assert main(["solve", str(files[0])]) == 2
    said = capsys.readouterr()
    assert line in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve"],
        ["solve", "p", "--gap", "-1"],
        ["solve", "p", "--time-limit", "nan"],
        ["solve", "p", "--options", "x"],
        ["rank"],
        [],
    ],
)
def test_wrong_arguments_exit_with_2(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "error" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_one_line(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _write(files[0], random_problem(3))
    assert main(["solve", str(files[0]), "-o", "/nowhere/at/all.json"]) == 2
    assert "No such file" in capsys.readouterr().err


def test_columnar_problems_have_columnar_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "p.npz", tmp_path / "s.npz"
    write_arrays(before, generate(Shape(40, 30, 4, options=6)))
    assert main(["solve", str(before), "-o", str(after)]) == 0
    assert main(["verify", str(before), str(after)]) == 0
    assert verify_columns(read_arrays(before), read_columns(after))[0].ok
    assert main(["solve", str(before)]) == 0
    assert '"status": "optimal"' in capsys.readouterr().out
    assert main(["verify", str(before), str(tmp_path / "s.json")]) == 2
    assert main(["explain", str(before), str(after), "o"]) == 2


def test_rank_writes_one_line_per_query(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"id": "1", "text": "激光焊接\\n铝合金"}\n{"id": "2", "text": "Battery\\ncells"}\n'
    )
    (tmp_path / "q.jsonl").write_text('{"id": "q", "text": "铝合金激光焊接工艺"}\n')
    told = tmp_path / "r.jsonl"
    named = ["--documents", str(tmp_path / "d.jsonl"), "--queries", str(tmp_path / "q.jsonl")]
    assert main(["rank", *named, "--top", "1", "-o", str(told)]) == 0
    assert json.loads(told.read_text())["ranked"][0][0] == "1"
    assert main(["rank", "--documents", str(tmp_path / "none"), "--queries", str(tmp_path / "q.jsonl")]) == 2


def test_the_package_loads_no_web_and_no_database() -> None:
    code = (
        "import sys, marketplace.matching.cli; "
        "sys.exit(any(name.split('.')[0] in ('flask', 'sqlalchemy', 'rjieba') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=60).returncode == 0


def test_an_interrupt_writes_the_best_so_far_and_exits_with_130(tmp_path: Path) -> None:
    before, after = tmp_path / "p.json", tmp_path / "s.json"
    _write(
        before, random_problem(3, orders=150, offers=12, teams=60, funds=10, money=1009, most_price=4000, demands=0.0)
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "marketplace.matching", "solve", str(before), "-o", str(after), "--progress"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert run.stderr is not None
    first = run.stderr.readline()  # the search has begun
    assert "objective" in first
    run.send_signal(signal.SIGINT)
    begun = time.monotonic()
    run.communicate(timeout=60)
    assert time.monotonic() - begun < 30
    assert run.returncode == 130
    told = json.loads(after.read_text())
    assert told["status"] == "cancelled"
    assert told["bound"] >= told["objective"] > 0
    assert main(["verify", str(before), str(after)]) == 0


def test_a_log_is_told_the_first_and_the_last_and_little_between(capsys: pytest.CaptureFixture[str]) -> None:
    bar = _Bar()
    for hundredth in range(250):
        bar(Progress(1.0, 2.0, 0.5, hundredth / 100))
    bar.end()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert "0.0 s" in lines[0]
    assert "2.5 s" in lines[-1]
