"""The blueprint of the rounds, and who passes its doors."""

from __future__ import annotations

from flask import Blueprint

from marketplace.kernel.call import Role
from marketplace.rounds.told import run_title

bp = Blueprint("rounds", __name__)

READERS = (Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY, Role.AUDITOR)
RUNNERS = (Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
bp.add_app_template_filter(run_title, "run_title")
