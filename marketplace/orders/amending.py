"""A published order changes: the rule about time, what may change, and how it is kept for everybody to compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from marketplace.db.base import db
from marketplace.kernel.errors import Invalid
from marketplace.orders import readiness
from marketplace.orders.models import Order, Target
from marketplace.orders.procedures import Rules
from marketplace.orders.queries import sheet_of
from marketplace.orders.terms import AmendTerms, TargetTerms

TEXTS = ("title", "title_en", "problem", "background")
TERMS = ("price_ceiling", "own_funds", "delivery_on")
CHANGEABLE = (*TEXTS, "targets", *TERMS)
"""What an amendment may change. Procedure, alliance and visibility decided who could answer, so they never change."""

_TARGET = ("name", "comparator", "value", "value_to", "unit", "method", "must_have")
_ASIDE = 1000


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


def public_part(order: Order) -> dict[str, Any]:
    """Return what an amendment may change, by name, as JSON keeps it: amounts in fen, days in ISO 8601, targets in order."""
    return {
        **{name: getattr(order, name) for name in (*TEXTS, "price_ceiling", "own_funds")},
        "delivery_on": order.delivery_on.isoformat() if order.delivery_on else None,
        "targets": [as_kept(target) for target in order.targets],
    }


def as_kept(target: Target | TargetTerms) -> dict[str, Any]:
    return {name: getattr(target, name) for name in _TARGET}


def change(order: Order, terms: AmendTerms) -> None:
    """Write the changed public part. Plain, inside a use case that holds the order's lock."""
    for name in (*TEXTS, *TERMS):
        if (value := getattr(terms, name)) is not None:
            setattr(order, name, value)
    if terms.targets is not None and [as_kept(t) for t in terms.targets] != [as_kept(t) for t in order.targets]:
        _change_targets(order, terms.targets)


def require_whole(order: Order, now: datetime) -> None:
    """Refuse a change after which screening would have sent the order back; the first gap names its field."""
    for gap in readiness.blocking(readiness.check(sheet_of(order, ""), now)):
        if gap.place in CHANGEABLE:
            raise Invalid(gap.code, gap.values, field=gap.place)


def _change_targets(order: Order, wanted: Sequence[TargetTerms]) -> None:
    """Write the targets. One keeps its row as long as its name stays, so that an answer never slides under another target."""
    former = list(order.targets)
    rows = [_take(former, terms.name) or Target() for terms in wanted]
    for number, row in enumerate(order.targets):
        row.position = _ASIDE + number  # No two rows of an order may share a place, not even while they change places.
    db.session.flush()
    for position, (row, terms) in enumerate(zip(rows, wanted, strict=True)):
        row.position = position
        for name in _TARGET:
            setattr(row, name, getattr(terms, name))
    order.targets[:] = rows


def _take(rows: list[Target], name: str) -> Target | None:
    """Take the first row of that name out of ``rows``."""
    found = next((row for row in rows if row.name == name), None)
    if found is not None:
        rows.remove(found)
    return found
