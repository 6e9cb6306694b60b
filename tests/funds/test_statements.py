"""A month's statement opens where the last one closed, and adds up to the fund, as page, XLSX and PDF."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from marketplace.db.base import db
from marketplace.funds import ledger, statements
from marketplace.funds.models import BALANCES, Fund
from marketplace.funds.workflow import Movement, Purse
from marketplace.kernel.errors import NotFound
from tests.conftest import Clock
from tests.factories import Make

M = Movement
JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)


def move(make: Make, fund: Fund, movement: M, amount: int) -> None:
    key = f"{movement}:{make.clock().isoformat()}"
    ledger.move(
        make.call(), fund.id, movement, amount, key=key, subject_kind="proposal", subject_id=1, memo="=机密()"
    )  # fmt: skip
    db.session.commit()


@pytest.fixture
def fund(make: Make, clock: Clock) -> Fund:
    """100,000 yuan in January; reserved, committed and partly paid in February, the last step in the city's new month."""
    row = make.fund(10_000_000, code="F-1")
    clock.advance(days=20, microseconds=7)  # 1 February, 10:00
    move(make, row, M.RESERVE, 6_000_000)
    clock.advance(days=1)
    move(make, row, M.COMMIT, 5_000_000)
    move(make, row, M.PAY, 1_500_000)
    clock.advance(days=26, hours=14, microseconds=-7)  # 1 March, 00:00 in the city; still February by UTC
    move(make, row, M.RELEASE, 1_000_000)
    return row


def test_each_month_opens_where_the_last_one_closed(fund: Fund) -> None:
    months = [statements.statement_of(fund, month) for month in (JANUARY, FEBRUARY, MARCH)]
    for one, other in pairwise(months):
        assert [b.closing for b in one.balances] == [b.opening for b in other.balances]
    assert [b.closing for b in months[-1].balances] == [getattr(fund, name) for name in BALANCES[1:]]
    assert [(m.opening, m.closing) for m in months] == [(0, 10_000_000), *[(10_000_000, 10_000_000)] * 2]
    assert [len(m.lines) for m in months] == [1, 3, 1]
    reserved = next(b for b in months[1].balances if b.purse is Purse.RESERVED)
    assert (reserved.opening, reserved.into, reserved.out, reserved.closing) == (0, 6_000_000, 5_000_000, 1_000_000)
    assert [(p.movement, p.count, p.amount) for p in months[1].purposes] == [
        (M.RESERVE, 1, 6_000_000), (M.COMMIT, 1, 5_000_000), (M.PAY, 1, 1_500_000),
    ]  # fmt: skip
    assert statements.months(fund, date(2027, 3, 1)) == [MARCH, FEBRUARY, JANUARY]


@pytest.mark.parametrize("text", ["2027-13", "2027-1", "1999-01", "２０２７-01", "2027-01-01", "x", ""])
def test_what_is_no_month_is_not_there(text: str) -> None:
    with pytest.raises(NotFound):
        statements.month_of(text)


def test_the_files_say_the_same_and_hold_no_formula(make: Make, sign_in: Any, fund: Fund, clock: Clock) -> None:
    clock.advance(microseconds=7)  # as real clocks do
    officer, member = sign_in(make.officer(), "en"), sign_in(make.owner(make.enterprise()), "en")
    book = CalamineWorkbook.from_filelike(io.BytesIO(officer.get(f"/funds/{fund.id}/statements/2027-02.xlsx").data))
    balances, purposes, lines = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert balances[1:5] == [
        ["Available", 100_000, 0, 60_000, 40_000],
        ["Reserved", 0, 60_000, 50_000, 10_000],
        ["Committed", 0, 50_000, 15_000, 35_000],
        ["Paid", 0, 15_000, 0, 15_000],
    ]
    assert purposes[3] == ["Payment", "Match", 1, 15_000]
    assert [line[5] for line in lines[1:]] == [40_000, 40_000, 40_000]
    assert lines[1][3] == "Match 1 =机密()", "text, not a formula"
    plain = member.get(f"/funds/{fund.id}/statements/2027-02.xlsx")
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(plain.data)).get_sheet_by_index(2).to_python()
    assert theirs[1][3] == "Match 1", "whose order it was is for staff"
    pdf = officer.get(f"/funds/{fund.id}/statements/2027-02.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="F-1-2027-02.pdf"'


def test_the_page_shows_a_month_and_refuses_what_is_none(make: Make, sign_in: Any, fund: Fund) -> None:
    reader = sign_in(make.owner(make.enterprise()), "en")
    page = reader.get(f"/funds/{fund.id}/statements?month=2027-02").text
    assert "¥60,000" in page
    assert "3 movements" in page
    assert "Nothing moved" in reader.get(f"/funds/{fund.id}/statements?month=2026-01").text
    assert reader.get(f"/funds/{make.fund().id}/statements").status_code == 200
    for address in ("?month=2027-13", "/2027-13.pdf", "/x.xlsx"):
        assert reader.get(f"/funds/{fund.id}/statements{address}").status_code == 404
