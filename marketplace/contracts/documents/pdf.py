"""The documents of this room as PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from marketplace.storage import typeset

HERE = Path(__file__).parent


def render(template: str, values: dict[str, Any], at: datetime) -> bytes:
    """Return ``<template>.typ`` filled with ``values`` (see ``typeset.render``)."""
    return typeset.render(HERE / f"{template}.typ", values, at)
