"""Pages of the orders room."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("orders", __name__)
