"""Pages of the funds room: what members read, and what fund managers and officers decide."""

from marketplace.funds import words
from marketplace.funds.views import managing, reading, ruling, statements
from marketplace.funds.views.blueprint import bp

__all__ = ["bp", "managing", "reading", "ruling", "statements", "words"]
