"""Pages of joint cases, each shown with what its reader may see behind the walls."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.defence import costs, policy, queries, service
from marketplace.defence.forms import CaseForm, CounterForm, OutcomeForm, OwnForm, PaperForm, ProductForm
from marketplace.defence.models import DefenceCase
from marketplace.defence.views.blueprint import OWNERS, STAFF, Page, bp, chosen, own
from marketplace.defence.views.threats import served
from marketplace.defence.workflow import CASE, CostRule
from marketplace.kernel.call import OWNERS as OWNER_ROLES
from marketplace.kernel.policy import YES
from marketplace.licences import clearance
from marketplace.patents.models import Patent
from marketplace.pools import queries as pools
from marketplace.storage import service as storage
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import event_label


@bp.get("/defence/threats/<int:threat_id>/case")
@STAFF
def new_case(threat_id: int) -> Page:
    row = served(threat_id)
    return render_template("defence/case_form.html", form=CaseForm(asserted=row.asserted), threat=row)


@bp.post("/defence/threats/<int:threat_id>/case")
@STAFF
def open_case(threat_id: int) -> Page:
    row, form = served(threat_id), CaseForm()
    if form.validate_on_submit():
        with refusals_on(form):
            opened = service.open_case(g.call, threat_id, form.to_terms())
            flash(_("Open. Members see what it would cost them before they join."), "success")
            return redirect(url_for("defence.case", case_id=opened.id), 303)
    return render_template("defence/case_form.html", form=form, threat=row), 422


@bp.get("/defence/cases/<int:case_id>")
@access(SIGNED_IN)
def case(case_id: int) -> str:
    return _case_page(queries.get_case(g.call, case_id), own(OwnForm()))


@bp.get("/defence/cases/<int:case_id>/products/new")
@OWNERS
def new_product(case_id: int) -> Page:
    row = queries.get_case(g.call, case_id)
    return render_template("defence/product.html", case=row, form=_product_form(row))


@bp.post("/defence/cases/<int:case_id>/products")
@OWNERS
def state_product(case_id: int) -> Page:
    row = queries.get_case(g.call, case_id)
    form = _product_form(row)
    if form.validate_on_submit():
        with refusals_on(form):
            service.state_product(g.call, case_id, chosen(form), form.to_terms())
            flash(_("Stated in confidence. See what joining would cost you now."), "success")
            return redirect(url_for("defence.case", case_id=case_id, _anchor="join"), 303)
    return render_template("defence/product.html", case=row, form=form), 422


@bp.post("/defence/products/<int:product_id>/drop")
@OWNERS
def drop_product(product_id: int) -> Page:
    row = service.drop_product(g.call, product_id)
    flash(_("Taken back."), "success")
    return redirect(url_for("defence.case", case_id=row.case_id, _anchor="join"), 303)


@bp.post("/defence/cases/<int:case_id>/join")
@OWNERS
def join(case_id: int) -> Page:
    row, form = queries.get_case(g.call, case_id), own(OwnForm())
    if form.validate_on_submit():
        with refusals_on(form):
            service.join(g.call, case_id, chosen(form))
            flash(_("Joined. Counsel's papers are open to you now."), "success")
            return redirect(url_for("defence.case", case_id=case_id), 303)
    return _case_page(row, form), 422


@bp.get("/defence/cases/<int:case_id>/papers/new")
@STAFF
def new_paper(case_id: int) -> Page:
    return render_template("defence/paper.html", case=_staffed(case_id), form=PaperForm())


@bp.post("/defence/cases/<int:case_id>/papers")
@STAFF
def add_paper(case_id: int) -> Page:
    row, form = _staffed(case_id), PaperForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_paper(g.call, case_id, form.title.data or "", form.upload.data)
            flash(_("Laid behind the wall: those who joined and the staff read it."), "success")
            return redirect(url_for("defence.case", case_id=case_id), 303)
    return render_template("defence/paper.html", case=row, form=form), 422


@bp.get("/defence/papers/<int:paper_id>")
@access(SIGNED_IN)
def paper(paper_id: int) -> Response:
    return storage.send(queries.get_paper(g.call, paper_id).file)


@bp.get("/defence/cases/<int:case_id>/counters/new")
@STAFF
def new_counter(case_id: int) -> Page:
    row = _staffed(case_id)
    return render_template("defence/counter.html", case=row, form=_counter_form(row))


@bp.post("/defence/cases/<int:case_id>/counters")
@STAFF
def add_counter(case_id: int) -> Page:
    row = _staffed(case_id)
    form = _counter_form(row)
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_counter(g.call, case_id, form.patent_id.data or 0, form.why.data or "")
            flash(_("Noted among the counter-patents."), "success")
            return redirect(url_for("defence.case", case_id=case_id), 303)
    return render_template("defence/counter.html", case=row, form=form), 422


@bp.post("/defence/cases/<int:case_id>/begin")
@STAFF
def begin(case_id: int) -> Page:
    service.begin(g.call, case_id)
    flash(_("The defence begins; the shares are fixed."), "success")
    return redirect(url_for("defence.case", case_id=case_id), 303)


@bp.get("/defence/cases/<int:case_id>/close")
@STAFF
def closing_case(case_id: int) -> Page:
    row = queries.get_case(g.call, case_id)
    policy.may_serve(g.call.actor, row.alliance_id).require()
    return render_template("defence/outcome.html", form=OutcomeForm(), case=row)


@bp.post("/defence/cases/<int:case_id>/close")
@STAFF
def close_case(case_id: int) -> Page:
    row, form = queries.get_case(g.call, case_id), OutcomeForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.close_case(g.call, case_id, form.outcome.data or "", form.spent.data or 0, form.saved.data or 0)  # type: ignore[arg-type]
            flash(_("Closed, with its outcome."), "success")
            return redirect(url_for("defence.case", case_id=case_id), 303)
    return render_template("defence/outcome.html", form=form, case=row), 422


def _staffed(case_id: int) -> DefenceCase:
    row = queries.get_case(g.call, case_id)
    policy.may_serve(g.call.actor, row.alliance_id).require()
    return row


def _product_form(row: DefenceCase) -> ProductForm:
    form = own(ProductForm())
    form.choose(row.numbers)
    return form


def _counter_form(row: DefenceCase) -> CounterForm:
    """The pool's patents, those nearest to the case's words first."""
    form = CounterForm()
    pooled: dict[int, Patent] = {offer.patent_id: offer.patent for offer in pools.pooled(row.alliance_id)}
    try:
        hits = clearance.search(f"{row.title}\n{row.summary}")
    except clearance.Warming:
        hits = []  # A large pool is being read: its patents stand in their usual order this time.
    near = [hit.patent_id for hit in hits if hit.patent_id in pooled]
    form.choose([pooled[key] for key in [*near, *(key for key in pooled if key not in near)]])
    return form


def _simulated(row: DefenceCase, organisation_id: int) -> list[tuple[CostRule, int | None]]:
    """What joining with the stated products would cost by each rule, in fen; None where it would tell one member's figures."""
    known, mine = queries.weights_of(row), queries.weight_stated(row.id, organisation_id)
    return [
        (
            rule,
            None
            if costs.tells_figures(rule, len(known))
            else costs.if_joining(row.budget, rule, known, organisation_id, mine),
        )
        for rule in CostRule
    ]


