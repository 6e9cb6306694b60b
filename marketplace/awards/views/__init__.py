"""Pages of the awards room."""

from marketplace.awards import words
from marketplace.awards.views import awards, complaints, deciding, failing, notices, reversals
from marketplace.awards.views.blueprint import bp

__all__ = ["awards", "bp", "complaints", "deciding", "failing", "notices", "reversals", "words"]
