"""Writes of the contracts room, one use case per sentence, by noun."""

from marketplace.contracts.service import withdrawing  # noqa: F401 - registers what happens when an award is taken back
from marketplace.contracts.service.changing import accept_change, propose_change, reject_change, withdraw_change
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
from marketplace.contracts.service.remaining import declare_result, end_training, rate, start_training
from marketplace.contracts.service.ruling import confirm_end_ruling, drop_end_ruling, propose_end_ruling
from marketplace.contracts.service.signing import abandon, sign

__all__ = [
    "abandon",
    "accept_change",
    "accept_clause",
    "advise",
    "agree",
    "appoint_expert",
    "approve_payment",
    "ask_committee",
    "ask_expert",
    "check_payment",
    "confirm_arrival",
    "confirm_end_ruling",
    "confirm_ruling",
    "decide",
    "declare_paid",
    "declare_result",
    "deem_accepted",
    "deliver",
    "draft_contract",
    "drop_end_ruling",
    "end_training",
    "give_opinion",
    "import_receipts",
    "offer",
    "order_payments",
    "propose_change",
    "propose_clause",
    "propose_end_ruling",
    "propose_ruling",
    "raise_dispute",
    "rate",
    "reject_change",
    "release_retention",
    "remind",
    "remind_overdue",
    "retry_payment",
    "send_back",
    "set_particulars",
    "sign",
    "start_training",
    "withdraw_change",
    "withdraw_clause",
]
