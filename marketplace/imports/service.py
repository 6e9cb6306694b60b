"""Writes of imports: one use case per file, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.imports import needs, results
from marketplace.imports.terms import NeedsTerms, Result, ResultsTerms, Row, Trouble
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid
from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.orders.references import take_reference
from marketplace.talent.models import Capability, Evidence, Team
from marketplace.talent.workflow import CAPABILITY, CapabilityState, EvidenceKind

USUAL_DAYS = 200
"""Person-days per quarter of a team that an import makes; the team's lead corrects them."""
USUAL_PRICES = (10_000_000, 60_000_000)  # fen
USUAL_TRL = (3, 7)
SUMMARY_TITLES = 5


@use_case
def import_needs(call: Call, rows: Sequence[Row], terms: NeedsTerms, digest: str) -> list[Order]:
    """Make an order of every need of the file with SHA-256 ``digest``; Invalid ``imports.problems`` when one row is wrong."""
    planned, troubles = needs.plan(call, rows, terms)
    _require_none(troubles)
    alliance = needs.alliance_of(terms.alliance)
    prefix, _, first = take_reference(call.now).rpartition("-")
    orders = [
        needs.order_of(call, need, terms, alliance.id, f"{prefix}-{number:04d}")
        for number, need in enumerate(planned, int(first))
    ]
    db.session.add_all(orders)
    db.session.flush()
    published = sum(order.published_at is not None for order in orders)
    detail = {"file": digest, "orders": len(orders), "published": published, "first": orders[0].reference}
    audit.record(call, "imports.needs", "alliance", alliance.id, detail)
    return orders


@use_case
def import_results(call: Call, rows: Sequence[Row], terms: ResultsTerms, digest: str) -> list[Capability]:
    """Make published capabilities of a file's results, as evidence; Invalid ``imports.problems`` when one row is wrong."""
    planned, troubles = results.plan(call, rows, terms)
    _require_none(troubles)
    grouped = results.deal(planned, terms.teams)
    teams = _teams(call, {(organisation, name) for organisation, name, _field in grouped})
    capabilities = [
        _capability(call, teams[organisation, name], field, found)
        for (organisation, name, field), found in grouped.items()
    ]
    db.session.add_all(capabilities)
    db.session.flush()
    detail = {"file": digest, "results": len(planned), "capabilities": len(capabilities), "teams": len(teams)}
    audit.record(call, "imports.capabilities", "organisation", teams[next(iter(teams))].organisation_id, detail)
    return capabilities


def _require_none(troubles: Sequence[Trouble]) -> None:
    if troubles:
        raise Invalid("imports.problems", {"count": len(troubles)})


def _teams(call: Call, wanted: set[tuple[int, str]]) -> Mapping[tuple[int, str], Team]:
    """The teams with these (organisation, name), made where there is none yet."""
    organisations = {organisation for organisation, _name in wanted}
    rows = db.session.scalars(select(Team).where(Team.organisation_id.in_(organisations)))
    teams = {(row.organisation_id, row.name): row for row in rows if (row.organisation_id, row.name) in wanted}
    for key in sorted(wanted - set(teams)):
        team = Team(organisation_id=key[0], name=key[1], capacity_days=USUAL_DAYS, created_at=call.now)
        db.session.add(team)
        teams[key] = team
    db.session.flush()
    return teams


def _capability(call: Call, team: Team, field: Field, found: Sequence[Result]) -> Capability:
    """One published capability, its evidence the results; it is called after the first of them."""
    return Capability(
        team_id=team.id,
        title=found[0].title[:190] + (f" 等 {len(found)} 项" if len(found) > 1 else ""),
        summary=found[0].summary or "；".join(result.title for result in found[:SUMMARY_TITLES]),
        field=field,
        trl_from=USUAL_TRL[0],
        trl_to=USUAL_TRL[1],
        price_from=USUAL_PRICES[0],
        price_to=USUAL_PRICES[1],
        state=CAPABILITY.require(CapabilityState.DRAFT, "publish"),
        published_at=call.now,
        created_at=call.now,
        evidence=[
            Evidence(
                kind=EvidenceKind.PROJECT,
                title=result.title,
                body=result.summary,
                year=result.year,
                reference=result.row.cells["id"],
            )
            for result in found
        ],
    )
