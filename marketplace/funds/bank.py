"""A bank's statement as CSV or XLSX, one line per booking, as banks name their columns. All of it is read, or none."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.funds.terms import BankLine
from marketplace.kernel import days, money
from marketplace.kernel.errors import Invalid
from marketplace.storage import sheets

MOST_BYTES = 1024 * 1024
MOST_LINES = 2_000
MOST_UNPACKED = 8 * MOST_BYTES
COLUMNS = {
    "number": ("number", "流水号", "交易流水号", "凭证号", "回单编号"),
    "day": ("date", "交易日期", "记账日期", "日期"),
    "out": ("paid out", "debit", "借方金额", "借方发生额", "支出金额", "支出"),
    "in": ("paid in", "credit", "贷方金额", "贷方发生额", "收入金额", "收入"),
    "amount": ("amount", "金额", "金额（元）", "发生额"),
    "text": ("note", "摘要", "附言", "用途", "备注"),
    "reference": ("reference", "付款编号"),
    "party": ("counterparty", "对方户名", "对方名称"),
}


def read(data: bytes) -> list[BankLine]:
    """Return the lines of a workbook or CSV file; raises Invalid on ``upload`` naming the first line that makes no sense.

    Money in and out stand in two columns, or in one with a sign. Numbers are the bank's own and occur once.
    """
    if not data:
        raise Invalid("file.empty", field="upload")
    if len(data) > MOST_BYTES:
        raise Invalid("file.too_large", {"limit": MOST_BYTES // 1024 // 1024}, field="upload")
    workbook = data.startswith(b"PK")
    rows = sheets.cells(data, MOST_UNPACKED, MOST_LINES + 1) if workbook else sheets.csv_cells(data, MOST_LINES + 1)
    if not rows:
        raise Invalid("funds.bank_file", field="upload")
    if len(rows) > MOST_LINES + 1:
        raise Invalid("funds.bank_many", {"most": MOST_LINES}, field="upload")
    places = _places(rows[0])
    lines = [_line(number, row, places) for number, row in enumerate(rows[1:], 2) if any(str(c).strip() for c in row)]
    if not lines:
        raise Invalid("funds.bank_file", field="upload")
    if len({line.number for line in lines}) != len(lines):
        raise Invalid("funds.bank_twice", field="upload")
    return lines


def _places(head: Sequence[object]) -> dict[str, int]:
    names = [str(cell).strip().casefold() for cell in head]
    places = {key: names.index(name) for key, known in COLUMNS.items() for name in reversed(known) if name in names}
    if not {"number", "day"} <= set(places) or not ({"out", "in"} <= set(places) or "amount" in places):
        raise Invalid("funds.bank_columns", field="upload")
    return places


def _line(number: int, row: Sequence[object], places: dict[str, int]) -> BankLine:
    cells = {key: str(row[place]).strip() if place < len(row) else "" for key, place in places.items()}
    try:
        amount = _amount(cells)
        day = days.parse_cell(cells["day"])
    except (ValueError, Invalid) as error:
        raise Invalid("funds.bank_line", {"line": number}, field="upload") from error
    if not amount or not cells["number"] or len(cells["number"]) > 60:
        raise Invalid("funds.bank_line", {"line": number}, field="upload")
    text = " ".join(filter(None, (cells.get(key, "") for key in ("reference", "text", "party"))))
    return BankLine(cells["number"], day, amount, text[:300])


def _amount(cells: dict[str, str]) -> int:
    """Fen, with its sign; two columns of which one is filled, or one column."""
    if "amount" in cells and not (cells.get("in") or cells.get("out")):
        return money.parse_signed(cells["amount"])
    came, went = (money.parse_signed(cells.get(key) or "0") for key in ("in", "out"))
    if came and went:
        raise ValueError("money cannot come in and go out in one line")
    return came - went
