"""Pages of the rounds: setting up, filling, running, deciding, and what the parties read."""

from marketplace.jobs import queue
from marketplace.rounds import effects as _effects  # noqa: F401 - answers what new rules of a fund break
from marketplace.rounds import what_if_words as _more  # noqa: F401 - registers what scenarios and findings are called
from marketplace.rounds import words as _words  # noqa: F401 - registers what states and refusals are called
from marketplace.rounds.service import SOLVE_JOB, STUDY_JOB
from marketplace.rounds.views import (  # noqa: F401 - each adds its routes
    filling,
    outcomes,
    proposals,
    rounds,
    runs,
    scenarios,
    studies,
)
from marketplace.rounds.views.blueprint import bp

__all__ = ["bp"]

queue.job_in("marketplace.rounds.solve", SOLVE_JOB)
queue.job_in("marketplace.rounds.study.job", STUDY_JOB, patient=True)
