"""Pages of the insights room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("insights", __name__)
