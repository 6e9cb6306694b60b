"""What the room's states, choices, events and refusals are called: ``order`` itself, ``changing`` it, ``secrecy``."""

from marketplace.orders.words import changing, secrecy
from marketplace.orders.words.order import CONTRACT_LAW, IP_LAW, filter_choices, reason_text, who_acts

__all__ = ["CONTRACT_LAW", "IP_LAW", "changing", "filter_choices", "reason_text", "secrecy", "who_acts"]
