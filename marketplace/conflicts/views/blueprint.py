"""The room's blueprint and what several of its pages share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role

bp = Blueprint("conflicts", __name__)

Page = str | Response | tuple[str, int]
READERS = (Role.CENTRE_OFFICER, Role.AUDITOR)
