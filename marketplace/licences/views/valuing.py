"""What a patent may be worth, and what a bank asks for before it lends on it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from flask import g, render_template, request
from werkzeug.wrappers import Response

from marketplace.kernel import money
from marketplace.kernel.errors import Conflict
from marketplace.licences import pledge, queries
from marketplace.licences.views.blueprint import bp
from marketplace.patents import drawings, policy
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent
from marketplace.patents.workflow import LegalState
from marketplace.pools import valuation
from marketplace.storage import typeset
from marketplace.web.guards import SIGNED_IN, access

MONEY = ("cost", "base", "sales")
bp.add_app_template_filter(pledge.assumed)
bp.add_app_template_filter(pledge.burdens)


@dataclass(frozen=True, slots=True)
class Valued:
    """A patent with its estimates and what they rest on; ``inside`` readers see what it earned."""

    patent: Patent
    signals: valuation.Signals
    assumptions: valuation.Assumptions
    estimates: list[valuation.Estimate]
    inside: bool
    months: int
    today: date


@bp.get("/patents/<int:patent_id>/value")
@access(SIGNED_IN)
def value(patent_id: int) -> str:
    return render_template("licences/value.html", **_shown(_valued(patent_id)))


@bp.get("/patents/<int:patent_id>/pledge-sheet")
@access(SIGNED_IN)
def pledge_sheet(patent_id: int) -> str:
    """The sheet for a bank as a page, with the way to the file; the owner's and the centre's only."""
    valued = _pledged(patent_id)
    return render_template(
        "licences/pledge_sheet.html",
        **_shown(valued),
        standing=pledge.standing_of(valued.patent, valued.today),
        life=drawings.life(valued.patent, valued.today),
    )


@bp.get("/patents/<int:patent_id>/pledge-sheet.pdf")
@access(SIGNED_IN)
def pledge_pdf(patent_id: int) -> Response:
    """The same sheet as a file that the bank can keep."""
    valued = _pledged(patent_id)
    standing = pledge.standing_of(valued.patent, valued.today)
    values = pledge.printed(valued.patent, valued.signals, valued.assumptions, valued.estimates, standing, valued.today)
    content = typeset.render(pledge.TEMPLATE, values, g.call.now)
    headers = {"Content-Disposition": f'attachment; filename="pledge-{valued.patent.full_number}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


def _pledged(patent_id: int) -> Valued:
    valued = _valued(patent_id)
    policy.may_see_calendar(g.call.actor, valued.patent.owner_id).require()
    if valued.patent.sold_on is not None:
        raise Conflict("licences.pledge_sold", {"day": valued.patent.sold_on})
    return valued


def _shown(valued: Valued) -> dict[str, object]:
    return {each.name: getattr(valued, each.name) for each in fields(Valued)}


def _valued(patent_id: int) -> Valued:
    patent = patents.get_patent(g.call, patent_id)
    licences, royalties = queries.history_of(patent.id)
    inside = bool(policy.may_see_calendar(g.call.actor, patent.owner_id))
    signals = valuation.Signals(
        kind=patent.kind,
        filed_on=patent.filed_on,
        expires_on=patent.expires_on,
        granted=patent.state is LegalState.GRANTED,
        claims=patent.claim_count,
        family=len(patents.family_of(g.call.actor, patent)) + 1,
        citations=patent.citations,
        licences=licences,
        royalties=royalties if inside else 0,
    )
    assumptions, today = _assumed(), patents.today(g.call)
    estimates = valuation.estimates(signals, assumptions, today)
    months = valuation.remaining_months(signals, today)
    return Valued(patent, signals, assumptions, estimates, inside, months, today)


def _assumed() -> valuation.Assumptions:
    """The assumptions of the address; what makes no sense keeps its default."""
    found = valuation.Assumptions()
    for each in fields(valuation.Assumptions):
        text = request.args.get(each.name, "")
        try:
            given = money.parse(text) if each.name in MONEY else int(money.parse(text))
        except ValueError:
            continue
        if each.name in MONEY or given <= money.BASIS:
            found = replace(found, **{each.name: given})
    return found
