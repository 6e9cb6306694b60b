"""Every choice, button and refusal has words, and every sentence has a Chinese translation."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from flask import Flask

from marketplace.kernel.workflow import Workflow
from marketplace.web import words

ROOT = Path(__file__).parents[2]
RAISED = {"Invalid", "Forbidden", "Conflict", "Refused", "no", "allow_if"}
SPOKEN_ELSEWHERE = {"not_found", "hidden"}


def workflow_modules() -> Iterator[object]:
    for path in sorted((ROOT / "marketplace").glob("*/workflow.py")):
        if path.parent.name != "kernel":
            yield importlib.import_module(f"marketplace.{path.parent.name}.workflow")


def refusal_codes() -> Iterator[tuple[str, str]]:
    """Yield (code, place) for every literal refusal code in the program."""
    for path in sorted((ROOT / "marketplace").rglob("*.py")):
        if "matching" in path.parts or "kernel" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in RAISED:
                continue
            position = 1 if name == "allow_if" else 0
            if len(node.args) > position:
                argument = node.args[position]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_choice_has_a_label(app: Flask) -> None:
    kinds = {
        value
        for module in workflow_modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    with app.test_request_context():
        lacking = []
        for kind in sorted(kinds, key=lambda k: k.__qualname__):
            for member in kind:
                try:
                    words.label(member)
                except KeyError:
                    lacking.append(f"{kind.__name__}.{member.name}")
    assert lacking == []


def test_every_refusal_has_a_sentence(app: Flask) -> None:
    assert [
        f"{place}: {code}"
        for code, place in refusal_codes()
        if code not in SPOKEN_ELSEWHERE and not words.has_sentence(code)
    ] == []


def test_every_workflow_is_sound() -> None:
    machines = [v for m in workflow_modules() for v in vars(m).values() if isinstance(v, Workflow)]
    assert len(machines) >= 10
    for machine in machines:
        assert machine.initial not in machine.terminal, machine.name


def test_every_sentence_is_translated() -> None:
    done = subprocess.run(
        [sys.executable, "tools/translations.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
