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
from marketplace.rounds.service.scenarios import compare_aims, draw_frontier, keep_scenario, start_scenario
from marketplace.rounds.service.studies import (
    STUDY_JOB,
    ask_why_lost,
    begin_study,
    fail_study,
    finish_study,
    plan_studies,
    start_study,
)

__all__ = [
    "SOLVE_JOB",
    "STUDY_JOB",
    "add_orders",
    "approve",
    "ask_why_lost",
    "begin_run",
    "begin_study",
    "cancel_run",
    "close_round",
    "compare_aims",
    "create_round",
    "draw_frontier",
    "drop_order",
    "edit_round",
    "fail_run",
    "fail_study",
    "finish_run",
    "finish_study",
    "invite",
    "keep_scenario",
    "plan_studies",
    "propose",
    "reject",
    "reopen_round",
    "require_match",
    "set_funds",
    "start_run",
    "start_scenario",
    "start_study",
    "take_back",
    "treat_bid",
]
