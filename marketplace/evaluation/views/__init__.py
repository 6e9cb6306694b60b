"""Pages of evaluations: ``criteria`` for everybody, ``leading`` for the centre, ``seats`` and ``voting``, ``results``."""

from marketplace.evaluation.views import criteria, excluding, leading, results, seats, voting
from marketplace.evaluation.views.blueprint import bp

__all__ = ["bp", "criteria", "excluding", "leading", "results", "seats", "voting"]
