"""Pages of the rounds room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rounds", __name__)
