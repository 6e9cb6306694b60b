"""Awards for their parties and the staff: publish, follow, confirm, start the contract."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.awards import policy, queries, reading, service
from marketplace.awards.freezing import is_frozen
from marketplace.awards.models import Award
from marketplace.awards.queries.tasks import unpublished
from marketplace.awards.service.confirming import require_startable
from marketplace.awards.views.blueprint import RUNNERS, Page, bp
from marketplace.awards.workflow import AWARD, ENDED, Party
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.policy import Decision
from marketplace.orders.workflow import OrderState
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.pages import paginate
from marketplace.web.words import sentence


@bp.get("/awards")
@access(SIGNED_IN)
def index() -> Page:
    return render_template("awards/index.html", page=paginate(queries.list_awards(g.call.actor)))


@bp.get("/awards/to-announce")
@access(*RUNNERS)
def to_announce() -> Page:
    """Approved matches that are not public yet, by the run that found them."""
    return render_template("awards/to_announce.html", runs=unpublished(g.call))


@bp.post("/awards/announce/<int:proposal_id>")
@access(*RUNNERS)
def announce(proposal_id: int) -> Page:
    award = service.announce(g.call, proposal_id)
    flash(_("Published. Bidders and members may object until the standstill ends."), "success")
    return redirect(url_for("awards.show", award_id=award.id), 303)


@bp.post("/awards/release/<int:run_id>")
@access(*RUNNERS)
def release_run(run_id: int) -> Page:
    service.release_run(g.call, run_id)
    flash(_("Published: every approved match of the run."), "success")
    return redirect(url_for("awards.index"), 303)


@bp.get("/awards/<int:award_id>")
@access(SIGNED_IN)
def show(award_id: int) -> Page:
    return _page(queries.get_award(g.call, award_id))


@bp.post("/awards/<int:award_id>/confirm/<party>")
@access(SIGNED_IN)
def confirm(award_id: int, party: str) -> Page:
    service.confirm(g.call, award_id, _party(party))
    flash(_("Confirmed. The contract follows when the standstill is over and both sides have confirmed."), "success")
    return redirect(url_for("awards.show", award_id=award_id), 303)


@bp.post("/awards/<int:award_id>/decline/<party>")
@access(SIGNED_IN)
def decline(award_id: int, party: str) -> Page:
    form, side = ReasonForm(), _party(party)
    if form.validate_on_submit():
        with refusals_on(form):
            service.decline(g.call, award_id, side, form.reason.data or "")
            flash(_("Declined. The order is under evaluation again."), "success")
            return redirect(url_for("awards.show", award_id=award_id), 303)
    return _page(queries.get_award(g.call, award_id), form), 422


@bp.post("/awards/<int:award_id>/start")
@access(*RUNNERS)
def start_contract(award_id: int) -> Page:
    service.start_contract(g.call, award_id)
    flash(_("The parties draw the contract up now."), "success")
    return redirect(url_for("awards.show", award_id=award_id), 303)


@bp.post("/awards/<int:award_id>/move-up")
@access(*RUNNERS)
def move_up(award_id: int) -> Page:
    proposal = service.move_up(g.call, award_id)
    flash(_("This is the next alternative by rank. Propose it; a different person approves it."), "success")
    return redirect(url_for("rounds.proposal", proposal_id=proposal.id), 303)


def _party(text: str) -> Party:
    if text not in set(Party):
        raise NotFound("award")
    return Party(text)


def _speaks_for(award: Award) -> list[Party]:
    """The sides for which the reader may give the word now."""
    sides = queries.sides_of(award)
    asked: dict[Party, Decision] = {
        Party.ENTERPRISE: policy.may_confirm_enterprise(g.call.actor, sides),
        Party.TEAM: policy.may_confirm_team(g.call.actor, sides),
    }
    return [party for party, decision in asked.items() if decision]


def _page(award: Award, form: ReasonForm | None = None) -> str:
    actor, standing = g.call.actor, AWARD.allows(award.state, "start_contract")
    given = {Party.ENTERPRISE: award.enterprise_confirmed_at, Party.TEAM: award.team_confirmed_at}
    speaks = _speaks_for(award) if standing else []
    runs = bool(policy.may_start(actor, award.proposal.run.round.alliance_id))
    known = queries.complaints_of(actor, award)
    return render_template(
        "awards/show.html",
        award=award,
        steps=reading.steps(award, g.call),
        paid=reading.paid(award),
        to_confirm=[p for p in speaks if given[p] is None and g.call.now < award.confirm_by],
        may_decline=speaks,
        form=form or ReasonForm(formdata=None),
        frozen=standing and is_frozen(award.id, g.call.now),
        complaints=[reading.of(actor, row) for row in known],
        runs=runs,
        start_reason=_start_reason(award) if runs and standing else "",
        may_start=runs and standing,
        may_undo=AWARD.allows(award.state, "undo") and bool(policy.may_reverse(actor, (), ())),
        reversals=queries.reversals_of(award) if actor.reads_everything else [],
        may_move_up=runs and award.state in ENDED and award.order.state is OrderState.EVALUATING,
        here=request.path,
    )


def _start_reason(award: Award) -> str:
    try:
        require_startable(g.call, award)
    except Conflict as refused:
        return sentence(refused.code, refused.values)
    return ""
