"""What everybody may read of an award: who, for how much where that is public, and why."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for

from marketplace.awards import policy, queries, reading
from marketplace.awards.freezing import is_frozen
from marketplace.awards.models import Award
from marketplace.awards.views.blueprint import Page, bp
from marketplace.kernel.errors import NotFound
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import paginate
from marketplace.web.words import sentence


@bp.get("/notices")
@access(PUBLIC)
def notices() -> Page:
    return render_template("awards/notices.html", page=paginate(queries.list_notices(g.call.actor)))


@bp.get("/notices/<int:award_id>")
@access(PUBLIC)
def notice(award_id: int) -> Page:
    award = queries.get_noticed(g.call, award_id)
    may, why_not = _may_object(award)
    return render_template(
        "awards/notice.html",
        award=award,
        steps=reading.steps(award, g.call),
        parts=reading.public_parts(award),
        reasons=reading.public_reasons(award),
        frozen=is_frozen(award.id, g.call.now),
        may_object=may,
        object_reason=why_not,
        party=bool(policy.may_see(g.call.actor, queries.sides_of(award))),
    )


@bp.get("/orders/<int:order_id>/notice")
@access(PUBLIC)
def notice_of_order(order_id: int) -> Page:
    """Lead to the newest notice of an order."""
    award = reading.newest_award_of(order_id)
    if award is None:
        raise NotFound("award")
    return redirect(url_for("awards.notice", award_id=queries.get_noticed(g.call, award.id).id), 303)


@bp.app_template_global()
def notice_of(order_id: int) -> Award | None:
    """Return the newest award of an order, for the link on the page of an order that the reader sees."""
    return reading.newest_award_of(order_id)


def _may_object(award: Award) -> tuple[bool, str]:
    """Whether the reader may object now, and the reason shown instead of the button."""
    if not queries.takes_objections(g.call, award):
        return False, ""
    actor = g.call.actor
    bidder = bool(queries.losing_bids_of(actor, award)) if actor.grants else False
    member = bool(queries.member_organisations(actor)) if actor.organisations else False
    decision = policy.may_object(actor, queries.sides_of(award), bidder=bidder, member=member)
    return bool(decision), "" if decision else sentence(decision.reason, {})
