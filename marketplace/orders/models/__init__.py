"""Tables: ``order`` with its parts, ``lots``, ``changing`` after publication, ``secrecy`` agreements, ``reach`` to teams."""

from marketplace.orders.models.changing import DeadlineChange, OrderAmendment, Question
from marketplace.orders.models.lots import Umbrella
from marketplace.orders.models.order import ConfidentialPart, Order, OrderAttachment, Target
from marketplace.orders.models.reach import Digest, FollowedField, OrderInvitation, PoolPlace
from marketplace.orders.models.secrecy import Nda

__all__ = [
    "ConfidentialPart",
    "DeadlineChange",
    "Digest",
    "FollowedField",
    "Nda",
    "Order",
    "OrderAmendment",
    "OrderAttachment",
    "OrderInvitation",
    "PoolPlace",
    "Question",
    "Target",
    "Umbrella",
]
