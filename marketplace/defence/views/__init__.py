"""Pages of the joint defence: watches and threats, cases, contests, covenants."""

from marketplace.defence import words
from marketplace.defence.views import cases, contests, covenants, threats
from marketplace.defence.views.blueprint import bp

__all__ = ["bp", "cases", "contests", "covenants", "threats", "words"]
