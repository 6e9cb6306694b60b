"""Every command that the program records has a name that people read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.audit import words

PACKAGE = Path(__file__).parents[2] / "marketplace"


def recorded() -> Iterator[tuple[str, str]]:
    """Yield (command, subject kind or '') for every literal command given to ``audit.record``, the demonstration's aside."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in {"audit.record", "record"}
                and len(node.args) > 2
            ):
                command, kind = node.args[1:3]
                if isinstance(command, ast.Constant) and not str(command.value).startswith("demo."):
                    yield str(command.value), str(kind.value) if isinstance(kind, ast.Constant) else ""


def test_every_command_and_its_subject_have_names() -> None:
    found = set(recorded())
    assert len(found) > 40
    assert sorted(command for command, _kind in found if command not in words.COMMANDS) == []
    assert sorted({kind for _command, kind in found if kind and kind not in words.SUBJECTS}) == []
    assert sorted({c.split(".")[0] for c, _kind in found} - set(words.ROOMS)) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [("text", "text"), (7, "7"), ([1, "二"], '[1, "二"]'), (None, "null"), ("x" * 400, "x" * 300 + "…")],
)
def test_details_are_shown_as_recorded_and_cut_when_long(app: Flask, value: object, shown: str) -> None:
    assert words.detail({"a": value}) == [("a", shown)]


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("system", "system", "System"),
        ("system", "opener", "System (opener)"),
        ("visitor", "", "Visitor"),
        ("account", "林晓", "林晓"),
    ],
)
def test_everybody_who_acts_has_a_name(app: Flask, kind: str, name: str, shown: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert words.actor(kind, name) == shown


def test_a_subject_without_a_number_is_its_kind(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert (words.subject("order", None), words.subject("order", 7)) == ("Order", "Order no. 7")
