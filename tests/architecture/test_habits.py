"""Habits of the house that a reader can rely on: one clock, one commit, whole money, small files, strict templates."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "marketplace").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MONEY_FILES = [
    ROOT / "marketplace" / "kernel" / "money.py",
    *sorted((ROOT / "marketplace" / "funds").rglob("*.py")),
    ROOT / "marketplace" / "matching" / "funding.py",
]


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def test_only_the_clock_reads_the_time() -> None:
    sources = [p for p in SOURCES if p.name != "clock.py"]
    assert lines_with(r"\b(utcnow|datetime\.now|date\.today|time\.time)\(", sources) == []


def test_only_the_transaction_module_commits() -> None:
    sources = [p for p in SOURCES if p.parts[-2:] != ("db", "transaction.py")]
    assert lines_with(r"session\.commit\(", sources) == []


def test_refusals_are_given_days_and_not_their_text() -> None:
    """Only then each reader gets them as days are written in the own language."""
    assert lines_with(r"\b(Conflict|Invalid|Forbidden)\(.*(isoformat|strftime)\(", SOURCES) == []


@pytest.mark.parametrize("path", MONEY_FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_money_code_has_no_float(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    floats = [
        f"{path.name}:{node.lineno}"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id in {"float", "Float"})
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "funding.py" in path.name)
    ]
    assert floats == []


def test_no_file_is_longer_than_400_lines() -> None:
    sources = [*SOURCES, *TEMPLATES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "tools").rglob("*.py"))]
    long = {str(p.relative_to(ROOT)): n for p in sources if (n := len(p.read_text("utf-8").splitlines())) > 400}
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    nothing = re.compile(r"^(utils?|helpers?|managers?|misc|common)$")
    assert [str(p) for p in SOURCES if nothing.match(p.stem)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_obeys_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style\b", text), "inline style element"
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/json\"))", text), "inline script"
    assert not re.search(r"\sstyle=", text), "inline style attribute"
    assert not re.search(r"\son[a-z]+=\"", text), "inline event handler"
    assert not re.search(r"javascript:", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_names_no_state(path: Path) -> None:
    """Buttons come from ``actions`` (policy and workflow); a state compared in a template would be a second rule."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\{% *(?:if|elif)[^%]*\.(?:state|status)(?:\.value)? *(?:==|!=| in )[^%]*%\}", text) == []


def test_templates_never_switch_escaping_off() -> None:
    assert lines_with(r"\|\s*safe\b|autoescape\s+false", TEMPLATES) == []
    assert lines_with(r"\bMarkup\(", [p for p in SOURCES if "web" not in p.parts]) == []


def test_the_project_names_no_registry_and_no_machine() -> None:
    import subprocess

    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in listed.stdout.splitlines()]
    texts = [
        p for p in files if p.suffix in {".py", ".md", ".html", ".sh", ".toml", ".in", ".lock", ".json", ".txt", ".yml"}
    ]
    texts = [p for p in texts if p.is_file() and p.name != "test_habits.py" and "vendor" not in p.parts]
    hosts = r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org|index-url|\"resolved\""
    assert lines_with(hosts, texts) == []
    assert lines_with(r"(^|[\s\"'(=])/(home|root|Users|work)/\w", texts) == []
