"""What everything in this room is called."""

from marketplace.contracts.words import delivery, text

__all__ = ["delivery", "text"]
