"""Reads for the digest of new orders: who is due, and whether there is anything new that the follower may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.accounts.workflow import AccountState
from marketplace.db.base import db
from marketplace.orders.models import Digest, Order
from marketplace.orders.queries import visible_to
from marketplace.orders.workflow import AMENDABLE, Frequency

EVERY: Mapping[Frequency, timedelta] = {Frequency.DAILY: timedelta(days=1), Frequency.WEEKLY: timedelta(days=7)}


def of_account(account_id: int) -> Digest | None:
    """Return what an account follows."""
    return db.session.get(Digest, account_id)


def due(now: datetime) -> list[int]:
    """Return the active accounts that follow something and are to hear from us now."""
    query = (
        select(Digest)
        .join(Account, Account.id == Digest.account_id)
        .where(Account.state == AccountState.ACTIVE, Digest.fields.any())
        .order_by(Digest.account_id)
    )
    return [row.account_id for row in db.session.scalars(query) if row.sent_at + EVERY[row.frequency] <= now]


def has_news(account: Account, digest: Digest, now: datetime) -> bool:
    """Return whether an order in a followed field was published since the last digest, open to this account now."""
    query = visible_to(actor_of(account)).where(
        Order.field.in_([followed.field for followed in digest.fields]),
        Order.published_at > digest.sent_at,
        Order.published_at <= now,
        Order.state.in_(AMENDABLE),
    )
    return db.session.scalar(query.limit(1)) is not None
