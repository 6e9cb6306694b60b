"""A statement as XLSX (three sheets with numbers) and as PDF, in the reader's language. No cell can become a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from marketplace.funds.exports import Cell, subject, subject_name, write_sheet
from marketplace.funds.models import LedgerTransaction
from marketplace.funds.statements import Statement
from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.money import yuan
from marketplace.storage import typeset
from marketplace.web.filters import CITY, in_language
from marketplace.web.words import label

xlsxwriter = LazyModule("xlsxwriter")
TEMPLATE = Path(__file__).parent / "documents" / "statement.typ"
Table = tuple[list[str], list[list[Cell]]]


def title(statement: Statement) -> str:
    return str(_("Statement of %(month)s", month=statement.month.strftime("%Y-%m")))


def balances(statement: Statement) -> Table:
    """Each purse, and the whole budget, in yuan."""
    head = [_("Money that is"), _("Opening balance"), _("Came in"), _("Went out"), _("Closing balance")]
    lines: list[list[Cell]] = [
        [str(label(each.purse)), yuan(each.opening), yuan(each.into), yuan(each.out), yuan(each.closing)]
        for each in statement.balances
    ]
    whole: list[Cell] = [_("Budget"), yuan(statement.opening), None, None, yuan(statement.closing)]
    return head, [*lines, whole]


def purposes(statement: Statement) -> Table:
    """What moved, by movement and what it was for."""
    head = [_("Movement"), _("For what"), _("How many movements"), _("Amount (yuan)")]
    return head, [
        [str(label(each.movement)), subject_name(each.subject_kind), each.count, yuan(each.amount)]
        for each in statement.purposes
    ]


def movements(statement: Statement, *, with_parties: bool) -> Table:
    """Every movement with what was available after it; memos only ``with_parties``."""
    head = [_("Number"), _("Time"), _("Movement"), _("For what"), _("Amount (yuan)"), _("Available after (yuan)")]
    left, lines = statement.balances[0].opening, []
    for row in statement.lines:
        left += sum(entry.amount for entry in row.entries if entry.purse is statement.balances[0].purse)
        lines.append(_line(row, left, with_parties))
    return head, lines


def _line(row: LedgerTransaction, left: int, with_parties: bool) -> list[Cell]:
    purpose = f"{subject(row)} {row.memo}".strip() if with_parties else subject(row)
    return [row.id, row.at.astimezone(CITY), str(label(row.movement)), purpose, yuan(row.amount), yuan(left)]


def as_xlsx(statement: Statement, *, with_parties: bool) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": f"{statement.fund.name} {title(statement)}"})
        write_sheet(book, _("Balances"), *balances(statement))
        write_sheet(book, _("Purposes"), *purposes(statement))
        write_sheet(book, _("Movements"), *movements(statement, with_parties=with_parties))
    return file.getvalue()


def as_pdf(statement: Statement, at: datetime, language: str, *, with_parties: bool) -> bytes:
    """Return the printed statement; ``at`` is when it was asked for, ``language`` that of its hyphenation ("zh", "en")."""
    values = {
        "lang": language,
        "title": title(statement),
        "subtitle": f"{in_language(statement.fund)} · {statement.fund.code} · {label(statement.fund.kind)}",
        "footer": f"{statement.fund.code} · {at.astimezone(CITY):%Y-%m-%d %H:%M}",
        "page": _("Page"),
        "balances": _printed(_("Balances (yuan)"), balances(statement)),
        "purposes": _printed(_("By purpose"), purposes(statement)),
        "movements": {
            **_printed(_("Movements"), movements(statement, with_parties=with_parties)),
            "none": _("Nothing moved in this month."),
        },
    }
    return typeset.render(TEMPLATE, values, at)


def _printed(name: str, table: Table) -> dict[str, Any]:
    head, lines = table
    return {"title": name, "head": head, "rows": [_texts(line) for line in lines]}


def _texts(line: Sequence[Cell]) -> list[str]:
    return [_text(cell, first=place == 0) for place, cell in enumerate(line)]


def _text(cell: Cell, *, first: bool) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%m-%d %H:%M}"
    if cell is None or isinstance(cell, (str, int)):
        return "" if cell is None else str(cell)
    return f"{cell:,.2f}" if not first else str(cell)
