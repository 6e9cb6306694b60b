"""What happens to licences, by verb."""

from marketplace.licences.service.accounting import (
    accept_statement,
    call_for_statement,
    file_statement,
    question_statement,
    remind_statement,
)
from marketplace.licences.service.agreeing import (
    decline,
    offer_terms,
    record_filing,
    request_licence,
    sign,
    take_bundle,
    withdraw,
)
from marketplace.licences.service.chaining import sublicense
from marketplace.licences.service.ending import end, end_of_term, give_notice, let_run, remind_of_term
from marketplace.licences.service.opening import declare_open, take_open, withdraw_open
from marketplace.licences.service.sharing import (
    approve_distribution,
    approve_receipt,
    propose_distribution,
    propose_receipt,
    reject_distribution,
    reject_receipt,
    simulate,
)

__all__ = [
    "accept_statement",
    "approve_distribution",
    "approve_receipt",
    "call_for_statement",
    "declare_open",
    "decline",
    "end",
    "end_of_term",
    "file_statement",
    "give_notice",
    "let_run",
    "offer_terms",
    "propose_distribution",
    "propose_receipt",
    "question_statement",
    "record_filing",
    "reject_distribution",
    "reject_receipt",
    "remind_of_term",
    "remind_statement",
    "request_licence",
    "sign",
    "simulate",
    "sublicense",
    "take_bundle",
    "take_open",
    "withdraw",
    "withdraw_open",
]
