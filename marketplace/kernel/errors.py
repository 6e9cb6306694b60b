"""Everything a use case may refuse with. Each is shown to people, so each carries a stable code and values, not a sentence.

The sentence in the reader's language is made in ``web/errors.py`` from ``code`` and ``values``.
"""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A use case did not happen, and nothing of it was kept.

    ``code`` names the rule ("bid.late"), ``values`` fill the sentence's places, ``field`` is the form field to blame.
    """

    status = 422

    def __init__(self, code: str, values: Mapping[str, object] | None = None, *, field: str | None = None) -> None:
        super().__init__(code if not values else f"{code} {dict(values)}")
        self.code = code
        self.values = dict(values or {})
        self.field = field


class Invalid(Refused):
    """What was given breaks a rule about its content."""


class NotFound(Refused):
    """There is no such thing, or the actor may not know that there is: the two look alike on purpose."""

    status = 404

    def __init__(self, what: str = "page") -> None:
        super().__init__("not_found", {"what": what})


class Forbidden(Refused):
    """The actor may see the subject and may not do this to it; ``code`` says why."""

    status = 403


class Conflict(Refused):
    """The state of things does not allow it (any more): deadline over, money gone, already decided."""

    status = 409


class Expired(Conflict):
    """The page that asked for it was open too long; what it carries must be looked at and sent again."""

    def __init__(self) -> None:
        super().__init__("page_expired")


class Stale(Conflict):
    """Somebody else changed the subject since it was read."""

    def __init__(self) -> None:
        super().__init__("stale")
