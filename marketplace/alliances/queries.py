"""Reads of alliances, and the clause that keeps what belongs to one from the others."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from marketplace.alliances.models import Alliance
from marketplace.alliances.policy import belongs_to_the_centre
from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import NotFound

MAX_ID = 2**31 - 1


def visible_clause(actor: Actor, alliance_column: Any, visibility_column: Any) -> ColumnElement[bool]:
    """Return the rows ``policy.may_see`` allows, as a condition on an alliance and a visibility column."""
    if actor.reads_everything:
        return true()
    allowed = [visibility_column == Visibility.PUBLIC]
    if belongs_to_the_centre(actor):
        allowed.append(visibility_column == Visibility.CENTRE)
    if actor.alliances:
        mine = alliance_column.in_(sorted(actor.alliances))
        allowed.append(and_(visibility_column == Visibility.ALLIANCE, mine))
    return or_(*allowed)


def get_alliance(call: Call, alliance_id: int) -> Alliance:  # noqa: ARG001 - every reader may know every alliance
    """Return an alliance; raise NotFound when there is none."""
    row = db.session.get(Alliance, alliance_id) if 0 < alliance_id <= MAX_ID else None
    if row is None:
        raise NotFound("alliance")
    return row


def list_alliances() -> list[Alliance]:
    """Return every alliance, the oldest first."""
    return list(db.session.scalars(select(Alliance).order_by(Alliance.founded_at, Alliance.id)))
