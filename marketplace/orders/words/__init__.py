"""What the room's states, choices, events and refusals are called: ``order`` itself, ``secrecy`` of its confidential part."""

from marketplace.orders.words import secrecy
from marketplace.orders.words.order import CONTRACT_LAW, IP_LAW, filter_choices, reason_text, who_acts

__all__ = ["CONTRACT_LAW", "IP_LAW", "filter_choices", "reason_text", "secrecy", "who_acts"]
