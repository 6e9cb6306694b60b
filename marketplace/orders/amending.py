"""The rules about time when a published order changes, and the texts that a change is about."""

from __future__ import annotations

from datetime import datetime, timedelta

from marketplace.orders.models import Order
from marketplace.orders.procedures import Rules

TEXTS = ("title", "problem", "background")
"""What an amendment may change."""


def deadline_after_change(deadline: datetime, now: datetime, rules: Rules) -> datetime:
    """Return the deadline that holds after a change at ``now``: at least ``extension_days`` remain.

    It never moves a deadline closer. The extension follows from the change by rule, so nobody can choose it.
    """
    return max(deadline, now + timedelta(days=rules.extension_days))


def deadline_after_answer(deadline: datetime, now: datetime, rules: Rules) -> datetime:
    """Return the deadline that holds after an answer: moved like after a change where the procedure says so."""
    return deadline_after_change(deadline, now, rules) if rules.answers_extend else deadline


def questions_until(order: Order, rules: Rules) -> datetime | None:
    """Return when the clarification window closes; None for an order without a deadline."""
    return order.bid_deadline - timedelta(days=rules.clarification_days) if order.bid_deadline else None


def texts_of(order: Order) -> dict[str, str]:
    """Return the public texts by name."""
    return {name: getattr(order, name) for name in TEXTS}
