"""What the worker does each minute: end licences whose term is over, call for statements, ask again for late ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Refused
from marketplace.licences import due, service
from marketplace.patents import queries as patents

log = logging.getLogger(__name__)

DAYS_TO_FILE = 30
ASK_AGAIN = timedelta(days=7)


@each_minute
def follow_licences(call: Call) -> None:
    """Each licence and statement in a transaction of its own: what one refuses, such as an end that came before, stops none."""
    day = patents.today(call)
    period, last_day = quarter_before(day)
    due_on = last_day + timedelta(days=DAYS_TO_FILE)
    first_day = date(last_day.year, last_day.month - 2, 1)
    _each(due.over(day), lambda key: service.end_of_term(call, key))
    _each(due.ending(day), lambda key: service.remind_of_term(call, key))
    _each(
        due.without_statement(period, first_day, last_day),
        lambda key: service.call_for_statement(call, key, period, due_on),
    )
    _each(due.late_statements(day, day - ASK_AGAIN), lambda key: service.remind_statement(call, key))


def _each(keys: Iterable[int], command: Callable[[int], object]) -> None:
    for key in keys:
        try:
            command(key)
        except Refused as refused:
            log.info("licences %s: %s", key, refused.code)


def quarter_before(day: date) -> tuple[str, date]:
    """Return the last quarter that is over, as "2026Q4", and its last day."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    last = first - timedelta(days=1)
    return f"{last.year}Q{(last.month - 1) // 3 + 1}", last
