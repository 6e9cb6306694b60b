"""Pages of monthly statements, and of a bank's statement compared with the ledger: a rehearsal first, then what is kept."""

from __future__ import annotations

import hashlib
from dataclasses import astuple
from datetime import date
from pathlib import PurePath
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from marketplace.funds import bank, bank_queries, policy, queries, service, statement_files
from marketplace.funds.exports import subject_name
from marketplace.funds.forms import BankForm
from marketplace.funds.models import BankStatement, Fund
from marketplace.funds.reconciliation import Differs
from marketplace.funds.service.bank import plain
from marketplace.funds.statements import Statement, month_of, months, statement_of
from marketplace.funds.terms import BankLine
from marketplace.funds.views.blueprint import CONTRIBUTORS, STAFF, Page, bp
from marketplace.kernel.errors import Conflict
from marketplace.web.errors import refusals_on
from marketplace.web.filters import CITY
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import label

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_FOR = 3600
"""Seconds between a rehearsal and the press that keeps it."""


@bp.get("/funds/<int:fund_id>/statements")
@access(SIGNED_IN)
def statements(fund_id: int) -> Page:
    """The months of a fund, and the one that was chosen."""
    fund = queries.get_fund(g.call, fund_id)
    known = months(fund, g.call.now.astimezone(CITY).date())
    chosen = month_of(request.args["month"]) if request.args.get("month") else (known[0] if known else None)
    statement = statement_of(fund, chosen) if chosen else None
    return render_template(
        "funds/statements.html",
        fund=fund,
        months=known,
        chosen=chosen,
        statement=statement,
        purposes=[
            {
                "movement": label(each.movement),
                "subject": subject_name(each.subject_kind),
                "count": each.count,
                "amount": each.amount,
            }
            for each in (statement.purposes if statement else ())
        ],
    )


@bp.get("/funds/<int:fund_id>/statements/<month>.xlsx")
@access(SIGNED_IN)
def statement_xlsx(fund_id: int, month: str) -> Response:
    statement = _statement(fund_id, month)
    return _file(statement, statement_files.as_xlsx(statement, with_parties=_parties()), XLSX, "xlsx")


@bp.get("/funds/<int:fund_id>/statements/<month>.pdf")
@access(SIGNED_IN)
def statement_pdf(fund_id: int, month: str) -> Response:
    statement = _statement(fund_id, month)
    language = "zh" if str(get_locale()).startswith("zh") else "en"
    content = statement_files.as_pdf(statement, g.call.now, language, with_parties=_parties())
    return _file(statement, content, "application/pdf", "pdf")


@bp.get("/funds/<int:fund_id>/bank")
@STAFF
def bank_page(fund_id: int) -> Page:
    return _bank_page(BankForm(), queries.get_fund(g.call, fund_id))


@bp.post("/funds/<int:fund_id>/bank")
@CONTRIBUTORS
def compare_bank(fund_id: int) -> Page:
    """The rehearsal: nothing is written; the lines travel, signed, to the press that keeps the comparison."""
    fund, form = queries.get_fund(g.call, fund_id), BankForm()
    policy.may_contribute(g.call.actor).require()
    if form.validate_on_submit():
        with refusals_on(form):
            data = form.upload.data.read(bank.MOST_BYTES + 1)
            lines = bank.read(data)
            name = PurePath(form.upload.data.filename or "").name
            found = bank_queries.comparison_of(fund.id, lines)
            kept = {"fund": fund.id, "digest": hashlib.sha256(data).hexdigest(), "name": name}
            signed = _signer().dumps({**kept, "lines": [_plain(line) for line in lines]})
            return render_template(
                "funds/bank_check.html",
                fund=fund,
                found=found,
                rows=_rows([plain(each) for each in found.differences]),
                lines=lines,
                signed=signed,
                name=name,
            )
    return _bank_page(form, fund), 422


@bp.post("/funds/<int:fund_id>/bank/keep")
@CONTRIBUTORS
def keep_bank(fund_id: int) -> Page:
    try:
        kept: dict[str, Any] = _signer().loads(request.form.get("signed", ""), max_age=KEPT_FOR)
    except BadData as error:
        raise Conflict("funds.bank_again") from error
    if kept["fund"] != fund_id:
        raise Conflict("funds.bank_again")
    lines = [BankLine(number, date.fromisoformat(day), amount, text) for number, day, amount, text in kept["lines"]]
    row = service.keep_bank_statement(g.call, fund_id, lines, kept["digest"], kept["name"])
    flash(
        _("Kept: %(matched)s of %(lines)s lines belong to the ledger.", matched=row.matched, lines=row.lines), "success"
    )
    return redirect(url_for("funds.bank_page", fund_id=fund_id), 303)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="bank-statement")


def _plain(line: BankLine) -> list[Any]:
    number, day, amount, text = astuple(line)
    return [number, day.isoformat(), amount, text]


def _bank_page(form: BankForm, fund: Fund) -> str:
    may_import = policy.may_contribute(g.call.actor)
    kept = bank_queries.list_statements(fund.id)
    return render_template("funds/bank.html", form=form, fund=fund, kept=kept, may_import=may_import, rows_of=_rows_of)


def _rows_of(row: BankStatement) -> list[tuple[Differs, Any, Any]]:
    return _rows(row.differences)


def _rows(differences: list[dict[str, Any]]) -> list[tuple[Differs, Any, Any]]:
    return [(Differs(each["kind"]), each["line"], each["movement"]) for each in differences]


def _statement(fund_id: int, month: str) -> Statement:
    return statement_of(queries.get_fund(g.call, fund_id), month_of(month))


def _parties() -> bool:
    return bool(policy.may_see_parties(g.call.actor))


def _file(statement: Statement, content: bytes, media_type: str, ending: str) -> Response:
    name = f"{statement.fund.code}-{statement.month:%Y-%m}.{ending}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
