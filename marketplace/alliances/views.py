"""Pages of the alliances room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("alliances", __name__)
