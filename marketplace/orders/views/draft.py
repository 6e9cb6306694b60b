"""Pages for the enterprise: its orders, the guided form step by step, files, check and submit, cancel."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import ENTERPRISE, Role
from marketplace.kernel.fields import Field
from marketplace.orders import hints, policy, queries, readiness, rulebook, service, words
from marketplace.orders.board import is_open
from marketplace.orders.exemplars import EXEMPLARS, Exemplar
from marketplace.orders.forms import AttachForm, NeedForm
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure
from marketplace.orders.readiness import Step
from marketplace.orders.terms import TargetTerms
from marketplace.orders.views.actions import room_tabs
from marketplace.orders.views.blueprint import bp
from marketplace.orders.views.steps import (
    WRITE,
    after,
    form_for,
    gaps_of,
    need_form,
    rows_changed,
    step_named,
    stepper,
)
from marketplace.orders.words import CONTRACT_LAW, IP_LAW
from marketplace.web.errors import refusals_on
from marketplace.web.forms import EmptyForm, Form, ReasonForm, plain
from marketplace.web.guards import access
from marketplace.web.pages import paginate

_ENDERS = (*sorted(ENTERPRISE), Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
_FIELDS = {
    Step.NEED: "orders/_need.html",
    Step.TARGETS: "orders/_targets.html",
    Step.TERMS: "orders/_terms.html",
    Step.DISCLOSURE: "orders/_disclosure.html",
}
Answer = Response | tuple[str, int]


@bp.get("/orders/mine")
@access(*ENTERPRISE)
def mine() -> str:
    """The orders of the reader's enterprises."""
    page = paginate(queries.list_own(g.call.actor))
    return render_template("orders/mine.html", page=page, tabs=room_tabs(g.call.actor), now=g.call.now, is_open=is_open)


@bp.get("/orders/new")
@access(*ENTERPRISE)
def new() -> str:
    """The first step of a new order."""
    places = queries.places_of(g.call.actor)
    chosen = _field_named(request.args.get("template"))
    if chosen is None:
        return _new_page(need_form(places))
    return _new_page(need_form(places, field=chosen, template=chosen.value, problem=words.skeleton()))


@bp.post("/orders/new")
@access(*ENTERPRISE)
def create() -> Answer:
    """Keep the first step as a draft and go on."""
    form = need_form(queries.places_of(g.call.actor))
    if form.validate_on_submit():
        with refusals_on(form):
            order = service.start_order(g.call, form.organisation_id, form.to_terms(), _usual_targets(form))
            flash(_("Saved as draft %(reference)s.", reference=order.reference), "success")
            return redirect(after(order, Step.NEED), 303)
    return _new_page(form), 422


def _usual_targets(form: NeedForm) -> list[TargetTerms]:
    """Return the targets of the chosen template, without numbers."""
    exemplar = _exemplar(_field_named(form.template.data))
    chinese = str(get_locale()).startswith("zh")
    return [usual.as_target(chinese) for usual in exemplar.targets] if exemplar else []


def _new_page(form: NeedForm) -> str:
    return render_template(
        "orders/new.html",
        form=form,
        steps=stepper(None),
        templates=list(EXEMPLARS),
        exemplar=_exemplar(form.field.data),
    )


def _field_named(name: str | None) -> Field | None:
    return next((field for field in Field if field.value == name), None)


def _exemplar(field: Field | None) -> Exemplar | None:
    return EXEMPLARS.get(field) if field else None


@bp.get("/orders/<int:order_id>/edit/<step>")
@access(*ENTERPRISE)
def edit(order_id: int, step: str) -> str:
    """One step of the form with what was saved."""
    order, here = _draft(order_id), step_named(step)
    return _step_page(order, here, form_for(g.call, order, here))


@bp.post("/orders/<int:order_id>/edit/<step>")
@access(*ENTERPRISE)
def save(order_id: int, step: str) -> Answer:
    """Save one step and go on."""
    order, here = _draft(order_id), step_named(step)
    form = form_for(g.call, order, here)
    if rows_changed(form):
        return _step_page(order, here, form), 200
    if form.validate_on_submit():
        with refusals_on(form):
            saved = WRITE[here](g.call, order_id, form.to_terms(), form.seen.data or "")
            flash(_("Saved."), "success")
            return redirect(after(saved, here), 303)
    meanwhile = form.show_mark(queries.step_mark(order, here), form_for(g.call, order, here, formdata=None))
    return _step_page(order, here, form, meanwhile=meanwhile), 409 if meanwhile else 422


def _draft(order_id: int) -> Order:
    order = queries.get_order(g.call, order_id)
    policy.may_edit(g.call.actor, order).require()
    return order


