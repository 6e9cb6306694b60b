"""Pages of the conflicts room."""

from marketplace.conflicts import words
from marketplace.conflicts.views import declaring, overriding, staff
from marketplace.conflicts.views.blueprint import bp

__all__ = ["bp", "declaring", "overriding", "staff", "words"]
