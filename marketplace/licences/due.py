"""What the clock finds due: terms that are over or nearly so, statements to call for, and late ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.licences.models import Licence, RoyaltyStatement
from marketplace.licences.workflow import LicenceState, StatementState
from marketplace.web.filters import CITY

AT_ONCE = 200
NOTICE = timedelta(days=30)
REMINDED = "licences.remind_of_term"
"""The journal's name of a reminder, which is given once."""


def over(day: date) -> Sequence[int]:
    """Running licences whose term ended before a day."""
    query = select(Licence.id).where(Licence.state == LicenceState.RUNNING, Licence.ends_on < day)
    return db.session.scalars(query.order_by(Licence.id).limit(AT_ONCE)).all()


def ending(day: date) -> Sequence[int]:
    """Running licences whose term ends within a month and whose sides were not told yet."""
    told = select(AuditRecord.subject_id).where(
        AuditRecord.command == REMINDED, AuditRecord.subject_kind == "licence", AuditRecord.subject_id.is_not(None)
    )
    query = select(Licence.id).where(
        Licence.state == LicenceState.RUNNING, Licence.ends_on.between(day, day + NOTICE), Licence.id.not_in(told)
    )
    return db.session.scalars(query.order_by(Licence.id).limit(AT_ONCE)).all()


def last_day(licence: Licence) -> date:
    """The last day a licence ran, or will: the clock may notice the end of a term late."""
    term = licence.ends_on or date.max
    return term if licence.ended_at is None else min(term, licence.ended_at.astimezone(CITY).date())


def without_statement(period: str, first: date, last: date) -> Sequence[int]:
    """Licences with royalties that ran on some day of a quarter, the ended ones too, and have no statement for it."""
    known = select(RoyaltyStatement.licence_id).where(RoyaltyStatement.period == period)
    since = datetime.combine(first, time(), CITY)
    ended = (Licence.state == LicenceState.ENDED) & (Licence.ended_at >= since)
    query = select(Licence).where(
        or_(Licence.state == LicenceState.RUNNING, ended),
        Licence.fee_mode.in_(["running", "entry_running", "pay_later"]),
        Licence.starts_on <= last,
        or_(Licence.pay_from.is_(None), Licence.pay_from <= last),
        or_(Licence.ends_on.is_(None), Licence.ends_on >= first),
        Licence.id.not_in(known),
    )
    rows = db.session.scalars(query.order_by(Licence.id))
    owing = [row.id for row in rows if last_day(row) >= max(first, row.starts_on or first, row.pay_from or first)]
    return owing[:AT_ONCE]


def late_statements(day: date, reminded_before: date) -> Sequence[int]:
    s = RoyaltyStatement
    owed = s.state.in_([StatementState.DUE, StatementState.QUESTIONED])
    again = or_(s.reminded_on.is_(None), s.reminded_on <= reminded_before)
    return db.session.scalars(select(s.id).where(owed, s.due_on < day, again).order_by(s.id).limit(AT_ONCE)).all()