def _case_page(row: DefenceCase, form: OwnForm) -> str:
    actor = g.call.actor
    serves = bool(policy.may_serve(actor, row.alliance_id))
    gathers = CASE.allows(row.state, "begin")
    mine = sorted(actor.organisations) if actor.has(*OWNER_ROLES) else []
    joined = {member.organisation_id for member in row.members} & actor.organisations
    hides = gathers and not serves and costs.tells_figures(row.rule, len(row.members) - 1)
    counsel = bool(policy.may_read_counsel(actor, row))
    products = queries.products_of(row.id, mine)
    may_join = gathers and not joined and bool(mine)
    return render_template(
        "defence/case.html",
        case=row,
        form=form,
        products=products,
        simulated=_simulated(row, mine[0]) if may_join and products else [],
        shares={} if hides else costs.shares(row.spent or row.budget, row.rule, queries.weights_of(row)),
        shown=[m for m in row.members if policy.may_see_weights(actor, row, m.organisation_id)],
        counsel=counsel,
        papers=queries.papers_of(row.id) if counsel else [],
        counters=queries.counters_of(row.id) if counsel else [],
        contests=queries.contests_of(actor, row.id),
        exposure=queries.exposure(row) if serves else [],
        may_join=may_join,
        ready=bool(products) or row.rule is CostRule.EQUAL,
        actions=_case_actions(row) if serves else [],
    )


def _case_actions(row: DefenceCase) -> list[Action]:
    actions = transition_actions(CASE, row.state, {"begin": (YES, lambda: url_for("defence.begin", case_id=row.id))})
    if CASE.allows(row.state, "close"):
        more: list[tuple[Any, str]] = [
            (_("Ask for prior art"), "defence.new_contest"),
            (_("Add a paper of counsel"), "defence.new_paper"),
            (_("Add a counter-patent"), "defence.new_counter"),
            (event_label("defence_case", "close"), "defence.closing_case"),
        ]
        actions += [Action(label, url_for(endpoint, case_id=row.id), method="get") for label, endpoint in more]
    return actions
