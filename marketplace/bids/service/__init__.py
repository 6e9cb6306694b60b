"""Writes of bids: ``bidding``, ``attaching`` and ``consortium`` by the teams, ``opening`` by the centre, ``unsealing`` and
``keeping`` by its opener, ``recovering`` and ``repairing`` after the opening, ``shortlisting`` between two stages, ``ordering``
and ``deadlines`` of orders."""

from marketplace.bids.service.attaching import attach_file, remove_file
from marketplace.bids.service.bidding import save_draft, start_bid, submit_bid, withdraw_bid
from marketplace.bids.service.consortium import ask_partners, give_consent, refuse_consent, take_consent_back
from marketplace.bids.service.deadlines import (
    approve_deadline,
    lapse_deadline,
    propose_deadline,
    reject_deadline,
)
from marketplace.bids.service.keeping import prepare_keys, prove
from marketplace.bids.service.opening import (
    confirm_opening,
    confirm_price_opening,
    request_opening,
    request_price_opening,
)
from marketplace.bids.service.ordering import amend_order, answer_question, lapse_bids
from marketplace.bids.service.recovering import end_recovery, recover_bid
from marketplace.bids.service.repairing import answer_repair, ask_repair, decide_repair, expire_repair
from marketplace.bids.service.shortlisting import confirm_shortlist, propose_shortlist
from marketplace.bids.service.unsealing import open_bids, open_prices

__all__ = [
    "amend_order",
    "answer_question",
    "answer_repair",
    "approve_deadline",
    "ask_partners",
    "ask_repair",
    "attach_file",
    "confirm_opening",
    "confirm_price_opening",
    "confirm_shortlist",
    "decide_repair",
    "end_recovery",
    "expire_repair",
    "give_consent",
    "lapse_bids",
    "lapse_deadline",
    "open_bids",
    "open_prices",
    "prepare_keys",
    "propose_deadline",
    "propose_shortlist",
    "prove",
    "recover_bid",
    "refuse_consent",
    "reject_deadline",
    "remove_file",
    "request_opening",
    "request_price_opening",
    "save_draft",
    "start_bid",
    "submit_bid",
    "take_consent_back",
    "withdraw_bid",
]
