"""Writes of awards, one use case per sentence: announce, confirm, start, object, decide, appeal, take back."""

from marketplace.awards.service.announcing import announce, release_run
from marketplace.awards.service.complaining import appeal, file_complaint, withdraw_complaint
from marketplace.awards.service.confirming import confirm, decline, lapse, start_contract
from marketplace.awards.service.deciding import (
    accept_complaint,
    answer_complaint,
    approve_finding,
    reject_complaint,
    return_finding,
    review_appeal,
)
from marketplace.awards.service.failing import fail_order, invite_again
from marketplace.awards.service.limits import approve_level, propose_level, propose_level_end, refuse_level
from marketplace.awards.service.reversing import approve_reversal, propose_recall, propose_undo, refuse_reversal
from marketplace.awards.service.stepping import move_up

__all__ = [
    "accept_complaint",
    "announce",
    "answer_complaint",
    "appeal",
    "approve_finding",
    "approve_level",
    "approve_reversal",
    "confirm",
    "decline",
    "fail_order",
    "file_complaint",
    "invite_again",
    "lapse",
    "move_up",
    "propose_level",
    "propose_level_end",
    "propose_recall",
    "propose_undo",
    "refuse_level",
    "refuse_reversal",
    "reject_complaint",
    "release_run",
    "return_finding",
    "review_appeal",
    "start_contract",
    "withdraw_complaint",
]
