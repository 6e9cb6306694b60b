"""Writes of bids: ``bidding`` by the teams, ``opening`` by the centre and its opener, ``ordering`` where an order changes."""

from marketplace.bids.service.bidding import save_draft, start_bid, submit_bid, withdraw_bid
from marketplace.bids.service.opening import confirm_opening, open_bids, request_opening
from marketplace.bids.service.ordering import amend_order, lapse_bids

__all__ = [
    "amend_order",
    "confirm_opening",
    "lapse_bids",
    "open_bids",
    "request_opening",
    "save_draft",
    "start_bid",
    "submit_bid",
    "withdraw_bid",
]
