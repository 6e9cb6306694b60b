"""Exports hold the ledger exactly and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from marketplace.db.base import db
from marketplace.funds import exports, ledger, queries
from marketplace.funds.models import Fund
from marketplace.funds.workflow import Movement
from tests.factories import Make

POISON = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "https://example.test/", "普通"]


@pytest.fixture
def fund(make: Make) -> Fund:
    fund = make.fund(123_456)
    for number, memo in enumerate(POISON):
        ledger.move(
            make.call(), fund.id, Movement.RESERVE, 101, key=str(number), subject_kind=memo, subject_id=None, memo=memo
        )
    return fund


def lines(app: Flask, fund: Fund, *, with_parties: bool = True) -> Any:
    rows = db.session.scalars(queries.transactions(fund.id)).all()
    available = queries.available_after(fund.id, [row.id for row in rows])
    with app.test_request_context(headers={"Accept-Language": "en"}):
        return exports.rows(rows, available, with_parties=with_parties)


def test_no_csv_cell_starts_like_a_formula(app: Flask, fund: Fund) -> None:
    content = exports.as_csv(*lines(app, fund))
    assert content.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(table) == 2 + len(POISON)
    cells = [cell for row in table for cell in row]
    assert [cell for cell in cells if cell.startswith(exports.FORMULA_SIGNS)] == []
    assert {f"'{memo}" for memo in POISON[:7]} <= set(cells)


def test_the_escape_is_what_keeps_formulas_out(fund: Fund) -> None:
    """The twin: the same text unescaped would be a formula."""
    assert all(memo.startswith(exports.FORMULA_SIGNS) for memo in POISON[:7])
    assert not POISON[8].startswith(exports.FORMULA_SIGNS)


def test_xlsx_holds_numbers_as_numbers_and_formulas_as_text(app: Flask, fund: Fund) -> None:
    content = exports.as_xlsx(fund, *lines(app, fund))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][4:6] == ["Amount (yuan)", "Available after (yuan)"]
    assert rows[-1][4:6] == [1234.56, 1234.56]
    assert rows[1][4:6] == [1.01, 1225.47]
    assert "=1+1" in [row[7] for row in rows], "calamine gives a formula's value; text stays as typed"
    import zipfile

    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def test_members_get_no_names_and_no_memos(app: Flask, fund: Fund) -> None:
    head, rows = lines(app, fund, with_parties=False)
    assert len(head) == 6
    assert {len(row) for row in rows} == {6}
