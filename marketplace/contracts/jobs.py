"""What the clock does to contracts, each in a use case of its own; what is refused is left for the next minute."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from marketplace.contracts import service
from marketplace.contracts.clauses.filling import NOTICE_DAYS
from marketplace.contracts.queries import contracts, delivery, payments
from marketplace.contracts.service.paying import RETENTION_DAYS
from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Refused
from marketplace.web.filters import CITY

log = logging.getLogger(__name__)
REMIND_EVERY = timedelta(days=7)


@each_minute
def draft_due(call: Call) -> None:
    """Draft the contract of every awarded order whose parties have confirmed."""
    _each(call, contracts.orders_to_draft(), service.draft_contract)


@each_minute
def deem_due(call: Call) -> None:
    """Accept what nobody answered after the reminder; the use case counts working days, this only looks."""
    _each(call, delivery.to_deem(call.now - timedelta(days=NOTICE_DAYS)), service.deem_accepted)


@each_minute
def remind_due(call: Call) -> None:
    """Remind of overdue milestones once a week."""
    today = call.now.astimezone(CITY).date()
    _each(call, delivery.overdue(today, today - REMIND_EVERY), service.remind_overdue)


@each_minute
def release_due(call: Call) -> None:
    """Call the retention of contracts whose results have proved themselves."""
    _each(call, payments.retention_due(call.now - RETENTION_DAYS), service.release_retention)


def _each(call: Call, keys: Iterable[int], command: Callable[[Call, int], object]) -> None:
    for key in keys:
        try:
            command(call, key)
        except Refused as refused:
            log.info("%s %s: %s", command.__name__, key, refused.code)
