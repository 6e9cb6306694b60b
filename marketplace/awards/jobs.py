"""What the clock does to awards."""

from __future__ import annotations

import logging
from collections.abc import Callable

from marketplace.awards import queries, service
from marketplace.awards.service.confirming import MOVE_UP_JOB
from marketplace.jobs.queue import each_minute, job
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict

log = logging.getLogger(__name__)


@each_minute
def move_due(call: Call) -> None:
    """Start the contracts that nothing keeps back, let the next bid move up where one lapses, each in a use case of its own."""
    for award_id in queries.due_for_contract(call.now):
        _try(service.start_contract, call, award_id)
    for award_id in queries.due_for_lapse(call.now):
        if _try(service.lapse, call, award_id):
            _try(service.move_up, call, award_id)  # the next alternative, which two people still have to approve


@job(MOVE_UP_JOB)
def move_up(call: Call, argument: int | None) -> None:
    """After a party declined: the next alternative, unless no bid is left or somebody was quicker."""
    if argument is not None:
        _try(service.move_up, call, argument)


@each_minute
def pass_invitations_on(call: Call) -> None:
    """Tell invited teams of orders that are tendered again, each in a use case of its own."""
    for order_id in queries.retendered_with_invited():
        service.invite_again(call, order_id)


def _try(step: Callable[[Call, int], object], call: Call, award_id: int) -> bool:
    """Somebody may have objected or confirmed a moment ago, or no bid may be left: then there is nothing to do."""
    try:
        step(call, award_id)
    except Conflict as refused:
        log.info("award %s waits: %s", award_id, refused.code)
        return False
    return True
