"""Pages of the storage room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("storage", __name__)
