"""The evaluation of one order, for the centre: committee, interests, scores once locked, signs worth a look."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.models import Account
from marketplace.bids import queries as bids
from marketplace.bids import twice
from marketplace.conflicts.queries import Found
from marketplace.db.base import db
from marketplace.evaluation import composing, concepts, flags, policy, queries, service
from marketplace.evaluation.experts import experts
from marketplace.evaluation.forms import MemberForm
from marketplace.evaluation.models import Evaluation, Member
from marketplace.evaluation.terms import STANDARD
from marketplace.evaluation.views.blueprint import bp
from marketplace.evaluation.workflow import ACTIVE, EVALUATION, EXCLUSION, MEMBER, EvaluationState, MemberState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.fields import Field
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of
from marketplace.orders.workflow import OrderState
from marketplace.talent import queries as talent
from marketplace.web import words
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.forms import EmptyForm, ReasonForm
from marketplace.web.guards import access
from marketplace.web.words import event_label, sentence

LEADERS = (Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)


@bp.get("/orders/<int:order_id>/evaluation")
@access(*LEADERS, Role.AUDITOR)
def show(order_id: int) -> str:
    """Where the evaluation stands."""
    order = _read(order_id)
    return _page(order, MemberForm(formdata=None))


@bp.post("/orders/<int:order_id>/evaluation/members")
@access(*LEADERS)
def appoint(order_id: int) -> Response | tuple[str, int]:
    """Invite a member."""
    order, form, found = _read(order_id), MemberForm(), []
    if form.validate_on_submit():
        with refusals_on(form):
            try:
                service.appoint(g.call, order_id, form.email.data or "", expert=form.expert.data)
            except Conflict as refused:
                found = _links(order, form.email.data or "") if refused.code == "evaluation.conflict" else []
                raise
            flash(_("Invited. Scoring can begin once every member has accepted."), "success")
            return redirect(url_for("evaluation.show", order_id=order_id), 303)
    return _page(order, form, found), 422


@bp.post("/orders/<int:order_id>/evaluation/experts/<int:researcher_id>")
@access(*LEADERS)
def appoint_expert(order_id: int, researcher_id: int) -> Response | tuple[str, int]:
    """Invite somebody from the directory of experts."""
    order, form = _read(order_id), MemberForm(formdata=None)
    expert = talent.get_researcher(g.call, researcher_id)
    if EmptyForm().validate_on_submit():
        with refusals_on(form):
            service.appoint(g.call, order_id, expert.account.email, expert=True)
            flash(_("Invited. Scoring can begin once every member has accepted."), "success")
            return redirect(url_for("evaluation.show", order_id=order_id), 303)
    return _page(order, form, _links(order, expert.account.email)), 422


@bp.get("/orders/<int:order_id>/evaluation/members/<int:member_id>/replace")
@access(*LEADERS)
def replace_form(order_id: int, member_id: int) -> str:
    """Why a member leaves."""
    order, member = _member(order_id, member_id)
    return render_template("evaluation/replace.html", order=order, member=member, form=ReasonForm())


@bp.post("/orders/<int:order_id>/evaluation/members/<int:member_id>/replace")
@access(*LEADERS)
def replace_member(order_id: int, member_id: int) -> Response | tuple[str, int]:
    """Take a member off the committee."""
    (order, member), form = _member(order_id, member_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.replace_member(g.call, order_id, member_id, form.reason.data or "")
            flash(_("The member is off the committee; the reason is on record."), "success")
            return redirect(url_for("evaluation.show", order_id=order_id), 303)
    return render_template("evaluation/replace.html", order=order, member=member, form=form), 422


@bp.post("/orders/<int:order_id>/evaluation/begin")
@access(*LEADERS)
def begin(order_id: int) -> Response:
    """Scoring begins."""
    service.begin_scoring(g.call, order_id)
    flash(_("Scoring has begun; the members are told."), "success")
    return redirect(url_for("evaluation.show", order_id=order_id), 303)


@bp.post("/orders/<int:order_id>/evaluation/lock")
@access(*LEADERS)
def lock(order_id: int) -> Response:
    """The scores are locked."""
    service.lock_scores(g.call, order_id)
    flash(_("The scores are locked and go into the matching round."), "success")
    return redirect(url_for("evaluation.show", order_id=order_id), 303)


def _read(order_id: int) -> Order:
    order = orders.get_order(g.call, order_id)
    if (order.opened_at is None and order.concepts_at is None) or not policy.may_read_committee(g.call.actor, order):
        raise NotFound("evaluation")
    return order


def _member(order_id: int, member_id: int) -> tuple[Order, Member]:
    order = _read(order_id)
    row = queries.of_order(order)
    for member in row.members if row else []:
        if member.id == member_id and MEMBER.allows(member.state, "replace"):
            return order, member
    raise NotFound("member")


def _links(order: Order, email: str) -> list[Found]:
    row = queries.of_order(order)
    account = db.session.scalar(db.select(Account).where(Account.email == email.strip().lower()))
    return queries.conflicts_of(g.call, row, account.person_id) if row and account else []


def _page(order: Order, form: MemberForm, found: list[Found] | None = None) -> str:
    row = queries.of_order(order)
    members = [member for member in row.members if member.state in ACTIVE] if row else []
    voting = order.state is OrderState.CONCEPTS
    counting = concepts.electorate(order, row) if voting else members
    may_appoint, field = _may_appoint(order, row), _field(order)
    opened = bids.list_opened(order)
    entries = queries.entries_of(opened)
    exclusions = queries.exclusions_of(order)
    locked = row is not None and row.state is EvaluationState.LOCKED
    return render_template(
        "evaluation/show.html",
        order=order,
        row=row,
        criteria=row.criteria if row else STANDARD,
        rules=rules_of(order),
        members=row.members if row else [],
        problems=composing.problems(rules_of(order), len(counting), sum(member.expert for member in counting)),
        replaceable={m.id for m in members if MEMBER.allows(m.state, "replace") and not policy.vote_stays(m, order)},
        form=form,
        found=found or [],
        may_appoint=may_appoint,
        experts=experts(g.call, order, row, field) if may_appoint else [],
        fields=words.choices(Field),
        field=field,
        voting=voting,
        bids={bid.id: bid for bid in opened},
        results=queries.results_of(row) if row and locked else [],
        sheets=queries.sheets_of(members) if locked else {},
        seated=members,
        low=flags.abnormally_low(entries),
        red=flags.red_flags(entries, order.bidding_from or order.published_at, order.bid_deadline),
        alike=twice.alike(order, opened),
        exclusions=exclusions,
        undecided={key for key, said in exclusions.items() if EXCLUSION.allows(said.state, "confirm")},
        may_lead=bool(policy.may_lead(g.call.actor, order)),
        judged=[bid for bid in opened if bid.state in queries.JUDGED],
        actions=_actions(order, row),
    )


def _field(order: Order) -> Field | None:
    """The field in which experts are looked for: the order's own unless another one, or every one, is asked for."""
    asked = request.args.get("field")
    return order.field if asked is None else Field(asked) if asked in set(Field) else None


