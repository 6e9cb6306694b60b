"""Marks of what stands saved: a page carries the one of what it showed, so that nobody writes over a later text unread."""

from __future__ import annotations

import hashlib

from marketplace.kernel.errors import Conflict


def mark_of(value: object) -> str:
    """Return a mark that changes with ``value``, as its ``repr`` tells it."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:32]


def require_read(seen: str, saved: str, new: str, code: str = "saved_meanwhile") -> None:
    """Raise Conflict ``code`` when what is ``saved`` is not what the writer's page showed (``seen``; "" asks nothing).

    What is ``new`` and stands saved already, as after a button was pressed twice, writes over nothing.
    """
    if seen and saved not in (seen, new):
        raise Conflict(code)
