"""Pages of a fund's rules: a new fund, a new version, what it changes and breaks, and the second person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.funds import effects, policy, queries, service
from marketplace.funds.forms import FundForm
from marketplace.funds.models import Fund, FundRules
from marketplace.funds.sentences import sentences
from marketplace.funds.service.rules import fingerprint
from marketplace.funds.versions import as_it_would_be, begins_on, changes, restored
from marketplace.funds.views.blueprint import CONTRIBUTORS, MANAGERS, STAFF, Page, bp
from marketplace.funds.workflow import RULES, FundState
from marketplace.kernel.call import Call
from marketplace.kernel.policy import YES, no
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.filters import CITY
from marketplace.web.forms import ReasonForm

WAITING = "waiting"
"""Asks for a form that begins with the version that waits."""
NAMED = ("code", "name", "name_en", "kind", "about")
"""Parts of a version that no sentence tells."""


@bp.get("/funds/new")
@MANAGERS
def new() -> Page:
    return _fund_page(_fund_form(None), None)


@bp.post("/funds")
@MANAGERS
def create() -> Page:
    form = _fund_form(None)
    if form.validate_on_submit():
        with refusals_on(form):
            fund = service.create_fund(g.call, form.to_terms())
            flash(
                _("The fund exists as a draft. It can be opened once a different person approved its rules."), "success"
            )
            return redirect(url_for("funds.show", fund_id=fund.id), 303)
    return _fund_page(form, None), 422


@bp.get("/funds/<int:fund_id>/edit")
@MANAGERS
def edit(fund_id: int) -> Page:
    fund = queries.get_fund(g.call, fund_id)
    return _fund_page(_fund_form(fund), fund)


@bp.post("/funds/<int:fund_id>")
@MANAGERS
def propose(fund_id: int) -> Page:
    fund = queries.get_fund(g.call, fund_id)
    form = _fund_form(fund)
    if form.validate_on_submit():
        with refusals_on(form):
            day = form.effective_on.data or _today()
            row = service.propose_rules(g.call, fund_id, form.to_terms(), day, form.why.data or "", form.seen_version)
            flash(
                _("Proposed. The rules hold from their day on, once a different person has approved them."), "success"
            )
            return redirect(url_for("funds.rules", rules_id=row.id), 303)
    meanwhile = form.show_version(fund.version, _standing_form(fund))
    return _fund_page(form, fund, meanwhile), 409 if meanwhile else 422


@bp.get("/fund-rules/<int:rules_id>")
@STAFF
def rules(rules_id: int) -> Page:
    """One version: what becomes different, and which open matches it breaks."""
    row = queries.get_rules(g.call, rules_id)
    then = as_it_would_be(row.fund, row.rules)
    before, after = sentences(row.fund), sentences(then)
    waits = row.state not in RULES.terminal and row.applied_at is None
    return render_template(
        "funds/rules.html",
        row=row,
        fund=row.fund,
        named=_named(row),
        gone=[line for line in before if line not in after] if waits else [],
        added=[line for line in after if line not in before] if waits else [],
        kept=[line for line in after if line in before or not waits],
        waits=waits,
        broken=effects.broken_by(then, max(begins_on(row), _today())) if waits else [],
        why=words.sentence,
        actions=_actions(row),
    )


@bp.post("/fund-rules/<int:rules_id>/approve")
@CONTRIBUTORS
def approve_rules(rules_id: int) -> Page:
    row = service.approve_rules(g.call, rules_id, request.form.get("seen", ""))
    flash(
        _("Approved: the rules are in force.") if row.applied_at else _("Approved: the rules wait for their day."),
        "success",
    )
    return redirect(url_for("funds.show", fund_id=row.fund_id), 303)


@bp.get("/fund-rules/<int:rules_id>/reject")
@CONTRIBUTORS
def rules_rejection(rules_id: int) -> Page:
    return _rejection_page(ReasonForm(), rules_id)


@bp.post("/fund-rules/<int:rules_id>/reject")
@CONTRIBUTORS
def reject_rules(rules_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.reject_rules(g.call, rules_id, form.reason.data or "")
            flash(_("Rejected. The rules stay as they are."), "success")
            return redirect(url_for("funds.show", fund_id=row.fund_id), 303)
    return _rejection_page(form, rules_id), 422


def _today() -> date:
    call: Call = g.call
    return call.now.astimezone(CITY).date()


def _fund_form(fund: Fund | None) -> FundForm:
    """Filled with the rules in force; with the version that waits where its author asked to write that anew, or nothing holds."""
    policy.may_manage(g.call.actor).require()
    row = _own_pending(fund) if fund else None
    again = row is not None and (request.args.get("start") == WAITING or not _holds(row.fund))
    form = FundForm(obj=fund, data=None, **({} if fund is None else {"effective_on": _today()}))
    if row is not None and again and not form.is_submitted():
        for name, value in {**restored(row.rules), "effective_on": row.effective_on, "why": row.why}.items():
            if name in form:
                form[name].data = value
    form.choose_alliance(queries.alliances())
    return form


def _holds(fund: Fund) -> bool:
    """Whether a fund has rules in force; those of a draft are nobody's yet."""
    return fund.state is not FundState.DRAFT or queries.in_force(fund.id) is not None


