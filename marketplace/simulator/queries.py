"""Which funds an order may ask, and why others do not pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.funds import queries as fund_queries
from marketplace.funds.models import Fund
from marketplace.funds.rules import Drawn, failing
from marketplace.kernel.call import Call
from marketplace.orders.models import Order
from marketplace.web.filters import CITY


@dataclass(frozen=True, slots=True)
class Around:
    """The funds the reader may see: ``paying`` for the order, and the ``others`` with the code of every rule against them."""

    paying: Sequence[Fund]
    others: Sequence[tuple[Fund, tuple[str, ...]]]
    drawn: dict[int, Drawn]


def funds_around(call: Call, order: Order) -> Around:
    """Sort the funds that the reader may see by whether they may pay for ``order`` today."""
    today = call.now.astimezone(CITY).date()
    paying: list[Fund] = []
    others: list[tuple[Fund, tuple[str, ...]]] = []
    for fund in fund_queries.list_funds(call):
        against = tuple(failing(fund, order, order.organisation, today))
        if against:
            others.append((fund, against))
        else:
            paying.append(fund)
    held = fund_queries.enterprise_drawn([(fund.id, order.organisation_id) for fund in paying], today)
    return Around(paying, others, {fund_id: amount for (fund_id, _enterprise), amount in held.items()})
