"""Pages of evaluations: ``criteria`` for everybody, ``leading`` for the centre, ``seats`` for members, ``results``."""

from marketplace.evaluation.views import criteria, excluding, leading, results, seats
from marketplace.evaluation.views.blueprint import bp

__all__ = ["bp", "criteria", "excluding", "leading", "results", "seats"]
