"""A member's own pages: the seats, reading and scoring the bids, and the others' scores once the own are handed in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import contents, shortlists
from marketplace.bids import queries as bids
from marketplace.bids.models import Bid
from marketplace.evaluation import policy, queries, service
from marketplace.evaluation.forms import ScoreForm
from marketplace.evaluation.models import Member
from marketplace.evaluation.views.blueprint import bp
from marketplace.evaluation.workflow import ACTIVE, MEMBER
from marketplace.kernel.errors import NotFound
from marketplace.storage import service as storage
from marketplace.web.errors import refusals_on
from marketplace.web.forms import EmptyForm, ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.pages import paginate

Answer = Response | tuple[str, int]


@bp.get("/evaluations")
@access(SIGNED_IN)
def mine() -> str:
    """The committees the reader sits on."""
    return render_template("evaluation/mine.html", page=paginate(queries.list_seats(g.call.actor)))


@bp.get("/evaluations/<int:evaluation_id>")
@access(SIGNED_IN)
def seat(evaluation_id: int) -> str:
    """What the reader has to do on one committee."""
    return _seat_page(queries.get_seat(g.call, evaluation_id), ReasonForm(), EmptyForm())


@bp.post("/evaluations/<int:evaluation_id>/accept")
@access(SIGNED_IN)
def accept_seat(evaluation_id: int) -> Answer:
    """Take the seat and declare to have no interest."""
    form = EmptyForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.accept_seat(g.call, evaluation_id)
            flash(_("Thank you. You are told when scoring begins."), "success")
            return redirect(url_for("evaluation.seat", evaluation_id=evaluation_id), 303)
    return _seat_page(queries.get_seat(g.call, evaluation_id), ReasonForm(formdata=None), form), 422


@bp.post("/evaluations/<int:evaluation_id>/decline")
@access(SIGNED_IN)
def decline_seat(evaluation_id: int) -> Answer:
    """Step down."""
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.decline_seat(g.call, evaluation_id, form.reason.data or "")
            flash(_("Noted. The centre appoints somebody else."), "success")
            return redirect(url_for("evaluation.mine"), 303)
    return _seat_page(queries.get_seat(g.call, evaluation_id), form, EmptyForm(formdata=None)), 422


@bp.get("/evaluations/<int:evaluation_id>/bids/<int:bid_id>")
@access(SIGNED_IN)
def score(evaluation_id: int, bid_id: int) -> str:
    """One bid, and the points the reader gives it."""
    member, bid = _readable(evaluation_id, bid_id)
    given = queries.sheets_of([member])[bid.id][member.id]
    rows = [{"points": given.get(criterion.id)} for criterion in member.evaluation.criteria]
    remark = queries.remarks_of([member]).get((bid.id, member.id), "")
    form = ScoreForm(member.evaluation.criteria, data={"rows": rows, "remark": remark})
    return _score_page(member, bid, form)


@bp.post("/evaluations/<int:evaluation_id>/bids/<int:bid_id>")
@access(SIGNED_IN)
def save_score(evaluation_id: int, bid_id: int) -> Answer:
    """Keep the points for one bid."""
    member, bid = _readable(evaluation_id, bid_id)
    form = ScoreForm(member.evaluation.criteria)
    if form.validate_on_submit():
        with refusals_on(form):
            service.save_scores(g.call, evaluation_id, bid_id, form.points(), form.remark.data or "")
            flash(_("Kept. Nobody else sees your points before you hand them in."), "success")
            return redirect(url_for("evaluation.seat", evaluation_id=evaluation_id), 303)
    return _score_page(member, bid, form), 422


@bp.post("/evaluations/<int:evaluation_id>/submit")
@access(SIGNED_IN)
def submit_scores(evaluation_id: int) -> Response:
    """Hand the points in."""
    service.submit_scores(g.call, evaluation_id)
    flash(_("Handed in. You see the others' points now, and the others see yours."), "success")
    return redirect(url_for("evaluation.seat", evaluation_id=evaluation_id), 303)


@bp.get("/evaluations/<int:evaluation_id>/bids/<int:bid_id>/files/<int:file_id>")
@access(SIGNED_IN)
def attachment(evaluation_id: int, bid_id: int, file_id: int) -> Response:
    """An attachment of a bid that the reader judges."""
    _member, bid = _readable(evaluation_id, bid_id)
    row = contents.files_of(bid).get(file_id)
    if row is None:
        raise NotFound("file")
    return storage.send(row.file)


def _readable(evaluation_id: int, bid_id: int) -> tuple[Member, Bid]:
    """A bid of the order whose committee the reader has joined; whoever has not accepted reads none."""
    member = queries.get_seat(g.call, evaluation_id)
    if member.accepted_at is None:
        raise NotFound("bid")
    for bid in queries.judged_bids(member.evaluation.order):
        if bid.id == bid_id:
            return member, bid
    raise NotFound("bid")


def _score_page(member: Member, bid: Bid, form: ScoreForm) -> str:
    content = queries.terms_of(bid)
    return render_template(
        "evaluation/score.html",
        member=member,
        evaluation=member.evaluation,
        order=member.evaluation.order,
        bid=bid,
        content=content,
        teams=bids.teams_named(load.team for load in content.loads),
        answers={answer.target: answer for answer in content.answers},
        files=contents.files_of(bid),
        form=form,
        may_score=bool(policy.may_score(g.call.actor, member, member.evaluation)),
    )


def _seat_page(member: Member, reason: ReasonForm, form: EmptyForm) -> str:
    evaluation = member.evaluation
    judged = queries.judged_bids(evaluation.order) if member.accepted_at else []
    seated = [each for each in evaluation.members if each.state in ACTIVE]
    shown = seated if policy.may_see_others(member) else [member]
    handed_in = [each for each in shown if each.submitted_at is not None or each.id == member.id]
    own = queries.sheets_of([member])
    complete = {bid.id for bid in judged if len(own[bid.id][member.id]) == len(evaluation.criteria)}
    return render_template(
        "evaluation/seat.html",
        member=member,
        evaluation=evaluation,
        order=evaluation.order,
        bids=judged,
        concepts=len(shortlists.concepts_of(evaluation.order)) if member.accepted_at else 0,
        may_vote=bool(policy.may_vote(g.call.actor, member, evaluation)),
        complete=complete,
        shown=handed_in,
        sheets=queries.sheets_of(handed_in),
        see_others=bool(policy.may_see_others(member)),
        may_accept=MEMBER.allows(member.state, "accept"),
        may_decline=MEMBER.allows(member.state, "replace"),
        may_score=bool(policy.may_score(g.call.actor, member, evaluation)),
        reason=reason,
        form=form,
    )