def _step_page(
    order: Order,
    step: Step,
    form: Form,
    attach: AttachForm | None = None,
    meanwhile: Sequence[tuple[str, str]] = (),
) -> str:
    return render_template(
        "orders/edit.html",
        order=order,
        meanwhile=meanwhile,
        form=form,
        partial=_FIELDS[step],
        title=step,
        steps=stepper(order),
        number=list(Step).index(step) + 1,
        attach=attach or AttachForm(formdata=None) if step is Step.DISCLOSURE else None,
        attachments=queries.attachments_of(g.call, order) if step is Step.DISCLOSURE else [],
        procedures=[(p, rulebook.PURPOSE[p], rulebook.clauses(p)) for p in Procedure] if step is Step.TERMS else [],
        exemplar=_exemplar(order.field),
        contract_law=CONTRACT_LAW,
        ip_law=IP_LAW,
    )


@bp.post("/orders/<int:order_id>/files")
@access(*ENTERPRISE)
def attach(order_id: int) -> Answer:
    """Add a file to the draft."""
    order, form = _draft(order_id), AttachForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.attach_file(g.call, order_id, form.upload.data, form.confidential.data)
            flash(_("The file was added."), "success")
            return redirect(url_for("orders.edit", order_id=order_id, step=Step.DISCLOSURE.value), 303)
    return _step_page(order, Step.DISCLOSURE, _kept(order), form), 422


def _kept(order: Order) -> Form:
    """The disclosure step as saved, beside a refused file."""
    form = form_for(g.call, order, Step.DISCLOSURE)
    form.process(formdata=None, data={"visibility": order.visibility, "confidential": queries.confidential_text(order)})
    return form


@bp.post("/orders/<int:order_id>/files/<int:file_id>/remove")
@access(*ENTERPRISE)
def detach(order_id: int, file_id: int) -> Response:
    """Take a file off the draft."""
    service.remove_file(g.call, order_id, file_id)
    flash(_("The file was removed."), "success")
    return redirect(url_for("orders.edit", order_id=order_id, step=Step.DISCLOSURE.value), 303)


@bp.get("/orders/<int:order_id>/check")
@access(*ENTERPRISE)
def check(order_id: int) -> str:
    """What is missing or vague, with a link to each place, and the button to submit."""
    return _check_page(_draft(order_id), EmptyForm())


@bp.post("/orders/<int:order_id>/submit")
@access(*ENTERPRISE)
def submit(order_id: int) -> Answer:
    """Hand the order to screening."""
    form = EmptyForm()
    if form.validate_on_submit():
        with refusals_on(form):
            order = service.submit_order(g.call, order_id)
            flash(_("%(reference)s is in screening now.", reference=order.reference), "success")
            return redirect(url_for("orders.show", order_id=order_id), 303)
    return _check_page(_draft(order_id), form), 422


def _check_page(order: Order, form: EmptyForm) -> str:
    gaps = gaps_of(order)
    return render_template(
        "orders/check.html",
        order=order,
        form=form,
        gaps=gaps,
        blocked=bool(readiness.blocking(gaps)),
        score=readiness.score(gaps),
        alike=hints.alike_orders(g.call, order),
        patents=hints.patents_for(g.call, order),
        steps=stepper(order),
        decision=policy.may_submit(g.call.actor, order),
    )


@bp.get("/orders/<int:order_id>/cancel")
@access(*_ENDERS)
def cancel_form(order_id: int) -> str:
    """Ask for the reason of a cancellation."""
    order = queries.get_order(g.call, order_id)
    policy.may_cancel(g.call.actor, order).require()
    return render_template("orders/cancel.html", order=order, form=ReasonForm())


@bp.post("/orders/<int:order_id>/cancel")
@access(*_ENDERS)
def cancel(order_id: int) -> Answer:
    """End the order."""
    order, form = queries.get_order(g.call, order_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.cancel_order(g.call, order_id, plain(form.reason.data))
            flash(_("The order was cancelled."), "success")
            return redirect(url_for("orders.show", order_id=order_id), 303)
    return render_template("orders/cancel.html", order=order, form=form), 422


@bp.post("/orders/<int:order_id>/retender")
@access(*ENTERPRISE)
def retender(order_id: int) -> Response:
    """Tender an unsuccessful order again."""
    order = service.retender(g.call, order_id)
    flash(
        _("Draft %(reference)s keeps everything but the dates. Set the new deadline.", reference=order.reference),
        "success",
    )
    return redirect(url_for("orders.edit", order_id=order.id, step=Step.TERMS.value), 303)
