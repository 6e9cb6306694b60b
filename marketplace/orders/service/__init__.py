"""Writes of orders: ``drafting``, ``screening`` on the way to the board, ``ending``, ``secrecy`` agreements, ``asking``."""

from marketplace.orders.service.asking import ask_question, decline_question
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
from marketplace.orders.service.secrecy import (
    decline_nda,
    expire_nda,
    request_nda,
    revoke_nda,
    sign_nda,
    withdraw_nda,
)

__all__ = [
    "AFTER_CANCEL",
    "ATTACHMENTS",
    "ask_question",
    "attach_file",
    "cancel_order",
    "decline_nda",
    "decline_question",
    "describe_need",
    "expire_nda",
    "publish_order",
    "remove_file",
    "request_nda",
    "retender",
    "revoke_nda",
    "send_back",
    "set_disclosure",
    "set_targets",
    "set_terms",
    "sign_nda",
    "start_bidding",
    "start_order",
    "submit_order",
    "withdraw_nda",
]
