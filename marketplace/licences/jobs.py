"""What the worker does each minute: end licences whose term is over, call for statements, ask again for late ones."""

from __future__ import annotations

from datetime import date, timedelta

from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.licences import queries, service
from marketplace.patents import queries as patents

DAYS_TO_FILE = 30
ASK_AGAIN = timedelta(days=7)


@each_minute
def follow_licences(call: Call) -> None:
    """Each statement in a transaction of its own."""
    day = patents.today(call)
    period, last_day = quarter_before(day)
    due_on = last_day + timedelta(days=DAYS_TO_FILE)
    for licence_id in queries.over(day):
        service.end_of_term(call, licence_id)
    for licence_id in queries.licences_without_statement(period, date(last_day.year, last_day.month - 2, 1), last_day):
        service.call_for_statement(call, licence_id, period, due_on)
    for statement_id in queries.late_statements(day, day - ASK_AGAIN):
        service.remind_statement(call, statement_id)


def quarter_before(day: date) -> tuple[str, date]:
    """Return the last quarter that is over, as "2026Q4", and its last day."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    last = first - timedelta(days=1)
    return f"{last.year}Q{(last.month - 1) // 3 + 1}", last
