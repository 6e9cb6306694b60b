"""The approvals desk: many matches on one page, each decided on its own; and the table of approval levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.accounts.proving import is_fresh, proved
from marketplace.approvals.models import ApprovalLevel
from marketplace.approvals.workflow import LEVEL
from marketplace.awards import policy, queries, service
from marketplace.awards.forms import LevelForm, SeenForm
from marketplace.awards.views.blueprint import PANEL, Page, bp
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Expired, Refused
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal
from marketplace.rounds.workbench import pieces
from marketplace.rounds.workflow import ProposalState
from marketplace.web.errors import refusals_on
from marketplace.web.guards import access
from marketplace.web.words import sentence

LONGEST = 1000
MOST_ROWS = 200
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row, as a tone and a sentence."""

    proposal_id: int
    reference: str
    title: str
    tone: str
    text: str


@bp.get("/approvals")
@access(*PANEL)
def approvals() -> Page:
    return _desk_page()


@bp.post("/approvals")
@access(*PANEL)
@proved
def decide_many() -> Page:
    """Decide each row in a use case of its own: what one row is refused for keeps no other from being approved."""
    chosen = [key for key in request.form.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19]
    try:
        outcomes = [outcome for key in chosen[:MOST_ROWS] if (outcome := _decide(int(key))) is not None]
    except Expired:
        return _desk_page(request.form), 409
    return render_template("awards/approvals_done.html", outcomes=outcomes)


def _decide(proposal_id: int) -> Outcome | None:
    """``what-7`` says approve, reject or later; ``seen-7`` what was read; ``why-7`` the reason; ``comment`` is for all."""
    what = request.form.get(f"what-{proposal_id}", "later")
    try:
        if what == "approve":
            seen = request.form.get(f"seen-{proposal_id}", "")
            comment = (request.form.get("comment") or "").replace("\x00", "")[:LONGEST]
            row = rounds.approve(g.call, proposal_id, seen, comment)
            done = row.state is ProposalState.APPROVED
            text = (
                _("Approved; the money is reserved.") if done else _("Approved; further persons must approve as well.")
            )
            return _outcome(row, "good" if done else "waiting", text)
        if what == "reject":
            why = (request.form.get(f"why-{proposal_id}") or "").replace("\x00", "")[:LONGEST]
            row = rounds.reject(g.call, proposal_id, why)
            return _outcome(row, "neutral", _("Rejected; the order is under evaluation again."))
    except Expired:
        raise  # it is nothing about this row: the whole desk is shown again
    except Refused as refused:
        text = sentence(refused.code, refused.values)
        return Outcome(proposal_id, "", "", "bad", text)
    return None


def _outcome(row: Proposal, tone: str, text: str) -> Outcome:
    return Outcome(row.id, row.order.reference, row.order.title, tone, text)


def _desk_page(typed: Mapping[str, str] = NOTHING) -> str:
    """``typed`` comes from a page that was open too long: shown again where the match is still the one that was read."""
    rows = queries.desk(g.call)
    read = {row.proposal.id for row in rows if typed.get(f"seen-{row.proposal.id}") == row.proposal.content_hash}
    return render_template(
        "awards/approvals.html",
        rows=[(row, pieces(row.option), sentence(row.why_not, {}) if row.why_not else "") for row in rows],
        chosen={key: typed.get(f"what-{key}", "later") for key in read},
        typed=typed,
        fresh=is_fresh(g.call),
        may_reject=g.call.actor.has(Role.CENTRE_OFFICER),
    )


@bp.get("/approvals/levels")
@access(*PANEL, Role.AUDITOR)
def levels() -> Page:
    return _levels_page(_level_form(formdata=None))


@bp.post("/approvals/levels")
@access(*PANEL)
def propose_level() -> Page:
    form = _level_form()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_level(g.call, form.to_terms())
            flash(_("Proposed. A different person must now approve it."), "success")
            return redirect(url_for("awards.levels"), 303)
    return _levels_page(form), 422


@bp.post("/approvals/levels/<int:level_id>/end")
@access(*PANEL)
def propose_level_end(level_id: int) -> Page:
    service.propose_level_end(g.call, level_id)
    flash(_("Proposed. The level counts until a second person agrees to its end."), "success")
    return redirect(url_for("awards.levels"), 303)


@bp.post("/approvals/levels/<int:level_id>/approve")
@access(*PANEL)
@proved
def approve_level(level_id: int) -> Page:
    service.approve_level(g.call, level_id, SeenForm().seen.data or "")
    flash(_("Approved: the table of levels has changed."), "success")
    return redirect(url_for("awards.levels"), 303)


@bp.post("/approvals/levels/<int:level_id>/refuse")
@access(*PANEL)
def refuse_level(level_id: int) -> Page:
    service.refuse_level(g.call, level_id)
    flash(_("Refused: the table of levels stays as it was."), "success")
    return redirect(url_for("awards.levels"), 303)


def _level_form(**given: Any) -> LevelForm:
    form = LevelForm(**given)
    form.offer()
    return form


def _levels_page(form: LevelForm) -> str:
    rows = queries.list_levels()
    own = queries.proposed_levels(g.call)
    may_set = bool(policy.may_set_levels(g.call.actor))
    return render_template(
        "awards/levels.html", rows=rows, own=own, form=form, may_set=may_set, acts=_acts(rows, may_set)
    )


def _acts(rows: list[ApprovalLevel], may_set: bool) -> dict[int, tuple[bool, bool]]:
    """Per level: whether it waits for a second person, and whether its end may be proposed."""
    second = {row.id: LEVEL.allows(row.state, "approve") or LEVEL.allows(row.state, "end") for row in rows}
    return {row.id: (may_set and second[row.id], may_set and LEVEL.allows(row.state, "propose_end")) for row in rows}
