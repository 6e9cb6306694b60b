"""Writes of orders: ``drafting`` by the enterprise, ``screening`` on the way to the board, ``ending`` before an award."""

from marketplace.orders.service.drafting import (
    ATTACHMENTS,
    attach_file,
    describe_need,
    remove_file,
    set_disclosure,
    set_targets,
    set_terms,
    start_order,
)
from marketplace.orders.service.ending import AFTER_CANCEL, cancel_order, retender
from marketplace.orders.service.screening import publish_order, send_back, start_bidding, submit_order

__all__ = [
    "AFTER_CANCEL",
    "ATTACHMENTS",
    "attach_file",
    "cancel_order",
    "describe_need",
    "publish_order",
    "remove_file",
    "retender",
    "send_back",
    "set_disclosure",
    "set_targets",
    "set_terms",
    "start_bidding",
    "start_order",
    "submit_order",
]