def _own_pending(fund: Fund) -> FundRules | None:
    """The version that waits for a second person, if the reader may write it anew."""
    row = queries.pending(fund.id)
    own = row is not None and row.proposer is not None and row.proposer.person_id == g.call.actor.person
    return row if own else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that does not hold yet: the lines it takes away and adds, whether its reader may write it anew, and whether
    a second person has yet to decide on it."""

    row: FundRules
    gone: list[str]
    added: list[str]
    own: bool
    undecided: bool


def _waiting(fund: Fund) -> list[Waiting]:
    now, own, pending = sentences(fund), _own_pending(fund), queries.pending(fund.id)
    found = []
    for row in queries.waiting(fund.id):
        then = sentences(as_it_would_be(fund, row.rules))
        gone, added = [line for line in now if line not in then], [line for line in then if line not in now]
        found.append(Waiting(row, gone, added, row is own, row is pending))
    return found


def _standing_form(fund: Fund) -> FundForm:
    """The fund as it stands, without what belongs to a proposal alone."""
    form = FundForm(formdata=None, obj=fund)
    form.choose_alliance(queries.alliances())
    del form.effective_on, form.why
    return form


def _fund_page(form: FundForm, fund: Fund | None, meanwhile: Sequence[tuple[str, str]] = ()) -> str:
    founded = fund is not None and queries.in_force(fund.id) is not None
    holds = fund is not None and _holds(fund)
    return render_template(
        "funds/fund_form.html",
        form=form,
        fund=fund,
        founded=founded,
        meanwhile=meanwhile,
        now=queries.in_force(fund.id) if fund else None,
        rules=sentences(fund) if fund and holds else [],
        waiting=_waiting(fund) if fund and holds else [],
        again=request.args.get("start") == WAITING,
    )


def _rejection_page(form: ReasonForm, rules_id: int) -> str:
    return render_template("funds/reject_rules.html", form=form, row=queries.get_rules(g.call, rules_id))


def _named(row: FundRules) -> list[tuple[str, str, str]]:
    """Name, text now and text then of what changes besides the rules that sentences tell."""
    form, found = FundForm(meta={"csrf": False}), []
    for name in changes(row.fund, row.rules):
        if name in NAMED:
            texts = (getattr(row.fund, name), restored(row.rules)[name])
            now, then = (str(words.label(text)) if name == "kind" else text for text in texts)
            found.append((str(form[name].label.text), now, then))
    return found


def _actions(row: FundRules) -> list[Action]:
    if not policy.may_contribute(g.call.actor):
        return []
    own = row.proposer is not None and row.proposer.person_id == g.call.actor.person
    actions = []
    for action in transition_actions(
        RULES,
        row.state,
        {
            "approve": (
                no("approvals.same_person") if own else YES,
                lambda: url_for("funds.approve_rules", rules_id=row.id),
            )
        },
        primary="approve",
    ):
        seen = {"seen": fingerprint(row)}
        actions.append(
            Action(action.label, action.url, kind="primary", disabled_reason=action.disabled_reason, fields=seen)
        )
    if RULES.allows(row.state, "reject"):
        label = _("Take the proposal back") if own else words.event_label("fund_rules", "reject")
        actions.append(Action(label, url_for("funds.rules_rejection", rules_id=row.id), method="get"))
    return actions
