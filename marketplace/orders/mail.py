"""Mail about orders: references and links, never their content."""

from __future__ import annotations

from collections.abc import Iterable

from marketplace.accounts.models import Account
from marketplace.kernel.call import ENTERPRISE, Call
from marketplace.orders.models import Order
from marketplace.orders.queries import correspondents
from marketplace.outbox import service as outbox


def tell_enterprise(call: Call, order: Order, template: str) -> None:
    """Queue ``templates/mail/<template>.txt`` to everybody who acts for the ordering enterprise."""
    tell(call, correspondents(order.organisation_id, ENTERPRISE), order, template)


def tell(call: Call, accounts: Iterable[Account], order: Order, template: str, **values: int) -> None:
    """Queue a mail about ``order`` to ``accounts``; ``values`` are further row numbers for links."""
    known = {"reference": order.reference, "order_id": order.id, **values}
    for account in accounts:
        outbox.enqueue(call, account.email, template, known, account.locale)
