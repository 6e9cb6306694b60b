"""Imports run downwards only, and each kind of file imports only what its role needs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "marketplace"

FLOORS = [
    ["kernel"],
    ["matching"],
    ["config"],
    ["db"],
    ["web"],
    ["jobs"],
    ["outbox"],
    ["audit", "approvals", "storage", "vectors"],
    ["accounts"],
    ["organisations"],
    ["alliances"],
    ["talent", "funds", "patents"],
    ["conflicts"],
    ["orders"],
    ["bids"],
    ["evaluation"],
    ["rounds"],
    ["awards"],
    ["contracts", "simulator"],
    ["pools"],
    ["licences"],
    ["defence"],
    ["insights", "search"],
    ["imports"],
    ["demo"],
    ["home"],
    ["tables", "rooms", "cli"],
    ["app"],
]
"""From the ground up; rooms of one floor do not know each other (audit.service and the like excepted below)."""

LEVEL = {name: number for number, floor in enumerate(FLOORS) for name in floor}
SAME_FLOOR = {("rooms", "cli"), ("storage", "audit"), ("approvals", "audit")}
THIRD_PARTY_FREE = {"kernel"}
WEB_LIBRARIES = {"flask", "flask_sqlalchemy", "sqlalchemy", "flask_login", "wtforms", "flask_wtf", "flask_babel"}
PRIVATE = {"forms", "views", "staff_views", "words"}
"""Files that only their own room may import."""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Yield (module, line, inside a function) for every import of a file, the lazy ones too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nested = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in nested
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno, id(node) in nested
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "LazyModule":
            yield ast.literal_eval(node.args[0]), node.lineno, id(node) in nested


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "marketplace" and len(parts) > 1 else None


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=lambda v: v if isinstance(v, str) else "")
def test_a_module_imports_only_from_floors_below(name: str, path: Path) -> None:
    room = room_of(name)
    if room is None or room == "__init__":
        return
    wrong = []
    for module, line, _inside in imports(path):
        other = room_of(module)
        if other is None or other == room:
            continue
        assert other in LEVEL, f"{path}:{line} imports {module}, a room without a floor"
        if LEVEL[other] > LEVEL[room] or (LEVEL[other] == LEVEL[room] and (room, other) not in SAME_FLOOR):
            wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
        last = module.split(".")[2] if module.count(".") >= 2 else ""
        if last in PRIVATE and other not in {"web"} and LEVEL[room] < LEVEL["tables"]:
            wrong.append(f"{path.relative_to(ROOT)}:{line} imports another room's {last}")
    assert wrong == []


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=lambda v: v if isinstance(v, str) else "")
def test_the_pure_floors_know_no_web_and_no_database(name: str, path: Path) -> None:
    room = room_of(name)
    pure_file = room not in {None, "db", "web"} and path.stem in {"policy", "workflow", "terms"}
    if room not in {"kernel", "matching"} and not pure_file:
        return
    roots = {module.split(".")[0] for module, _, _ in imports(path)}
    assert not roots & WEB_LIBRARIES, f"{path} loads {roots & WEB_LIBRARIES}"
    if room == "kernel":
        assert "numpy" not in roots


SPELLING = tuple(f"marketplace.matching.relevance.{name}" for name in ("text", "glossary", "stopwords", "classes"))
"""What search shares with the ranker: how texts are spelt; plain Python."""


def _is_engine(module: str) -> bool:
    return room_of(module) == "matching" and not module.startswith(SPELLING)


def test_only_gather_solve_and_record_use_the_engine() -> None:
    users = {
        str(path.relative_to(PACKAGE))
        for name, path in modules()
        if room_of(name) != "matching" and any(_is_engine(m) for m, _, _ in imports(path))
    }
    elsewhere = {"licences/clearance.py", "simulator/plans.py"}
    elsewhere |= {"search/commands.py", "search/fits.py", "search/learning.py"}
    outside = {u for u in users if not u.startswith("rounds/")} - elsewhere
    assert outside == set(), f"only rounds and those named may use marketplace.matching, not {outside}"


def test_importing_matching_loads_no_flask() -> None:
    import subprocess
    import sys

    code = "import sys, marketplace.matching.engine; sys.exit('flask' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


LAZY = {
    "marketplace/licences/clearance.py",
    "marketplace/rounds/commands.py",
    "marketplace/rounds/encoding.py",
    "marketplace/rounds/gather/fit.py",
    "marketplace/search/learning.py",
}
"""Files that load a heavy library only when it is used, so that a web process starts without it."""


HEAVY = ("numba", "highspy", "scipy", "numpy", "alembic", "cn2an")


def test_the_web_process_starts_without_the_solver_the_ranker_and_the_commands() -> None:
    import subprocess
    import sys

    code = f"import sys, marketplace.app; sys.exit(any(m in sys.modules for m in {HEAVY}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_our_own_modules_are_never_imported_inside_a_function() -> None:
    inside = [
        f"{path.relative_to(ROOT)}:{line} {module}"
        for _name, path in modules()
        for module, line, nested in imports(path)
        if nested
        and module.startswith("marketplace")
        and "matching" not in path.parts
        and str(path.relative_to(ROOT)) not in LAZY
    ]
    assert inside == []
