"""The room's blueprint and what several of its pages share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role

bp = Blueprint("awards", __name__)

Page = str | Response | tuple[str, int]
RUNNERS = (Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
READERS = (Role.CENTRE_OFFICER, Role.AUDITOR)
PANEL = (Role.CENTRE_OFFICER, Role.FUND_MANAGER)
