"""Tables of orders: ``order`` itself with its parts, ``changing`` after publication, ``secrecy`` of the confidential part."""

from marketplace.orders.models.changing import DeadlineChange, OrderAmendment, Question
from marketplace.orders.models.order import ConfidentialPart, Order, OrderAttachment, Target
from marketplace.orders.models.secrecy import Nda

__all__ = [
    "ConfidentialPart",
    "DeadlineChange",
    "Nda",
    "Order",
    "OrderAmendment",
    "OrderAttachment",
    "Question",
    "Target",
]
