"""An enterprise drafts an order: need, targets, terms, disclosure, files."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import FileStorage

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.marks import mark_of, require_read
from marketplace.kernel.patents import classifications
from marketplace.orders import policy, queries
from marketplace.orders.models import ConfidentialPart, Order, OrderAttachment, Target
from marketplace.orders.readiness import Step
from marketplace.orders.references import take_reference
from marketplace.orders.terms import DisclosureTerms, MoneyTerms, NeedTerms, StepTerms, TargetsTerms, TargetTerms
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.storage import service as storage

ATTACHMENTS = 10
FILE_KINDS = frozenset({"pdf", "docx", "xlsx", "png", "jpg", "txt", "csv"})


@use_case
def start_order(call: Call, organisation_id: int, terms: NeedTerms, targets: Sequence[TargetTerms] = ()) -> Order:
    """An enterprise starts the draft of an order in one of its alliances, with the targets of a template where it took one."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or not policy.may_order(call.actor, organisation):
        raise NotFound("organisation")
    order = Order(
        reference=take_reference(call.now),
        organisation_id=organisation_id,
        state=OrderState.DRAFT,
        created_by=call.actor.account,
        created_at=call.now,
        changed_at=call.now,
    )
    _write_need(order, terms)
    _write_targets(order, targets)
    db.session.add(order)
    db.session.flush()
    audit.record(call, "orders.start", "order", order.id, {"reference": order.reference})
    return order


@use_case
def describe_need(call: Call, order_id: int, terms: NeedTerms, seen: str = "") -> Order:
    """The enterprise writes problem and background."""
    order = _step_of(call, order_id, Step.NEED, seen, terms)
    _write_need(order, terms)
    return _edited(call, order, "need")


@use_case
def set_targets(call: Call, order_id: int, terms: TargetsTerms, seen: str = "") -> Order:
    """The enterprise writes the measurable targets; rows keep their number, so that nothing is written twice."""
    order = _step_of(call, order_id, Step.TARGETS, seen, terms)
    order.trl_now, order.trl_wanted = terms.trl_now, terms.trl_wanted
    _write_targets(order, terms.targets)
    return _edited(call, order, "targets")


@use_case
def set_terms(call: Call, order_id: int, terms: MoneyTerms, seen: str = "") -> Order:
    """The enterprise writes money, times, kind of contract and procedure."""
    order = _step_of(call, order_id, Step.TERMS, seen, terms)
    order.own_funds, order.price_ceiling = terms.own_funds, terms.price_ceiling
    order.budget_reason = terms.budget_reason
    order.bidding_from, order.bid_deadline = terms.bidding_from, terms.bid_deadline
    order.delivery_on = terms.delivery_on
    order.contract_type, order.ip_wish = terms.contract_type, terms.ip_wish
    order.procedure, order.procedure_reason = terms.procedure, terms.procedure_reason
    return _edited(call, order, "terms")


@use_case
def set_disclosure(call: Call, order_id: int, terms: DisclosureTerms, seen: str = "") -> Order:
    """The enterprise decides who sees the public part, and writes the confidential part."""
    order = _step_of(call, order_id, Step.DISCLOSURE, seen, terms)
    order.visibility = terms.visibility
    part = db.session.get(ConfidentialPart, order.id)
    if part is None:
        db.session.add(ConfidentialPart(order_id=order.id, text=terms.confidential))
    else:
        part.text = terms.confidential
    return _edited(call, order, "disclosure")


@use_case
def attach_file(call: Call, order_id: int, upload: FileStorage, confidential: bool) -> None:
    """The enterprise adds a file to its draft, at most ATTACHMENTS."""
    order = _editable(call, order_id)
    if len(queries.all_attachments(order)) >= ATTACHMENTS:
        raise Conflict("orders.many_files", {"most": ATTACHMENTS}, field="upload")
    file = storage.keep(call, upload, FILE_KINDS)
    db.session.add(OrderAttachment(order_id=order.id, file_id=file.id, confidential=confidential))
    order.changed_at = call.now
    audit.record(call, "orders.attach", "order", order.id, {"file": file.id, "confidential": confidential})


@use_case
def remove_file(call: Call, order_id: int, file_id: int) -> None:
    """The enterprise takes a file off its draft."""
    order = _editable(call, order_id)
    row = db.session.get(OrderAttachment, (order.id, file_id))
    if row is None:
        raise NotFound("file")
    db.session.delete(row)
    order.changed_at = call.now
    audit.record(call, "orders.remove_file", "order", order.id, {"file": file_id})


def _write_need(order: Order, terms: NeedTerms) -> None:
    if not queries.is_member(order.organisation_id, terms.alliance_id):
        raise Invalid("orders.not_member", field="place")
    order.alliance_id = terms.alliance_id
    order.title, order.title_en = terms.title, terms.title_en
    order.problem, order.background = terms.problem, terms.background
    order.field, order.ipc = terms.field, classifications(terms.ipc, 200)


def _write_targets(order: Order, wanted: Sequence[TargetTerms]) -> None:
    del order.targets[len(wanted) :]
    for position, terms in enumerate(wanted):
        if position == len(order.targets):
            order.targets.append(Target(position=position))
        row = order.targets[position]
        row.position = position
        row.name, row.comparator, row.must_have = terms.name, terms.comparator, terms.must_have
        row.value, row.value_to, row.unit, row.method = terms.value, terms.value_to, terms.unit, terms.method


def _editable(call: Call, order_id: int) -> Order:
    order = queries.get_order(call, order_id, lock=True)
    policy.may_edit(call.actor, order).require()
    return order


def _step_of(call: Call, order_id: int, step: Step, seen: str, terms: StepTerms) -> Order:
    """``seen`` marks what the writer saw of the step. Raises Conflict when a colleague has saved another text since."""
    order = _editable(call, order_id)
    require_read(seen, queries.step_mark(order, step), mark_of(terms))
    return order


def _edited(call: Call, order: Order, step: str) -> Order:
    order.changed_at = call.now
    audit.record(call, "orders.edit", "order", order.id, {"step": step})
    return order
