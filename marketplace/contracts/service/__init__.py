"""Writes of the contracts room, one use case per sentence, by noun: text, signature, delivery, dispute, payment."""

from marketplace.contracts.service.delivering import (
    appoint_expert,
    decide,
    deem_accepted,
    deliver,
    give_opinion,
    remind,
    remind_overdue,
)
from marketplace.contracts.service.disputing import (
    advise,
    agree,
    ask_committee,
    ask_expert,
    confirm_ruling,
    offer,
    propose_ruling,
    raise_dispute,
)
from marketplace.contracts.service.drafting import draft_contract
from marketplace.contracts.service.negotiating import accept_clause, propose_clause, set_particulars, withdraw_clause
from marketplace.contracts.service.paying import (
    approve_payment,
    check_payment,
    confirm_arrival,
    declare_paid,
    import_receipts,
    order_payments,
    release_retention,
    retry_payment,
    send_back,
)
from marketplace.contracts.service.signing import abandon, sign

__all__ = [
    "abandon",
    "accept_clause",
    "advise",
    "agree",
    "appoint_expert",
    "approve_payment",
    "ask_committee",
    "ask_expert",
    "check_payment",
    "confirm_arrival",
    "confirm_ruling",
    "decide",
    "declare_paid",
    "deem_accepted",
    "deliver",
    "draft_contract",
    "give_opinion",
    "import_receipts",
    "offer",
    "order_payments",
    "propose_clause",
    "propose_ruling",
    "raise_dispute",
    "release_retention",
    "remind",
    "remind_overdue",
    "retry_payment",
    "send_back",
    "set_particulars",
    "sign",
    "withdraw_clause",
]
