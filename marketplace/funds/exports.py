"""The ledger as CSV and XLSX. No cell can become a formula, whoever chose its text."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from flask_babel import gettext as _

from marketplace.funds.models import LedgerTransaction
from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.money import yuan
from marketplace.web.filters import CITY
from marketplace.web.words import label

xlsxwriter = LazyModule("xlsxwriter")
Cell = str | int | Decimal | datetime | None
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def rows(
    transactions: Sequence[LedgerTransaction], available: Mapping[int, int], *, with_parties: bool
) -> tuple[list[str], list[list[Cell]]]:
    """Return headings and lines; the party's number and the memo only ``with_parties``."""
    head = [_("Number"), _("Time"), _("Movement"), _("For what"), _("Amount (yuan)"), _("Available after (yuan)")]
    lines: list[list[Cell]] = [
        [t.id, t.at.astimezone(CITY), label(t.movement), subject(t), yuan(t.amount), yuan(available[t.id])]
        for t in transactions
    ]
    if with_parties:
        head += [_("Enterprise number"), _("Memo")]
        for line, t in zip(lines, transactions, strict=True):
            line += [t.enterprise_id, t.memo]
    return head, lines


def subject(transaction: LedgerTransaction) -> str:
    """What the money is for, in words, with its number."""
    number = "" if transaction.subject_id is None else f" {transaction.subject_id}"
    return f"{subject_name(transaction.subject_kind)}{number}"


def subject_name(kind: str) -> str:
    """What kind of thing money is for, in words."""
    names = {
        "proposal": _("Match"),
        "contribution": _("Contribution"),
        "contract": _("Contract"),
        "transfer": _("Transfer"),
        "order": _("Order"),
    }
    return str(names.get(kind, kind))


def as_csv(head: Sequence[str], lines: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheet programs expect of Chinese text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


class Named(Protocol):
    """Whatever has a name that becomes the book's title."""

    @property
    def name(self) -> str: ...


def as_xlsx(fund: Named, head: Sequence[str], lines: Sequence[Sequence[Cell]]) -> bytes:
    """One sheet; amounts are numbers, times are times."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": fund.name})
        write_sheet(book, None, head, lines)
    return file.getvalue()


def write_sheet(book: Any, name: str | None, head: Sequence[str], lines: Sequence[Sequence[Cell]]) -> None:
    """Add a sheet to an open workbook; text stays text, whatever it begins with."""
    formats = {
        Decimal: book.add_format({"num_format": "#,##0.00"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0 if name else 1, len(head) - 1, 20)
    sheet.write_row(0, 0, head, book.add_format({"bold": True}))
    for number, line in enumerate(lines, 1):
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write(number, column, cell, formats.get(type(cell)))


def _plain(cell: Cell) -> str:
    """Text that a spreadsheet would run gets an apostrophe in front; numbers are ours and need none."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
    return "" if cell is None else str(cell)
