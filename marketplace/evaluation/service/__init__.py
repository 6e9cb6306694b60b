"""Writes of evaluations: ``setting_up`` criteria and committee, ``voting`` and ``scoring``, ``locking``, ``excluding``."""

from marketplace.evaluation.service.excluding import confirm_exclusion, propose_exclusion, reject_exclusion
from marketplace.evaluation.service.locking import lock_scores
from marketplace.evaluation.service.scoring import save_scores, submit_scores
from marketplace.evaluation.service.setting_up import (
    accept_seat,
    appoint,
    begin_scoring,
    decline_seat,
    fix_criteria,
    replace_member,
)
from marketplace.evaluation.service.voting import cast_votes

__all__ = [
    "accept_seat",
    "appoint",
    "begin_scoring",
    "cast_votes",
    "confirm_exclusion",
    "decline_seat",
    "fix_criteria",
    "lock_scores",
    "propose_exclusion",
    "reject_exclusion",
    "replace_member",
    "save_scores",
    "submit_scores",
]
