"""Pages of licences: agreeing, accounting, sharing, open licences, clearance and valuation."""

from marketplace.licences import jobs, promised, words
from marketplace.licences.views import accounting, agreeing, chaining, clearing, ending, opening, reading, valuing
from marketplace.licences.views.blueprint import bp

__all__ = [
    "accounting",
    "agreeing",
    "bp",
    "chaining",
    "clearing",
    "ending",
    "jobs",
    "opening",
    "promised",
    "reading",
    "valuing",
    "words",
]
