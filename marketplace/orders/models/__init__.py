"""Tables of orders: ``order`` itself with its parts, ``changing`` what was changed after publication."""

from marketplace.orders.models.changing import OrderAmendment
from marketplace.orders.models.order import ConfidentialPart, Order, OrderAttachment, Target

__all__ = ["ConfidentialPart", "Order", "OrderAmendment", "OrderAttachment", "Target"]
