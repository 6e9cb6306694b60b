"""A payment order as CSV and XLSX, as it went to the bank. No cell can become a formula, whoever chose its text."""

from __future__ import annotations

import io
from decimal import Decimal

from flask_babel import gettext as _

from marketplace.contracts.models import PaymentOrder
from marketplace.funds.exports import Cell, as_csv
from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.money import yuan

xlsxwriter = LazyModule("xlsxwriter")


def rows(order: PaymentOrder) -> tuple[list[str], list[list[Cell]]]:
    """Return headings and lines of an order."""
    head = [
        _("Payment reference"),
        _("Payee"),
        _("Unified social credit code"),
        _("Fund"),
        _("Amount (yuan)"),
        _("Purpose"),
    ]
    names = ("reference", "payee", "payee_uscc", "fund")
    lines: list[list[Cell]] = [
        [*(line[name] for name in names), yuan(line["amount"]), line["purpose"]] for line in order.lines
    ]
    return head, lines


def csv_of(order: PaymentOrder) -> bytes:
    return as_csv(*rows(order))


def xlsx_of(order: PaymentOrder) -> bytes:
    """One sheet; amounts are numbers, everything else is text."""
    head, lines = rows(order)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": order.reference})
        amount = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 24)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for number, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                if isinstance(cell, Decimal):
                    sheet.write(number, column, cell, amount)
                else:
                    sheet.write_string(number, column, str(cell))
    return file.getvalue()
