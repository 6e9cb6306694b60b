"""Pages of the talent room: what everybody reads, and what teams write."""

from marketplace.talent import words
from marketplace.talent.views import reading, writing
from marketplace.talent.views.blueprint import bp

__all__ = ["bp", "reading", "words", "writing"]
