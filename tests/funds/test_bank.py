"""A bank's statement against the ledger: what belongs together, what is missing on either side, what has another amount."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.funds import bank, ledger
from marketplace.funds.models import BankStatement, Fund
from marketplace.funds.reconciliation import Booked, Differs, compare
from marketplace.funds.terms import BankLine
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from tests.factories import Make

M = Movement
DAY = date(2027, 1, 12)
HEAD = "流水号,交易日期,借方金额,贷方金额,摘要,对方户名\n"


def line(number: str, amount: int, text: str = "", day: date = DAY) -> BankLine:
    return BankLine(number, day, amount, text)


def booked(key: int, amount: int, reference: str = "", day: date = DAY) -> Booked:
    return Booked(key, day, amount, reference)


@pytest.mark.parametrize(
    ("lines", "movements", "pairs", "differences"),
    [
        ([line("a", -5)], [booked(1, -5)], [("a", 1)], []),
        ([line("a", -5)], [booked(1, 5)], [], [Differs.MISSING_THERE, Differs.MISSING_HERE]),
        ([line("a", -5, "货款 HT-1-7-1，谢谢")], [booked(1, -6, "HT-1-7-1")], [("a", 1)], [Differs.AMOUNT]),
        ([line("a", -5, "HT-1-7-12")], [booked(1, -6, "HT-1-7-1")], [], [Differs.MISSING_THERE, Differs.MISSING_HERE]),
        (
            [line("a", -5, "HT-1-2-1"), line("b", -5)],
            [booked(1, -5), booked(2, -5, "HT-1-2-1")],
            [("a", 2), ("b", 1)],
            [],
        ),
        ([line("a", -5)], [booked(1, -5, day=DAY - timedelta(days=10))], [("a", 1)], []),
        ([line("a", -5)], [booked(1, -5, day=DAY - timedelta(days=11))], [], [Differs.MISSING_HERE]),
        ([line("a", -5), line("b", -5)], [booked(1, -5)], [("a", 1)], [Differs.MISSING_HERE]),
        (
            [line("a", -5), line("z", 9, day=DAY + timedelta(days=2))],
            [booked(1, -5, day=DAY + timedelta(days=1)), booked(2, -5)],
            [("a", 2)],
            [Differs.MISSING_THERE, Differs.MISSING_HERE],
        ),
    ],
)
def test_lines_and_movements_are_paired_and_differences_named(
    lines: list[BankLine], movements: list[Booked], pairs: list[tuple[str, int]], differences: list[Differs]
) -> None:
    found = compare(lines, movements)
    assert list(found.pairs) == pairs
    assert [each.kind for each in found.differences] == differences


def workbook(rows: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "A1,2027-01-12,15000,,HT-1-7-1,嘉禾大学\nA2,20270112,,500.5,退款,\n").encode("gb18030"),
        (HEAD + "A1,2027/1/12 09:30:00,15000.00,0,HT-1-7-1,嘉禾大学\n\nA2,2027年1月12日,,500.50,退款,\n").encode("utf-8-sig"),
        b"Number,Date,Amount,Note\nA1,2027-01-12,\"-15,000\",HT-1-7-1 \xe5\x98\x89\nA2,2027-01-12,+500.5,x\n",
        workbook([["number", "date", "amount"], ["A1", "2027-01-12", -15000], ["A2", "2027-01-12", 500.5]]),
    ],
)  # fmt: skip
def test_statements_are_read_as_banks_write_them(data: bytes) -> None:
    assert [(each.number, each.day, each.amount) for each in bank.read(data)] == [
        ("A1", DAY, -1_500_000), ("A2", DAY, 50_050),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"\x00\x01", "funds.bank_file"),
        (b"a,b\n1,2\n", "funds.bank_columns"),
        (HEAD.encode(), "funds.bank_file"),
        ((HEAD + "A1,yesterday,1,,,\n").encode(), "funds.bank_line"),
        ((HEAD + "A1,2027-01-12,4+8,,,\n").encode(), "funds.bank_line"),
        ((HEAD + "A1,2027-02-30,1,,,\n").encode(), "funds.bank_line"),
        ((HEAD + "A1,2027-01-12,1,2,,\n").encode(), "funds.bank_line"),
        ((HEAD + "A1,2027-01-12,,,,\n").encode(), "funds.bank_line"),
        ((HEAD + ",2027-01-12,1,,,\n").encode(), "funds.bank_line"),
        ((HEAD + "A1,2027-01-12,1,,,\n" * 2).encode(), "funds.bank_twice"),
        ((HEAD + "A1,2027-01-12,1,,,\n" * 2001).encode(), "funds.bank_many"),
        (b"PK\x03\x04 not a workbook", "imports.workbook"),
    ],
)
def test_files_that_make_no_sense_are_refused_with_the_line(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        bank.read(data)
    assert (refused.value.code, refused.value.field) == (code, "upload")


@pytest.fixture
def fund(make: Make) -> Fund:
    """Two payments of a contract, of which the ledger knows the references, and one fund's own money."""
    row = make.fund(10_000_000)
    values: dict[str, Any] = {"subject_kind": "contract", "subject_id": 1, "memo": "HT-2027-0001"}
    for movement, amount, key in (
        (M.RESERVE, 3_000_000, "r"), (M.COMMIT, 3_000_000, "c"), (M.PAY, 1_500_000, "payment:7:1"),
        (M.PAY, 700_000, "payment:8:1"),
    ):  # fmt: skip
        ledger.move(make.call(), row.id, movement, amount, key=key, **values)
    db.session.commit()
    return row


