"""Writes of bids: ``bidding`` by teams, ``opening`` by the centre and its opener, ``ordering`` and ``deadlines`` of orders."""

from marketplace.bids.service.bidding import save_draft, start_bid, submit_bid, withdraw_bid
from marketplace.bids.service.deadlines import (
    approve_deadline,
    lapse_deadline,
    propose_deadline,
    reject_deadline,
)
from marketplace.bids.service.opening import confirm_opening, open_bids, request_opening
from marketplace.bids.service.ordering import amend_order, answer_question, lapse_bids

__all__ = [
    "amend_order",
    "answer_question",
    "approve_deadline",
    "confirm_opening",
    "lapse_bids",
    "lapse_deadline",
    "open_bids",
    "propose_deadline",
    "reject_deadline",
    "request_opening",
    "save_draft",
    "start_bid",
    "submit_bid",
    "withdraw_bid",
]
