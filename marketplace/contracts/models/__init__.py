"""Tables of the contracts room, by noun."""

from marketplace.contracts.models.after import Rating, Result, Training
from marketplace.contracts.models.changes import Change
from marketplace.contracts.models.contract import Clause, ClauseVersion, Contract, Signature, Source
from marketplace.contracts.models.delivery import (
    Delivery,
    DeliveryEvidence,
    DeliveryFile,
    Dispute,
    Milestone,
    Verdict,
)
from marketplace.contracts.models.payment import BankReceipt, Payment, PaymentOrder, Reply

__all__ = [
    "BankReceipt",
    "Change",
    "Clause",
    "ClauseVersion",
    "Contract",
    "Delivery",
    "DeliveryEvidence",
    "DeliveryFile",
    "Dispute",
    "Milestone",
    "Payment",
    "PaymentOrder",
    "Rating",
    "Reply",
    "Result",
    "Signature",
    "Source",
    "Training",
    "Verdict",
]
