"""Tables of the contracts room, by noun."""

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
    "Reply",
    "Signature",
    "Source",
    "Verdict",
]
