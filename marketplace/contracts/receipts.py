"""The bank's answer as CSV or XLSX: one line per payment, with the reference of our payment order. All of it is read, or none."""

from __future__ import annotations

import csv
import io

from marketplace.contracts.terms import ReceiptLine
from marketplace.contracts.workflow import ReceiptOutcome
from marketplace.kernel import money
from marketplace.kernel.errors import Invalid
from marketplace.storage import sheets

MOST_BYTES = 1024 * 1024
MOST_LINES = 5_000
MOST_UNPACKED = 8 * MOST_BYTES
COLUMNS = {
    "number": ("number", "流水号", "回单编号"),
    "reference": ("reference", "payment reference", "付款编号"),
    "outcome": ("outcome", "结果"),
    "amount": ("amount", "amount (yuan)", "金额", "金额（元）"),
    "note": ("note", "备注", "附言"),
}
OUTCOMES = {
    "paid": ReceiptOutcome.PAID,
    "成功": ReceiptOutcome.PAID,
    "failed": ReceiptOutcome.FAILED,
    "失败": ReceiptOutcome.FAILED,
    "returned": ReceiptOutcome.RETURNED,
    "退回": ReceiptOutcome.RETURNED,
    "退汇": ReceiptOutcome.RETURNED,
}


def read(data: bytes) -> list[ReceiptLine]:
    """Return the lines of a workbook or CSV file (UTF-8, GB 18030); raises Invalid on ``upload`` naming the first wrong line."""
    if not data:
        raise Invalid("file.empty", field="upload")
    if len(data) > MOST_BYTES:
        raise Invalid("file.too_large", {"limit": MOST_BYTES // 1024 // 1024}, field="upload")
    rows = sheets.cells(data, MOST_UNPACKED, MOST_LINES + 1) if data.startswith(b"PK") else _csv(data)
    if len(rows) > MOST_LINES + 1:
        raise Invalid("contracts.receipt_many", {"most": MOST_LINES}, field="upload")
    places = _places(rows[0] if rows else [])
    lines = [_line(number, row, places) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if not lines:
        raise Invalid("contracts.receipt_file", field="upload")
    if len({line.number for line in lines}) != len(lines):
        raise Invalid("contracts.receipt_twice", field="upload")
    return lines


def _csv(data: bytes) -> list[list[str]]:
    reader = csv.reader(io.StringIO(_text(data), newline=""))
    try:
        return [row for _number, row in zip(range(MOST_LINES + 2), reader, strict=False)]
    except csv.Error as error:
        raise Invalid("contracts.receipt_file", field="upload") from error


def _text(data: bytes) -> str:
    if b"\x00" in data:
        raise Invalid("contracts.receipt_file", field="upload")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("contracts.receipt_file", field="upload")


def _places(head: list[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in head]
    places = {key: names.index(name) for key, known in COLUMNS.items() for name in known if name in names}
    if not {"number", "reference", "outcome", "amount"} <= set(places):
        raise Invalid("contracts.receipt_columns", field="upload")
    return places


def _line(number: int, row: list[str], places: dict[str, int]) -> ReceiptLine:
    cells = {key: row[place].strip() if place < len(row) else "" for key, place in places.items()}
    outcome = OUTCOMES.get(cells["outcome"].casefold())
    try:
        amount = money.parse(cells["amount"])
    except ValueError as error:
        raise Invalid("contracts.receipt_line", {"line": number}, field="upload") from error
    if outcome is None or not cells["number"] or not cells["reference"] or len(cells["number"]) > 60:
        raise Invalid("contracts.receipt_line", {"line": number}, field="upload")
    return ReceiptLine(cells["number"], cells["reference"][:80], outcome.value, amount, cells.get("note", "")[:300])
