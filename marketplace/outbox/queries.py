"""What somebody was told by mail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from marketplace.db.base import db
from marketplace.outbox.models import Message


def told(recipient: str, since: datetime, without: Collection[str], most: int) -> Sequence[Message]:
    """Return the newest mails to ``recipient`` since then, but none whose template begins with one of ``without``."""
    query = select(Message).where(Message.recipient == recipient, Message.created_at >= since)
    for prefix in without:
        query = query.where(Message.template.not_like(f"{prefix}%"))
    return db.session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(most)).all()
