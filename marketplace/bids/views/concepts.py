"""Between two stages: the opened concepts side by side, and the shortlist that two people make of them."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import contents, policy, queries, recommending, service, shortlists
from marketplace.bids.forms import ShortlistForm
from marketplace.bids.models import ConceptPart, Shortlist
from marketplace.bids.views.blueprint import bp
from marketplace.bids.views.files import opened_attachment
from marketplace.bids.views.opening import OPENERS
from marketplace.bids.views.readers import READERS
from marketplace.bids.workflow import ShortlistState, Verdict
from marketplace.db.base import db
from marketplace.kernel.call import UNIVERSITY, Call
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of
from marketplace.orders.workflow import OrderState
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.filters import in_language
from marketplace.web.forms import EmptyForm
from marketplace.web.guards import access
from marketplace.web.words import sentence


@bp.get("/orders/<int:order_id>/concepts")
@access(*READERS)
def concepts(order_id: int) -> str:
    """The opened concepts and what became of them."""
    order = _order(order_id)
    return _page(order, _filled(order))


def _filled(order: Order) -> ShortlistForm:
    """The form with what is proposed now, else with what the committee recommends."""
    row = shortlists.of_order(order)
    votes = recommending.vote_on(order) or {}
    rows = [
        {
            "bid": part.bid_id,
            "goes": _goes(part, votes.get(part.bid_id)),
            "reason": part.reason,
            "departure": part.departure,
        }
        for part in shortlists.concepts_of(order)
    ]
    return ShortlistForm(formdata=None, data={"choices": rows, "deadline": row.deadline if row else None})


@bp.post("/orders/<int:order_id>/concepts/shortlist")
@access(*OPENERS)
def propose_shortlist(order_id: int) -> Response | tuple[str, int]:
    """Propose who goes on."""
    order, form = _order(order_id), ShortlistForm()
    if form.validate_on_submit():
        with refusals_on(form):
            deadline: Any = form.deadline.data
            service.propose_shortlist(g.call, order_id, form.to_choices(), deadline)
            flash(_("Proposed. A different person must confirm it now."), "success")
            return redirect(url_for("bids.concepts", order_id=order_id), 303)
    return _page(order, form), 422


@bp.post("/orders/<int:order_id>/concepts/confirm")
@access(*OPENERS)
def confirm_shortlist(order_id: int) -> Response | tuple[str, int]:
    """Confirm it as a different person; what stands in the way is said on the page of the shortlist."""
    order = _order(order_id)
    form = _filled(order)
    if EmptyForm().validate_on_submit():
        with refusals_on(form):
            service.confirm_shortlist(g.call, order_id)
            flash(
                _("Confirmed. The teams on the shortlist can write their full bids; everybody was told why."), "success"
            )
            return redirect(url_for("bids.concepts", order_id=order_id), 303)
    db.session.rollback()
    return _page(order, form), 409


@bp.get("/bids/<int:bid_id>/concept-files/<int:file_id>")
@access(*READERS, *sorted(UNIVERSITY))
def concept_file(bid_id: int, file_id: int) -> Response:
    """An attachment of an opened concept."""
    part = shortlists.get_concept(g.call, bid_id)
    if file_id not in {attachment.file for attachment in shortlists.terms_of(part).attachments}:
        raise NotFound("file")
    return opened_attachment(part.bid, file_id)


def _order(order_id: int) -> Order:
    order = orders.get_order(g.call, order_id)
    if not policy.reads_concepts(g.call.actor, order):
        raise NotFound("order")
    return order


def _goes(part: ConceptPart, vote: recommending.Vote | None) -> Verdict | None:
    """What was proposed, else what the committee recommends."""
    goes = part.chosen if part.chosen is not None else vote.recommended if vote else None
    return None if goes is None else Verdict.GOES if goes else Verdict.STAYS


def _page(order: Order, form: ShortlistForm) -> str:
    row, parts = shortlists.of_order(order), shortlists.concepts_of(order)
    choosing = order.state is OrderState.CONCEPTS
    leads = bool(policy.may_shortlist(g.call.actor, order))
    votes = recommending.vote_on(order)
    reads_votes = policy.reads_votes(g.call.actor, order)
    return render_template(
        "bids/concepts.html",
        order=order,
        concepts=[(part, shortlists.terms_of(part), shortlists.is_unaltered(part)) for part in parts],
        teams=queries.teams_named(load.team for part in parts for load in shortlists.terms_of(part).loads),
        files={part.bid_id: contents.files_of(part.bid) for part in parts},
        closed=queries.list_closed(order) if choosing else [],
        shortlist=row,
        is_proposed=row is not None and row.state is ShortlistState.PROPOSED,
        is_confirmed=row is not None and row.state is ShortlistState.CONFIRMED,
        form=form,
        answers_of=lambda terms: {answer.target: answer for answer in terms.answers},
        organisations_by_bid={str(part.bid_id): in_language(part.bid.team.organisation) for part in parts},
        teams_by_bid={str(part.bid_id): in_language(part.bid.team) for part in parts},
        least=rules_of(order).min_bids,
        days=rules_of(order).full_days,
        votes=votes if votes and (reads_votes or not choosing) else {},
        reads_votes=reads_votes,
        may_choose=choosing and leads and (votes is not None or not recommending.needs_vote(order)),
        vote_waits=choosing and leads and votes is None and recommending.needs_vote(order),
        actions=_actions(g.call, order, row),
    )


def _actions(call: Call, order: Order, row: Shortlist | None) -> list[Action]:
    """Return the second person's button; who proposed reads why it is another's."""
    if row is None or row.state is not ShortlistState.PROPOSED or order.state is not OrderState.CONCEPTS:
        return []
    reason = policy.may_shortlist(call.actor, order).reason
    if reason == "hidden":
        return []
    if call.actor.person in shortlists.proposers(order, row):
        reason = "approvals.same_person"
    question = _(
        "The teams on the shortlist are asked for full bids, the others are told why not. It cannot be undone."
    )
    url = url_for("bids.confirm_shortlist", order_id=order.id)
    return [
        Action(_("Confirm the shortlist"), url, "post", "primary", question, sentence(reason, {}) if reason else "")
    ]
