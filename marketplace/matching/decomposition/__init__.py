"""The price method for problems too large for branch and cut: see large.py for the way, the duals for the mathematics."""

from marketplace.matching.decomposition.large import refusal, solve_large, suits

__all__ = ["refusal", "solve_large", "suits"]
