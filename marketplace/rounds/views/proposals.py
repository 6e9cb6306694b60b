"""One match: read it, choose its funding, decide on it as the first or the second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.accounts.proving import proved
from marketplace.approvals import levels
from marketplace.approvals.service import proposers_of
from marketplace.kernel.policy import Decision, no
from marketplace.rounds import policy, queries, reading, service
from marketplace.rounds.forms import ApproveForm, ProposeForm
from marketplace.rounds.models import Proposal
from marketplace.rounds.service import interests
from marketplace.rounds.views.blueprint import READERS, RUNNERS, bp
from marketplace.rounds.workflow import PROPOSAL, ProposalState
from marketplace.web.errors import refusals_on
from marketplace.web.forms import EmptyForm, ReasonForm
from marketplace.web.guards import access
from marketplace.web.words import sentence

Page = str | tuple[str, int] | Response
LONGEST_COMMENT = 1000
APPROVED = {
    ProposalState.APPROVED: _l("Approved. The money is reserved and the parties were told."),
    ProposalState.PROPOSED: _l("Approved. The amount needs further persons before the match is made."),
}


@dataclass(frozen=True)
class Choices:
    """What the reader may do to a proposal now; a reason stands where a button would be refused."""

    propose: bool
    propose_reason: str
    approve: bool
    approve_reason: str
    take_back: bool
    reject: bool
    invite: bool


@bp.get("/proposals/<int:proposal_id>")
@access(*READERS)
def proposal(proposal_id: int) -> Page:
    return _page(queries.get_proposal(g.call, proposal_id), ProposeForm(), ReasonForm())


@bp.post("/proposals/<int:proposal_id>/propose")
@access(*RUNNERS)
def propose(proposal_id: int) -> Page:
    form = ProposeForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose(g.call, proposal_id, form.option.data or 0, comment())
            flash(_("Proposed. A different person must now approve it."), "success")
            return redirect(url_for("rounds.proposal", proposal_id=proposal_id), 303)
    return _page(queries.get_proposal(g.call, proposal_id), form, ReasonForm()), 422


@bp.post("/proposals/<int:proposal_id>/approve")
@access(*RUNNERS)
@proved
def approve(proposal_id: int) -> Page:
    form = ApproveForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.approve(g.call, proposal_id, form.seen.data or "", comment())
            flash(APPROVED[row.state], "success")
            return redirect(url_for("rounds.proposal", proposal_id=proposal_id), 303)
    return _page(queries.get_proposal(g.call, proposal_id), ProposeForm(), ReasonForm(), form.errors), 409


@bp.post("/proposals/<int:proposal_id>/take-back")
@access(*RUNNERS)
def take_back(proposal_id: int) -> Page:
    service.take_back(g.call, proposal_id)
    return redirect(url_for("rounds.proposal", proposal_id=proposal_id), 303)


@bp.post("/proposals/<int:proposal_id>/reject")
@access(*RUNNERS)
def reject(proposal_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reject(g.call, proposal_id, form.reason.data or "")
            flash(_("Rejected. The order is under evaluation again."), "success")
            return redirect(url_for("rounds.proposal", proposal_id=proposal_id), 303)
    return _page(queries.get_proposal(g.call, proposal_id), ProposeForm(), form), 422


@bp.post("/proposals/<int:proposal_id>/invite")
@access(*RUNNERS)
def invite(proposal_id: int) -> Page:
    row = service.invite(g.call, proposal_id)
    flash(_("The team's organisation gets a mail with a link to the order."), "success")
    return redirect(url_for("rounds.run", run_id=row.run_id), 303)


def _page(row: Proposal, form: ProposeForm, refusal: ReasonForm, errors: Any = None) -> str:
    form.offer(row)
    return render_template(
        "rounds/proposal.html",
        proposal=row,
        reading=reading.of(row),
        form=form,
        refusal=refusal,
        button=EmptyForm(),
        approval=ApproveForm(seen=row.content_hash),
        errors=[text for texts in (errors or {}).values() for text in texts],
        choices=_choices(row),
        approvals=_approvals(row),
        conflicts=interests.between_parties(g.call, row) if PROPOSAL.allows(row.state, "reject") and row.bid_id else [],
    )


def comment() -> str:
    """The words somebody adds to a proposal or an approval."""
    return (request.form.get("comment") or "").replace("\x00", "")[:LONGEST_COMMENT]


def _approvals(row: Proposal) -> list[levels.Needed]:
    """Which approvals the match needs and has; nothing for candidates and for what nobody proposed."""
    return levels.needed(row.price, "proposal", row.id, row.content_hash) if row.content_hash else []


def _choices(row: Proposal) -> Choices:
    actor, alliance = g.call.actor, row.run.round.alliance_id
    interests, parties = queries.interests_of(g.call), queries.parties_of(row)
    proposing = policy.may_propose(actor, alliance, interests, parties)
    approving = _may_approve(row, policy.may_approve(actor, interests, parties))
    deciding = bool(policy.may_reject(actor, alliance))
    can_propose = PROPOSAL.allows(row.state, "propose") and row.bid_id is not None
    can_approve = PROPOSAL.allows(row.state, "approve")
    return Choices(
        propose=can_propose and bool(proposing),
        propose_reason=sentence(proposing.reason, {}) if can_propose and not proposing else "",
        approve=can_approve and bool(approving),
        approve_reason=sentence(approving.reason, {}) if can_approve and not approving else "",
        take_back=PROPOSAL.allows(row.state, "change") and deciding,
        reject=PROPOSAL.allows(row.state, "reject") and deciding and row.bid_id is not None,
        invite=PROPOSAL.allows(row.state, "invite") and deciding and row.capability_id is not None,
    )


def _may_approve(row: Proposal, decision: Decision) -> Decision:
    """The service asks again; here it only decides whether a button or its reason is shown."""
    if decision and g.call.actor.person in proposers_of("proposal", row.id, row.content_hash):
        return no("approvals.same_person")
    return decision
