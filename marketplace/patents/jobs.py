"""What the worker does each minute: remind of deadlines, and end rights that ran out."""

from __future__ import annotations

from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.patents import queries, service


@each_minute
def follow_patents(call: Call) -> None:
    """Remind and end what is due today; each patent in a transaction of its own."""
    day = queries.today(call)
    for patent_id in queries.run_out(day):
        service.lapse_or_expire(call, patent_id)
    for patent_id in queries.due_for_reminder(day):
        service.remind(call, patent_id)
