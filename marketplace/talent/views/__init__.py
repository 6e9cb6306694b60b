"""Pages of the talent room: what everybody reads, and what teams write."""

from marketplace.talent import words
from marketplace.talent.views import people, reading, training, writing
from marketplace.talent.views.blueprint import bp

__all__ = ["bp", "people", "reading", "training", "words", "writing"]
