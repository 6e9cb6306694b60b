"""Whatever a file holds, importing it ends in a clear line, and a bad one leaves nothing behind."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.orders.models import Order
from marketplace.talent.models import Capability, Evidence, Team
from tests.imports.broken import Broken, by_chance, by_hand
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
