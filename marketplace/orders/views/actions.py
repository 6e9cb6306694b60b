"""What the reader of an order may do now: policy and workflow together."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Actor, Call, Role
from marketplace.orders import asking, inviting, ndas, policy, queries
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_shortlist, rules_of
from marketplace.orders.workflow import AMENDABLE, EDITABLE, ORDER, OrderState
from marketplace.web.actions import Action
from marketplace.web.words import event_label, sentence


def order_actions(call: Call, order: Order) -> list[Action]:
    """Return the buttons of one order's page; at most one is primary."""
    actor = call.actor
    found = [*_for_enterprise(call, order), *_for_screener(call, order), *_for_teams(call, order)]
    if ORDER.allows(order.state, "cancel") and policy.may_cancel(actor, order):
        found.append(Action(event_label("order", "cancel"), _to("cancel_form", order), "get", "danger"))
    return found


def _for_enterprise(call: Call, order: Order) -> list[Action]:
    actor = call.actor
    if not policy.is_own(actor, order):
        return []
    found = []
    if order.state in EDITABLE:
        found.append(Action(_("Check and submit"), _to("check", order), "get", "primary"))
        found.append(Action(_("Edit the order"), url_for("orders.edit", order_id=order.id, step="need"), "get"))
        if order.lot_of is None and order.retender_of is None:
            question = _(
                "Divide the order into lots? Each takes bids and is awarded by itself; they are published together."
            )
            found.append(Action(_("Divide into lots"), _to("divide", order), "post", confirm=question))
    if order.state in AMENDABLE and order.bid_deadline is not None and call.now < order.bid_deadline:
        found.append(Action(_("Change the order"), url_for("bids.amend_form", order_id=order.id), "get"))
        found.append(Action(_("Move the deadline"), url_for("bids.deadline_form", order_id=order.id), "get"))
    if order.state is OrderState.UNSUCCESSFUL and queries.live_retender(order) is None:
        question = _(
            "Tender it again? A new draft keeps text, targets and terms; you set new dates and may change anything."
        )
        found.append(Action(_("Tender it again"), _to("retender", order), "post", "primary", question))
    return found


def _for_screener(call: Call, order: Order) -> list[Action]:
    actor = call.actor
    found: list[Action] = []
    if policy.may_screen(actor, order) and queries.is_open(order, call.now):
        found.append(Action(_("Move the deadline"), url_for("bids.deadline_form", order_id=order.id), "get"))
    if order.state is not OrderState.SCREENING:
        return found
    decision = policy.may_screen(actor, order)
    if decision.reason == "hidden":
        return found
    reason = "" if decision else sentence(decision.reason, {})
    if order.lot_of is not None and order.retender_of is None:
        found.append(Action(_("See all lots"), url_for("orders.umbrella", umbrella_id=order.lot_of), "get", "primary"))
        found.append(
            Action(event_label("order", "send_back"), _to("send_back_form", order), "get", disabled_reason=reason)
        )
        return found
    question = _("Publish this order? Those whom its visibility names can read it at once.")
    found.append(Action(event_label("order", "publish"), _to("publish", order), "post", "primary", question, reason))
    found.append(Action(event_label("order", "send_back"), _to("send_back_form", order), "get", disabled_reason=reason))
    return found


def _for_teams(call: Call, order: Order) -> list[Action]:
    """Links into the bids room, which decides again; none of them tells whether anybody has answered."""
    actor = call.actor
    open_for_bids = order.state in AMENDABLE and order.bid_deadline is not None and call.now < order.bid_deadline
    found = []
    if policy.may_invite(actor, order):
        found.append(Action(_("Invite teams"), _to("invitations", order), "get"))
    if actor.has(*UNIVERSITY) and open_for_bids and _may_answer(call, order):
        text = _("Full bid of the shortlist") if asks_shortlist(order) else _("Answer this order")
        found.append(Action(text, url_for("bids.begin", order_id=order.id), "get", "primary"))
    if policy.may_ask(actor, order) and asking.takes_questions(order, call.now):
        found.append(Action(_("Ask a question"), url_for("orders.ask_form", order_id=order.id), "get"))
    if actor.has(*UNIVERSITY) and open_for_bids and not policy.is_own(actor, order) and ndas.has_secret(order):
        found.append(
            Action(_("Read the confidential part"), url_for("orders.request_nda_form", order_id=order.id), "get")
        )
    if policy.reads_ndas(actor, order) and order.published_at is not None and ndas.has_secret(order):
        found.append(
            Action(_("Who reads the confidential part"), url_for("orders.ndas_of_order", order_id=order.id), "get")
        )
    over = order.state is OrderState.BIDDING and order.bid_deadline is not None and call.now >= order.bid_deadline
    if over and actor.serves(order.alliance_id):
        found.append(Action(_("Open the bids"), url_for("bids.opening", order_id=order.id), "get", "primary"))
    reads = policy.is_own(actor, order) or actor.serves(order.alliance_id) or actor.reads_everything
    if order.concepts_at is not None and reads:
        kind = "primary" if order.state is OrderState.CONCEPTS else ""
        found.append(Action(_("Concepts and shortlist"), url_for("bids.concepts", order_id=order.id), "get", kind))
    if order.opened_at is not None and reads:
        found.append(Action(_("Opened bids"), url_for("bids.of_order", order_id=order.id), "get", "primary"))
    undecided = order.state in {OrderState.CONCEPTS, OrderState.EVALUATING}
    if undecided and actor.has(Role.CENTRE_OFFICER) and not policy.is_own(actor, order):
        found.append(Action(_("End without an award"), url_for("awards.ask_fail", order_id=order.id), "get"))
    if order.approved_at is not None and policy.is_own(actor, order):
        found.append(Action(_("Result and funding"), url_for("rounds.order_outcome", order_id=order.id), "get"))
    return found


def _may_answer(call: Call, order: Order) -> bool:
    """Whether a team of the reader is among those who may answer."""
    if not rules_of(order).invited_only:
        return True
    return any(inviting.admits(order, team, call.now) for team in ndas.teams_of(call.actor))


def _to(endpoint: str, order: Order) -> str:
    return url_for(f"orders.{endpoint}", order_id=order.id)


def room_tabs(actor: Actor) -> list[dict[str, object]]:
    """Return the lists of this room that the reader has; none when the board is the only one."""
    tabs = [("orders.board", _("Order board"))]
    if actor.has(*ENTERPRISE):
        tabs.append(("orders.mine", _("My orders")))
    if actor.has(*UNIVERSITY):
        tabs.append(("orders.ndas", _("Confidentiality agreements")))
        tabs.append(("orders.follow_form", _("Fields I follow")))
    if actor.has(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER):
        tabs.append(("orders.screening", _("Screening")))
    if len(tabs) == 1:
        return []
    return [{"label": name, "url": url_for(e), "current": request.endpoint == e} for e, name in tabs]
