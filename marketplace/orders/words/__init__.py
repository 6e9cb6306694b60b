"""What the room's states, choices, events and refusals are called: ``order`` itself, ``changing`` it, ``secrecy``."""

from marketplace.orders.words import changing, reach, secrecy
from marketplace.orders.words.order import CONTRACT_LAW, IP_LAW, filter_choices, reason_text, skeleton, who_acts

__all__ = [
    "CONTRACT_LAW",
    "IP_LAW",
    "changing",
    "filter_choices",
    "reach",
    "reason_text",
    "secrecy",
    "skeleton",
    "who_acts",
]
