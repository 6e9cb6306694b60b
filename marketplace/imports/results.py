"""Technology results: whose they are, and how those that name no team are dealt to teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from marketplace.db.base import db
from marketplace.imports import checks
from marketplace.imports.terms import Result, ResultsTerms, Row, Trouble, Unreadable
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.kernel.numbers import narrow
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent.models import Capability, Evidence, Team

COLUMNS = frozenset({"id", "title", "text", "summary", "team", "institution", "field", "year"})
NUMBERS = frozenset({"id", "year"})
FIRST_YEAR = 1900
DEALT = "技术成果团队 {number}"
"""What the teams are called that results without a team are dealt to."""


def plan(call: Call, rows: Sequence[Row], terms: ResultsTerms) -> tuple[list[Result], list[Trouble]]:
    """Return the results to import, in the order of the file, and everything that is wrong; reads, and writes nothing."""
    by_name, default = _institutions(terms.organisation)
    troubles: list[Trouble] = []
    checks.require_different(rows, troubles)
    known = _known({default, *by_name.values()})
    found = []
    for row in rows:
        wrong: list[Trouble] = []
        result = _result(call, row, by_name, default, wrong)
        if not wrong and (result.organisation_id, row.cells["id"]) in known:
            wrong.append(Trouble(row.line, "id", "imports.known"))
        troubles += wrong
        found.append(result)
    return found, troubles


def _institutions(uscc: str) -> tuple[Mapping[str, int], int]:
    query = select(Organisation).where(
        Organisation.kind != OrganisationKind.ENTERPRISE, Organisation.state == OrganisationState.VERIFIED
    )
    rows = db.session.scalars(query.order_by(Organisation.id)).all()
    default = next((row.id for row in rows if row.uscc == uscc.upper()), None)
    if default is None:
        raise Unreadable("imports.no_institution", {"name": uscc[:40]})
    return {row.name: row.id for row in rows}, default


def _known(organisations: set[int]) -> set[tuple[int, str]]:
    """The references of evidence that these organisations' teams have already."""
    query = (
        select(Team.organisation_id, Evidence.reference)
        .join(Capability, Capability.id == Evidence.capability_id)
        .join(Team, Team.id == Capability.team_id)
        .where(Evidence.reference != "")
    )
    return {(row.organisation_id, row.reference) for row in db.session.execute(query)} if organisations else set()


def _result(call: Call, row: Row, by_name: Mapping[str, int], default: int, wrong: list[Trouble]) -> Result:
    cells = row.cells
    checks.require(row, ("id",), {"id": 200, "title": 300, "text": 300, "team": 120}, wrong)
    title = cells.get("title") or "".join(cells.get("text", "").split())
    if not title:
        wrong.append(Trouble(row.line, "title", "imports.missing"))
    institution = cells.get("institution", "")
    if institution and institution not in by_name:
        wrong.append(Trouble(row.line, "institution", "imports.no_institution", {"name": institution[:40]}))
    return Result(
        row=row,
        organisation_id=by_name.get(institution, default),
        team=cells.get("team", ""),
        title=title,
        summary=cells.get("summary", ""),
        field=checks.field_of(row, wrong) or checks.guess_field(title),
        year=_year(call, row, wrong),
    )


def _year(call: Call, row: Row, wrong: list[Trouble]) -> int | None:
    text = narrow(row.cells.get("year", "")).removesuffix("年")
    if not text:
        return None
    if not (len(text) == 4 and text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= call.now.year + 1):
        wrong.append(Trouble(row.line, "year", "imports.year"))
        return None
    return int(text)


def deal(results: Sequence[Result], teams: int) -> dict[tuple[int, str, Field], list[Result]]:
    """Return the results by (organisation, team, field): one capability each.

    Those without a team are sorted by field and cut into ``teams`` slices of equal length, so that a team works in few fields.
    """
    fields = list(Field)
    grouped: dict[tuple[int, str, Field], list[Result]] = {}
    for result in (result for result in results if result.team):
        grouped.setdefault((result.organisation_id, result.team, result.field), []).append(result)
    loose = sorted((result for result in results if not result.team), key=lambda result: fields.index(result.field))
    for number, result in enumerate(loose):
        name = DEALT.format(number=number * teams // len(loose) + 1)
        grouped.setdefault((result.organisation_id, name, result.field), []).append(result)
    return grouped
