"""What everything in this room is called."""

from marketplace.contracts.words import after, delivery, text

__all__ = ["after", "delivery", "text"]
