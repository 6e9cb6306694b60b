"""Pages of the register: what everybody reads, what owners write, and their calendar."""

from marketplace.patents import jobs, words
from marketplace.patents.views import calendar, reading, writing
from marketplace.patents.views.blueprint import bp

__all__ = ["bp", "calendar", "jobs", "reading", "words", "writing"]
