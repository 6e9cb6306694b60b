"""What happens in a defence, by subject."""

from marketplace.defence.service.cases import (
    add_counter,
    add_paper,
    begin,
    close_case,
    drop_product,
    join,
    open_case,
    state_product,
)
from marketplace.defence.service.contests import (
    award,
    end_contest,
    enter,
    open_contest,
    pay,
    propose_award,
    propose_contest,
    think_again,
)
from marketplace.defence.service.covenants import bind, enact, propose_covenant, spring, stop_covenant, unbind
from marketplace.defence.service.threats import add_watch, close_threat, end_watch, report_threat

__all__ = [
    "add_counter",
    "add_paper",
    "add_watch",
    "award",
    "begin",
    "bind",
    "close_case",
    "close_threat",
    "drop_product",
    "enact",
    "end_contest",
    "end_watch",
    "enter",
    "join",
    "open_case",
    "open_contest",
    "pay",
    "propose_award",
    "propose_contest",
    "propose_covenant",
    "report_threat",
    "spring",
    "state_product",
    "stop_covenant",
    "think_again",
    "unbind",
]
