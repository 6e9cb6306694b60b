"""Pages of the awards room."""

from marketplace.awards import words
from marketplace.awards.views import approving, awards, complaints, deciding, failing, notices, reversals
from marketplace.awards.views.blueprint import bp

__all__ = ["approving", "awards", "bp", "complaints", "deciding", "failing", "notices", "reversals", "words"]
