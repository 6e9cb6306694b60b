"""The steps of the guided form: which form each has, what it starts from, which use case keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from marketplace.alliances.models import Alliance
from marketplace.kernel.call import Call
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries, readiness, service
from marketplace.orders.forms import DisclosureForm, NeedForm, TargetsForm, TermsForm
from marketplace.orders.models import Order
from marketplace.orders.readiness import Step
from marketplace.orders.rows import rows_of
from marketplace.organisations.models import Organisation
from marketplace.web.filters import in_language
from marketplace.web.forms import Form, change_rows
from marketplace.web.meanwhile import MarkedForm
from marketplace.web.words import label

WRITE: Mapping[Step, Callable[[Call, int, Any, str], Order]] = {
    Step.NEED: service.describe_need,
    Step.TARGETS: service.set_targets,
    Step.TERMS: service.set_terms,
    Step.DISCLOSURE: service.set_disclosure,
}


def step_named(name: str) -> Step:
    """Return the step of an address; raises NotFound for other words."""
    if name not in set(Step):
        raise NotFound("page")
    return Step(name)


def form_for(call: Call, order: Order, step: Step, **how: Any) -> MarkedForm:
    """Return the form of a step: with what was saved, or with what was sent when this request sends it.

    ``formdata=None`` leaves what was sent aside.
    """
    form = _form_for(call, order, step, **how)
    if not form.seen.data:
        form.seen.data = queries.step_mark(order, step)
    return form


def _form_for(call: Call, order: Order, step: Step, **how: Any) -> MarkedForm:
    match step:
        case Step.NEED:
            places = [pair for pair in queries.places_of(call.actor) if pair[0].id == order.organisation_id]
            return need_form(places, place=f"{order.organisation_id}:{order.alliance_id}", obj=order, **how)
        case Step.TARGETS:
            rows = rows_of(order)
            return TargetsForm(data={"trl_now": order.trl_now, "trl_wanted": order.trl_wanted, "targets": rows}, **how)
        case Step.TERMS:
            return TermsForm(obj=order, **how)
        case Step.DISCLOSURE:
            data = {"visibility": order.visibility, "confidential": queries.confidential_text(order)}
            return DisclosureForm(data=data, **how)


def need_form(places: Sequence[tuple[Organisation, Alliance]], **values: Any) -> NeedForm:
    """Return the first step's form with the (enterprise, alliance) pairs to choose from."""
    choices = [(f"{o.id}:{a.id}", f"{in_language(o)} · {in_language(a)}") for o, a in places]
    return NeedForm(place_choices=choices, **values)


def rows_changed(form: Form) -> bool:
    """Add or remove a row of the form as its buttons asked (browsers without scripts); return whether one was pressed."""
    rows = getattr(form, "targets", None)
    return rows is not None and change_rows(rows)


def stepper(order: Order | None) -> list[dict[str, object]]:
    """Return the steps for the bar on top, linked once there is a draft; the last is the check.

    A step is done when nothing that the submission needs is missing in it, not when somebody has passed it.
    """
    lacking = {gap.step for gap in readiness.blocking(gaps_of(order))} if order else set(Step)
    items: list[dict[str, object]] = [
        {
            "label": label(step),
            "url": order and url_for("orders.edit", order_id=order.id, step=step.value),
            "done": step not in lacking,
        }
        for step in Step
    ]
    return [*items, {"label": _("Check and submit"), "url": order and url_for("orders.check", order_id=order.id)}]


def after(order: Order, step: Step) -> str:
    """Return where to go when ``step`` was saved: the page of the order, or the next step."""
    if "leave" in request.form:
        return url_for("orders.show", order_id=order.id)
    steps = list(Step)
    if step is steps[-1]:
        return url_for("orders.check", order_id=order.id)
    return url_for("orders.edit", order_id=order.id, step=steps[steps.index(step) + 1].value)


def gaps_of(order: Order) -> list[readiness.Gap]:
    """Return what the order lacks now, its confidential part included."""
    return readiness.check(queries.sheet_of(order, queries.confidential_text(order)), g.call.now)
