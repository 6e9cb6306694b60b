"""Whatever a file holds, importing it ends in a clear line, and a bad one leaves nothing behind."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.imports import files
from marketplace.orders.models import Order
from marketplace.talent.models import Capability, Evidence, Team
from tests.imports.broken import Broken, by_chance, by_hand, line
from tests.imports.conftest import Place

FILES = list(by_hand())
CHANCES = list(by_chance(150))


def rows() -> int:
    """How many rows of everything that imports write there are."""
    return sum(
        db.session.scalar(select(func.count()).select_from(kind)) or 0
        for kind in (Order, Team, Capability, Evidence, AuditRecord)
    )


@pytest.mark.parametrize("broken", FILES, ids=[f"{name}{ending}" for name, ending, _data in FILES])
def test_a_broken_file_is_explained_and_leaves_nothing(place: Place, broken: Broken) -> None:
    _name, ending, data = broken
    result = place.needs(data, ending, "--apply")
    assert result.exit_code in {1, 2}
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Nothing was imported." in result.stderr
    assert "[" in result.stderr
    assert "This cannot be done" not in result.stderr  # the rule has a sentence
    assert "\x1b" not in result.stderr
    assert rows() == 0


@pytest.mark.parametrize("broken", FILES, ids=[f"{name}{ending}" for name, ending, _data in FILES])
def test_results_from_a_broken_file_leave_nothing(place: Place, broken: Broken) -> None:
    _name, ending, data = broken
    result = place.capabilities(data, ending, "--apply")
    assert result.exit_code in {1, 2}
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert rows() == 0


def test_damaged_files_are_imported_whole_or_not_at_all(place: Place) -> None:
    refused = 0
    for name, ending, data in CHANCES:
        before = rows()
        result = place.needs(data, ending, "--apply")
        assert result.exception is None or isinstance(result.exception, SystemExit), (name, result.exception)
        assert result.exit_code in {0, 1, 2}
        if result.exit_code:
            refused += 1
            assert rows() == before, name
        else:
            assert rows() > before, name
    assert refused > len(CHANCES) // 2


@pytest.mark.parametrize(
    ("name", "ending", "code"),
    [
        ("bomb", ".xlsx", "imports.unpacks"),
        ("lying bomb", ".xlsx", "imports.workbook"),
        ("far corner", ".xlsx", "imports.sheet"),
        ("far corner, other quotes", ".xlsx", "imports.sheet"),
        ("far corner, escaped", ".xlsx", "imports.workbook"),
        ("no title", ".xlsx", "imports.missing"),
        ("unknown column", ".xlsx", "imports.unknown_column"),
        ("only a header", ".xlsx", "imports.no_rows"),
        ("endless nesting", ".jsonl", "imports.json"),
        ("nul byte", ".jsonl", "imports.nul"),
        ("half a character", ".jsonl", "imports.control"),
        ("content is huge", ".jsonl", "imports.long"),
        ("same id twice", ".jsonl", "imports.twice"),
        ("too many", ".jsonl", "imports.many_rows"),
        ("huge cell", ".csv", "imports.csv"),
        ("too many cells", ".csv", "imports.cells"),
        ("neither utf-8 nor gb18030", ".csv", "imports.encoding"),
        ("column twice", ".csv", "imports.header"),
        ("old word file", ".doc", "imports.kind"),
    ],
)
def test_the_refusal_names_the_rule_that_was_broken(place: Place, name: str, ending: str, code: str) -> None:
    data = next(data for known, kind, data in FILES if (known, kind) == (name, ending))
    assert f"[{code}]" in place.needs(data, ending).stderr


def test_a_file_over_the_limit_is_refused_before_it_is_read(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    assert "[imports.too_large]" in place.needs(line(content="长" * 100), ".jsonl", "--apply").stderr


def test_a_missing_file_is_named_as_such(place: Place) -> None:
    result = place.app.test_cli_runner().invoke(
        args=["import", "needs", str(place.folder / "none.csv"), "--alliance", "NM"]
    )
    assert (result.exit_code, "[imports.not_a_file]" in result.stderr) == (2, True)
