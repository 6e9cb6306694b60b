"""Reads of changes: whoever sees the contract sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.contracts.models import Change, Contract
from marketplace.contracts.queries.contracts import visible_clause
from marketplace.contracts.workflow import ChangeState
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.queries import MAX_ID


def get_change(call: Call, change_id: int) -> Change:
    """Raises NotFound for missing and for invisible ones alike."""
    query = select(Change).join(Change.contract).where(Change.id == change_id, visible_clause(call.actor))
    row = db.session.scalar(query.options(contains_eager(Change.contract))) if 0 < change_id <= MAX_ID else None
    if row is None:
        raise NotFound("change")
    return row


def changes_of(contract: Contract) -> Sequence[Change]:
    query = select(Change).where(Change.contract_id == contract.id).order_by(Change.number.desc())
    return db.session.scalars(query.options(joinedload(Change.proposer))).all()


def open_change(contract: Contract) -> Change | None:
    query = select(Change).where(Change.contract_id == contract.id, Change.state == ChangeState.PROPOSED)
    return db.session.scalar(query)


def last_number(contract: Contract) -> int:
    return db.session.scalar(select(func.max(Change.number)).where(Change.contract_id == contract.id)) or 0


def day_of(step: Mapping[str, Any]) -> date:
    return date.fromisoformat(step["due_on"])
