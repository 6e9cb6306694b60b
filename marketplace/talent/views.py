"""Pages of the talent room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("talent", __name__)
