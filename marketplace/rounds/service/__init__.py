"""Writes of rounds, one use case per sentence: set up and fill a round, run it, decide on its proposals."""

from marketplace.rounds.service.decisions import approve, invite, propose, reject, take_back
from marketplace.rounds.service.picks import add_orders, drop_order, require_match, set_funds, treat_bid
from marketplace.rounds.service.rounds import close_round, create_round, edit_round, reopen_round
from marketplace.rounds.service.runs import (
    SOLVE_JOB,
    begin_run,
    cancel_run,
    fail_run,
    finish_run,
    start_run,
)

__all__ = [
    "SOLVE_JOB",
    "add_orders",
    "approve",
    "begin_run",
    "cancel_run",
    "close_round",
    "create_round",
    "drop_order",
    "edit_round",
    "fail_run",
    "finish_run",
    "invite",
    "propose",
    "reject",
    "reopen_round",
    "require_match",
    "set_funds",
    "start_run",
    "take_back",
    "treat_bid",
]
