"""A member reads the concepts of an order in two stages and votes on them."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import contents, shortlists
from marketplace.bids import queries as bids
from marketplace.bids.models import ConceptPart
from marketplace.evaluation import concepts, policy, queries, service
from marketplace.evaluation.forms import VoteForm
from marketplace.evaluation.models import Member
from marketplace.evaluation.views.blueprint import bp
from marketplace.kernel.errors import NotFound
from marketplace.storage import service as storage
from marketplace.web.errors import refusals_on
from marketplace.web.guards import SIGNED_IN, access


@bp.get("/evaluations/<int:evaluation_id>/concepts")
@access(SIGNED_IN)
def vote(evaluation_id: int) -> str:
    """The concepts, and the reader's vote on each."""
    member, parts = _readable(evaluation_id)
    return _page(member, parts, VoteForm(data={"votes": [{"bid": part.bid_id} for part in parts]}))


@bp.post("/evaluations/<int:evaluation_id>/concepts")
@access(SIGNED_IN)
def cast_votes(evaluation_id: int) -> Response | tuple[str, int]:
    """Hand the vote in."""
    (member, parts), form = _readable(evaluation_id), VoteForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.cast_votes(g.call, evaluation_id, form.to_terms())
            flash(_("Your vote is handed in. You see the others' votes as they come."), "success")
            return redirect(url_for("evaluation.vote", evaluation_id=evaluation_id), 303)
    return _page(member, parts, form), 422


@bp.get("/evaluations/<int:evaluation_id>/concepts/<int:bid_id>/files/<int:file_id>")
@access(SIGNED_IN)
def concept_attachment(evaluation_id: int, bid_id: int, file_id: int) -> Response:
    """An attachment of a concept that the reader votes on."""
    _member, parts = _readable(evaluation_id)
    for part in parts:
        if part.bid_id == bid_id and file_id in {each.file for each in shortlists.terms_of(part).attachments}:
            row = contents.files_of(part.bid).get(file_id)
            if row is not None:
                return storage.send(row.file)
    raise NotFound("file")


def _readable(evaluation_id: int) -> tuple[Member, list[ConceptPart]]:
    """The reader's seat and the opened concepts; whoever has not accepted reads none."""
    member = queries.get_seat(g.call, evaluation_id)
    order = member.evaluation.order
    if member.accepted_at is None or order.concepts_at is None:
        raise NotFound("concepts")
    return member, shortlists.concepts_of(order)


def _page(member: Member, parts: list[ConceptPart], form: VoteForm) -> str:
    order = member.evaluation.order
    terms = {part.bid_id: shortlists.terms_of(part) for part in parts}
    voters = concepts.electorate(order, member.evaluation)
    see = bool(policy.may_see_votes(member))
    return render_template(
        "evaluation/vote.html",
        member=member,
        evaluation=member.evaluation,
        order=order,
        parts=parts,
        terms=terms,
        answers={key: {answer.target: answer for answer in each.answers} for key, each in terms.items()},
        teams=bids.teams_named(load.team for each in terms.values() for load in each.loads),
        files={part.bid_id: contents.files_of(part.bid) for part in parts},
        rows={row.form.bid.data: row.form for row in form.votes},
        form=form,
        may_vote=bool(policy.may_vote(g.call.actor, member, member.evaluation)),
        votes=concepts.votes_of(voters if see else []),
        people={each.id: each.account.person.name for each in voters},
        waiting=sum(each.voted_at is None for each in voters),
    )
