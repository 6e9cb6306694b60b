"""Pages of the funds room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("funds", __name__)
