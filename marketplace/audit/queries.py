"""Reading the journal: sealed bids leave no trace in it for readers until their order is opened."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from marketplace.audit.models import AuditRecord
from marketplace.audit.terms import JournalFilter
from marketplace.db.base import Base, db

ROUTINE = ("accounts.sign_in", "accounts.sign_out", "rounds.begin_study", "rounds.finish_study")


def journal(wanted: JournalFilter) -> Select[AuditRecord]:
    """Return the records that fit, newest first. Whoever may open the page may read all of these."""
    query = select(AuditRecord).where(shown_clause()).order_by(AuditRecord.sequence.desc())
    if wanted.room:
        query = query.where(AuditRecord.command.startswith(f"{wanted.room}.", autoescape=True))
    elif not wanted.with_routine:
        query = query.where(AuditRecord.command.not_in(ROUTINE))
    if wanted.who:
        query = query.where(AuditRecord.actor_name.icontains(wanted.who, autoescape=True))
    if wanted.subject_kind:
        query = query.where(AuditRecord.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        query = query.where(AuditRecord.subject_id == wanted.subject_id)
    if wanted.since:
        query = query.where(AuditRecord.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditRecord.at < wanted.until)
    return query


def shown_clause() -> ColumnElement[bool]:
    """Everything but what happened in the bids room to orders whose bids are still sealed.

    That somebody bids, how often and when is a secret before the opening; sequence numbers, whose gaps would tell, are never
    shown on pages.
    """
    bids, orders = _table("bids"), _table("orders")
    opened = select(orders.c.id).where(orders.c.opened_at.is_not(None))
    return or_(
        ~AuditRecord.command.startswith("bids."),
        and_(AuditRecord.subject_kind == "order", AuditRecord.subject_id.in_(opened)),
        and_(
            AuditRecord.subject_kind == "bid",
            AuditRecord.subject_id.in_(select(bids.c.id).where(bids.c.order_id.in_(opened))),
        ),
    )


def _table(name: str) -> Table:
    """A later room's table, by name: this room stands below it."""
    return Base.metadata.tables[name]


def last_verification() -> AuditRecord | None:
    """Return the record of the last daily check."""
    latest = select(AuditRecord).where(AuditRecord.command == "audit.verify").order_by(AuditRecord.sequence.desc())
    return db.session.scalar(latest.limit(1))