FILE = (
    HEAD
    + "A1,2027-01-12,15000,,HT-2027-0001-7-1,嘉禾大学\nA2,2027-01-12,7001,,HT-2027-0001-8-1,\nA3,2027-01-12,88,,手续费,\n"
).encode()


def test_a_rehearsal_shows_the_differences_and_writes_nothing(make: Make, sign_in: Any, fund: Fund) -> None:
    officer, address = sign_in(make.officer(), "en"), f"/funds/{fund.id}/bank"
    assert officer.get(address).status_code == 200
    page = officer.post(address, data={"upload": (io.BytesIO(FILE), "jan.csv")}).text
    for words in ("3 differences", "Another amount", "The bank has it", "The ledger has it", "-¥7,001", "手续费"):
        assert words in page, words
    assert db.session.query(BankStatement).count() == 0
    signed = page.split('name="signed" value="')[1].split('"')[0]
    assert officer.post(f"{address}/keep", data={"signed": signed + "x"}).status_code == 409
    assert officer.post(f"/funds/{make.fund().id}/bank/keep", data={"signed": signed}).status_code == 409
    assert officer.post(f"{address}/keep", data={"signed": signed}).status_code == 303
    row = db.session.query(BankStatement).one()
    assert (row.lines, row.matched, [d["kind"] for d in row.differences]) == (
        3, 2, ["missing_there", "amount", "missing_here"],
    )  # fmt: skip
    assert officer.post(f"{address}/keep", data={"signed": signed}).status_code == 409, "a file is kept once"
    assert "2 of 3 lines" in officer.get(address).text
    again = officer.post(address, data={"upload": (io.BytesIO(FILE.replace(b"A1", b"B1")), "feb.csv")}).text
    assert "0 of 3 lines" in again, "what an earlier statement explained is no partner any more"
    assert db.session.query(AuditRecord).filter_by(command="funds.keep_bank_statement").count() == 1


def test_only_staff_compare_and_only_those_who_handle_money_keep(make: Make, sign_in: Any, fund: Fund) -> None:
    address = f"/funds/{fund.id}/bank"
    auditor, member = sign_in(make.account(Role.AUDITOR), "en"), sign_in(make.owner(make.enterprise()))
    assert auditor.get(address).status_code == 200
    for reader in (auditor, member):
        assert reader.post(address, data={"upload": (io.BytesIO(FILE), "x.csv")}).status_code == 403
        assert reader.post(f"{address}/keep", data={"signed": ""}).status_code == 403
    wrong = sign_in(make.officer(), "en").post(address, data={"upload": (io.BytesIO(b"a,b\n1,2"), "x.csv")})
    assert wrong.status_code == 422
    assert "names the columns" in wrong.text
