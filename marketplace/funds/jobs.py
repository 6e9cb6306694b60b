"""What the clock does to funds: rules come into force on their day, and money expires."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from marketplace.funds import queries, service
from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Refused
from marketplace.web.filters import CITY

log = logging.getLogger(__name__)


@each_minute
def apply_due(call: Call) -> None:
    """Put approved rules in force whose day has come."""
    _each(call, queries.due_rules(call.now.astimezone(CITY).date()), service.apply_rules)


@each_minute
def expire_due(call: Call) -> None:
    """Close funds whose last day has passed; rules that extend them come into force before."""
    _each(call, queries.over(call.now.astimezone(CITY).date()), service.expire_fund)


@each_minute
def remind_due(call: Call) -> None:
    """Tell of funds whose last day comes, once for each day."""
    _each(call, queries.ending(call.now.astimezone(CITY).date()), service.remind_of_end)


def _each(call: Call, keys: Iterable[int], command: Callable[[Call, int], object]) -> None:
    for key in keys:
        try:
            command(call, key)
        except Refused as refused:
            log.info("%s %s: %s", command.__name__, key, refused.code)
