"""Who may say that a team fits an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.kernel.call import Actor
from marketplace.kernel.policy import Decision, allow_if

if TYPE_CHECKING:
    from marketplace.orders.models import Order


def may_judge(actor: Actor, order: Order) -> Decision:
    """The order's screeners, unless they act for the ordering enterprise as well."""
    return allow_if(actor.serves(order.alliance_id) and order.organisation_id not in actor.organisations, "hidden")
