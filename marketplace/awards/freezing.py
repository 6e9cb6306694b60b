"""Whether an objection keeps a contract from beginning: the one rule, as a clause and for one award."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from marketplace.awards.models import Award, Complaint
from marketplace.awards.workflow import APPEALABLE, OPEN
from marketplace.db.base import db


def freezes(now: datetime) -> ColumnElement[bool]:
    """True of objections that nobody has decided yet, and of those whose decision may still be appealed."""
    appealable = and_(Complaint.state.in_(APPEALABLE), Complaint.appeal_until > now)
    return or_(Complaint.state.in_(OPEN), appealable)


def is_frozen(award_id: int, now: datetime) -> bool:
    query = select(Complaint.id).where(Complaint.award_id == award_id, freezes(now)).limit(1)
    return db.session.scalar(query) is not None


def frozen_clause(now: datetime) -> ColumnElement[bool]:
    """The same of the Award in the query."""
    return exists().where(Complaint.award_id == Award.id, freezes(now))
