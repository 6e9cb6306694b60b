"""Writes of orders: ``drafting``, ``lots``, ``screening``, ``inviting``, ``asking``, ``secrecy``, ``ending``."""

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
from marketplace.orders.service.inviting import (
    apply_to_pool,
    decide_place,
    decline_invitation,
    follow_fields,
    invite_team,
    send_digest,
    withdraw_invitation,
)
from marketplace.orders.service.lots import add_lot, divide, publish_lots, submit_lots
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
    "add_lot",
    "apply_to_pool",
    "ask_question",
    "attach_file",
    "cancel_order",
    "decide_place",
    "decline_invitation",
    "decline_nda",
    "decline_question",
    "describe_need",
    "divide",
    "expire_nda",
    "follow_fields",
    "invite_team",
    "publish_lots",
    "publish_order",
    "remove_file",
    "request_nda",
    "retender",
    "revoke_nda",
    "send_back",
    "send_digest",
    "set_disclosure",
    "set_targets",
    "set_terms",
    "sign_nda",
    "start_bidding",
    "start_order",
    "submit_lots",
    "submit_order",
    "withdraw_invitation",
    "withdraw_nda",
]
