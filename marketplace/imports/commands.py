"""``flask import …``: look at a file first, write it with ``--apply``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

import marketplace.imports.words  # noqa: F401 - registers what troubles are called
from marketplace.db.base import db
from marketplace.imports import files, needs, patent_service, patents, results, service
from marketplace.imports.terms import NeedsTerms, ResultsTerms, Trouble, Unreadable
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Refused
from marketplace.web.words import sentence

MOST_SHOWN = 50
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}

import_group = AppGroup("import", help="Needs and technology results from JSON lines, CSV or XLSX files.")
_file = click.argument("file", type=click.Path(path_type=Path))
_apply = click.option("--apply", "write", is_flag=True, help="Write; without it the file is only checked.")
_language = click.option("--language", type=click.Choice(sorted(LOCALES)), default="zh", show_default=True)


@import_group.command("needs")
@_file
@click.option("--alliance", required=True, help="Code of the alliance the orders are placed in.")
@click.option("--organisation", default="", help="USCC of the enterprise that owns rows naming none.")
@click.option("--published", is_flag=True, help="Publish what has no gap and let it take bids; the rest stay drafts.")
@click.option("--days", type=click.IntRange(2, 365), default=30, show_default=True, help="Days to bid when published.")
@_apply
@_language
def import_needs(
    file: Path, alliance: str, organisation: str, published: bool, days: int, write: bool, language: str
) -> None:
    """Make orders of the needs in FILE (id, title, content; optional organisation, field, own_funds, price_ceiling, deadline)."""
    call = _call()
    terms = NeedsTerms(alliance, organisation, days if published else None)
    with force_locale(LOCALES[language]):
        try:
            rows, troubles = files.read(file, needs.COLUMNS, needs.NUMBERS)
            _stop_at([*troubles, *needs.plan(call, rows, terms)[1]])
            if not write:
                return click.echo(f"{len(rows)} needs could become orders. Nothing was written; add --apply.")
            orders = service.import_needs(call, rows, terms, _digest(file))
        except Unreadable as error:
            _stop_at([error.trouble], code=2)
        except Refused as refused:
            raise click.ClickException(sentence(refused.code, refused.values)) from refused
    published_now = sum(order.published_at is not None for order in orders)
    return click.echo(
        f"{len(orders)} orders written, {orders[0].reference} to {orders[-1].reference}: "
        f"{published_now} take bids, {len(orders) - published_now} are drafts."
    )


@import_group.command("capabilities")
@_file
@click.option("--organisation", required=True, help="USCC of the university or institute of rows naming none.")
@click.option("--teams", type=click.IntRange(1, 1000), default=1, show_default=True, help="Teams for rows naming none.")
@_apply
@_language
def import_capabilities(file: Path, organisation: str, teams: int, write: bool, language: str) -> None:
    """Make evidence of the results in FILE (id, title or text; optional summary, team, institution, field, year)."""
    call = _call()
    terms = ResultsTerms(organisation, teams)
    with force_locale(LOCALES[language]):
        try:
            rows, troubles = files.read(file, results.COLUMNS, results.NUMBERS)
            _stop_at([*troubles, *results.plan(call, rows, terms)[1]])
            if not write:
                return click.echo(f"{len(rows)} results could become evidence. Nothing was written; add --apply.")
            capabilities = service.import_results(call, rows, terms, _digest(file))
        except Unreadable as error:
            _stop_at([error.trouble], code=2)
        except Refused as refused:
            raise click.ClickException(sentence(refused.code, refused.values)) from refused
    return click.echo(f"{len(rows)} results written as evidence of {len(capabilities)} published capabilities.")


@import_group.command("patents")
@_file
@click.option("--organisation", required=True, help="USCC of the member that owns the patents.")
@_apply
@_language
def import_patents(file: Path, organisation: str, write: bool, language: str) -> None:
    """Put the patents in FILE (CSV, XLSX, JSON lines, or XML after WIPO ST.36 / ST.96) into the register."""
    call = _call()
    with force_locale(LOCALES[language]):
        try:
            data = files.content(file)
            rows, troubles = patents.read(data, file.suffix)
            _stop_at([*troubles, *patents.plan(call, rows)[1]])
            owner = patents.organisation_of(organisation)
            if not write:
                return click.echo(f"{len(rows)} patents could be registered. Nothing was written; add --apply.")
            count = patent_service.import_patents(call, rows, owner, hashlib.sha256(data).hexdigest())
        except Unreadable as error:
            _stop_at([error.trouble], code=2)
        except Refused as refused:
            raise click.ClickException(sentence(refused.code, refused.values)) from refused
    return click.echo(f"{count} patents written.")


def _call() -> Call:
    return Call(Actor.system("import"), current_app.extensions["clock"](), "import")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _stop_at(troubles: Sequence[Trouble], code: int = 1) -> None:
    """Say what is wrong, by line, and end; do nothing when nothing is wrong."""
    if not troubles:
        return
    db.session.rollback()
    for trouble in sorted(troubles, key=lambda t: t.line)[:MOST_SHOWN]:
        parts = [f"{trouble.line}" if trouble.line else "", trouble.place, sentence(trouble.code, trouble.values)]
        click.echo(": ".join(part for part in parts if part) + f" [{trouble.code}]", err=True)
    if len(troubles) > MOST_SHOWN:
        click.echo(f"… {len(troubles) - MOST_SHOWN} more", err=True)
    click.echo("Nothing was imported.", err=True)
    raise SystemExit(code)
