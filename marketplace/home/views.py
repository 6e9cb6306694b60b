"""Pages of the home room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("home", __name__)