def _may_appoint(order: Order, row: Evaluation | None) -> bool:
    """Before scoring begins, and in two stages before the vote on the concepts is complete or after the second opening."""
    if not policy.may_lead(g.call.actor, order) or (row is not None and row.state is not EvaluationState.SETUP):
        return False
    if order.opened_at is not None:
        return True
    return order.state is OrderState.CONCEPTS and not (row is not None and concepts.is_complete(order, row))


def _actions(order: Order, row: Evaluation | None) -> list[Action]:
    decision = policy.may_lead(g.call.actor, order)
    if row is None or decision.reason == "hidden" or order.opened_at is None:
        return []
    questions = {
        "begin": _("Begin the scoring? The committee stays as it is from now on."),
        "lock": _("Lock the scores? They can never be changed again."),
    }
    waiting = (
        {MemberState.INVITED, MemberState.READY} if row.state is EvaluationState.SCORING else {MemberState.INVITED}
    )
    unready = any(member.state in waiting for member in row.members)
    missing = (
        ("evaluation.not_all" if row.state is EvaluationState.SCORING else "evaluation.not_accepted") if unready else ""
    )
    code = decision.reason or missing
    reason = sentence(code, {}) if code else ""
    return [
        Action(
            event_label("evaluation", event),
            url_for(f"evaluation.{event}", order_id=order.id),
            "post",
            "primary",
            questions[event],
            reason,
        )
        for event in EVALUATION.events(row.state)
    ]
