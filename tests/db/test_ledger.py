"""One double entry for every room that holds money: whole movements, balances that never fall below 0, rows that stay."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from marketplace.db import ledger as books
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.models import Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import Movement, Purse
from marketplace.kernel.money import MAX_FEN
from marketplace.licences import journal, queries
from marketplace.licences.models import RoyaltyEntry, RoyaltyTransaction
from tests.factories import Make
from tests.licences.test_service import paid, running
from tests.pools.scene import scene


@pytest.mark.parametrize("model", [LedgerTransaction, RoyaltyTransaction])
def test_funds_and_royalties_are_booked_by_the_same_functions(model: type) -> None:
    assert issubclass(model, books.Movement)
    assert (issubclass(LedgerEntry, books.Side), issubclass(RoyaltyEntry, books.Side)) == (True, True)
    assert ledger.books is journal.books is books


@pytest.mark.parametrize("amounts", [(-5, 4), (-5,), (0, 0), (-5, 5, 0), (-3, 3), (5, -5, 5, -5)])
def test_half_a_movement_is_never_written(make: Make, amounts: tuple[int, ...]) -> None:
    fund = make.fund(1000)
    row = LedgerTransaction(
        fund_id=fund.id, movement=Movement.RESERVE, amount=5, key="half", subject_kind="x", at=make.clock()
    )
    sides = [LedgerEntry(fund_id=fund.id, purse=list(Purse)[n], amount=fen) for n, fen in enumerate(amounts)]
    with pytest.raises(ValueError, match="sum to 0"):
        books.post(row, sides)
    assert books.earlier(LedgerTransaction, "half") is None


def test_balances_move_together_or_not_at_all(make: Make) -> None:
    fund = make.fund(1000)
    assert not books.shift(Fund, fund.id, {"available": -1001, "reserved": 1001})
    assert not books.shift(Fund, fund.id, {"available": -1, "reserved": MAX_FEN + 1})
    assert not books.shift(Fund, fund.id, {"available": -1, "reserved": 1}, Fund.__table__.c.state == "closed")
    assert (fund.available, fund.reserved) == (1000, 0)
    assert books.shift(Fund, fund.id, {"available": -1000, "reserved": 1000})
    assert (fund.available, fund.reserved) == (0, 1000), "a row read before knows its new balances"


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, "1", MAX_FEN + 1])
def test_amounts_are_whole_fen(amount: Any) -> None:
    assert not books.is_amount(amount)
    assert books.is_amount(MAX_FEN)


def test_a_licences_balances_are_what_its_entries_say_and_the_database_guards_them(make: Make) -> None:
    place = scene(make)
    row = running(place)
    paid(place, row, 1_000)
    paid(place, row, 500)
    assert (row.received, row.held, row.divided) == (1_500, 1_500, 0)
    assert queries.drifts() == []
    with pytest.raises(IntegrityError, match="balanced"):
        db.session.execute(text("UPDATE licences SET held = held - 1"))
    db.session.rollback()
    db.session.execute(text("UPDATE licences SET held = held + 1, received = received + 1"))
    assert queries.drifts() == [f"licence {row.id}: received 1501 <> 1500", f"licence {row.id}: held 1501 <> 1500"]


def migration() -> ModuleType:
    path = Path(__file__).parents[2] / "migrations" / "versions" / "20261129_licences.py"
    spec = importlib.util.spec_from_file_location("licences_of_20261129", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_royalties_booked_before_the_balances_existed_are_carried_over() -> None:
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("CREATE TABLE licences (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE royalty_entries (licence_id INTEGER, account TEXT, amount INTEGER)"))
        connection.execute(text("INSERT INTO licences VALUES (1), (2)"))
        booked = [("paid_in", -90), ("held", 90), ("held", -60), ("pool", 10), ("owner", 20), ("inventor", 30)]
        for account, amount in booked:
            connection.execute(text("INSERT INTO royalty_entries VALUES (1, :a, :n)"), {"a": account, "n": amount})
        with Operations.context(MigrationContext.configure(connection)):
            migration().upgrade()
            rows = connection.execute(text("SELECT * FROM licences ORDER BY id")).all()
            assert [tuple(row) for row in rows] == [(1, 90, 30, 60), (2, 0, 0, 0)]
            migration().downgrade()
        assert [tuple(row) for row in connection.execute(text("SELECT * FROM licences"))] == [(1,), (2,)]
