"""Who may do what to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.alliances import policy as alliances_policy
from marketplace.kernel.call import ENTERPRISE, Actor
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.orders.workflow import AMENDABLE, EDITABLE, OrderState
from marketplace.organisations.workflow import OrganisationState

if TYPE_CHECKING:
    from marketplace.orders.models import Order
    from marketplace.organisations.models import Organisation


def is_own(actor: Actor, order: Order) -> bool:
    """True for members and owners of the ordering enterprise."""
    return actor.has_for(order.organisation_id, *ENTERPRISE)


def may_see(actor: Actor, order: Order) -> Decision:
    """The enterprise always; screeners and readers of the centre once it was submitted; others once it was published."""
    if actor.is_system or is_own(actor, order):
        return YES
    if order.state is OrderState.DRAFT:
        return no("not_found")
    if actor.reads_everything or actor.serves(order.alliance_id):
        return YES
    if order.published_at is None:
        return no("not_found")
    return alliances_policy.may_see(actor, order.alliance_id, order.visibility)


def may_see_confidential(actor: Actor, order: Order) -> Decision:
    """The ordering enterprise and its screeners; others need a confidentiality agreement, which comes later."""
    return allow_if(is_own(actor, order) or actor.serves(order.alliance_id), "orders.confidential")


def may_order(actor: Actor, organisation: Organisation) -> Decision:
    """Whoever acts for an enterprise may draft, also before it is verified."""
    if not organisation.is_enterprise:
        return no("orders.not_enterprise")
    return allow_if(actor.has_for(organisation.id, *ENTERPRISE), "orders.not_own")


def may_edit(actor: Actor, order: Order) -> Decision:
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.state in EDITABLE, "orders.not_editable")


def may_submit(actor: Actor, order: Order) -> Decision:
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.organisation.state is OrganisationState.VERIFIED, "orders.not_verified")


def may_screen(actor: Actor, order: Order) -> Decision:
    """The secretary of the order's alliance or an officer, unless that person acts for the enterprise as well."""
    if not actor.serves(order.alliance_id):
        return no("hidden")
    return allow_if(order.organisation_id not in actor.organisations, "orders.own_screening")


def may_amend(actor: Actor, order: Order) -> Decision:
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.state in AMENDABLE, "orders.not_amendable")


def may_retender(actor: Actor, order: Order) -> Decision:
    """The enterprise, once its order ended without a valid answer."""
    if not is_own(actor, order):
        return no("hidden")
    return allow_if(order.state is OrderState.UNSUCCESSFUL, "orders.not_unsuccessful")


def may_cancel(actor: Actor, order: Order) -> Decision:
    """The enterprise at any time the table allows; the centre once the order came to it."""
    if is_own(actor, order):
        return YES
    return allow_if(order.state is not OrderState.DRAFT and actor.serves(order.alliance_id), "hidden")
