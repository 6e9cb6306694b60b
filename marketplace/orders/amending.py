"""The one rule about time when the public text changes while bids may come in."""

from __future__ import annotations

from datetime import datetime, timedelta

NEAR = timedelta(days=3)
REMAINING = timedelta(days=5)


def deadline_after_change(deadline: datetime, now: datetime) -> datetime:
    """Return the deadline that holds after a change at ``now``: with less than NEAR left, REMAINING days from now.

    It never moves a deadline closer. The extension follows from the change by rule, so nobody can choose it.
    """
    return now + REMAINING if deadline - now < NEAR else deadline
