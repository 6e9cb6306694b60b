"""Vectors for everything that rounds compare, made by the worker while nobody waits: a run only looks them up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from marketplace.audit.models import AuditRecord
from marketplace.bids.queries import opened_bids
from marketplace.db.base import db
from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Actor, Call
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds.gather import text_of
from marketplace.talent.queries import capability_documents
from marketplace.vectors import store

SECONDS = 8.0
"""A minute's share of work: the deadlines that the same worker watches must not wait long."""
ASKED = (OrderState.PUBLISHED, OrderState.BIDDING, OrderState.OPENED, OrderState.EVALUATING)
"""States in which an order is still to be compared with teams."""
ROOMS = ("talent.", "orders.", "bids.", "imports.", "demo.")
"""Commands that can change a text that is compared."""


@dataclass
class _Seen:
    """How far the journal was read when every vector was there; a new process looks again."""

    sequence: int = -1


_seen = _Seen()


@each_minute
def encode_new(call: Call) -> None:
    """Make the vectors of texts that are new or changed, a few seconds' worth; nothing when nothing happened."""
    happened = or_(*(AuditRecord.command.startswith(room) for room in ROOMS))
    sequence = db.session.scalar(
        select(func.max(AuditRecord.sequence)).where(AuditRecord.sequence > _seen.sequence, happened)
    )
    if sequence is not None and encode(call, SECONDS) == 0:
        _seen.sequence = sequence


def encode(call: Call, seconds: float) -> int:
    """Make what is lacking for at most about ``seconds``, keep it, and return how many vectors are lacking still.

    When nothing is, the vectors of texts that are gone are forgotten.
    """
    # The models bring numba and hundreds of megabytes, which only the worker needs.
    from marketplace.matching.relevance import kept as vectors  # noqa: PLC0415
    from marketplace.matching.relevance.meaning import installed_encoders  # noqa: PLC0415

    texts, known = list(compared()), store.known()
    db.session.rollback()
    encoders = installed_encoders()
    wanted = vectors.lacking(texts, encoders, known)
    lacking = sum(map(len, wanted.values()))
    if lacking == 0:
        present = {key for of in vectors.lacking(texts, encoders, {}).values() for key in of}
        store.forget({key for of in known.values() for key in of} - present)
        return 0
    end = monotonic() + seconds
    made = list(vectors.make(wanted, encoders, lambda: monotonic() > end))
    return lacking - store.keep(made, call.now)


def compared() -> Iterator[str]:
    """Yield every text that a round may compare: published capabilities with evidence, orders, opened plans."""
    for row in capability_documents(Actor.system()):
        yield row.text
    query = select(Order).where(Order.state.in_(ASKED)).options(selectinload(Order.targets)).order_by(Order.id)
    orders = db.session.scalars(query).all()
    for order in orders:
        yield text_of(order)
    for bid in opened_bids([order.id for order in orders]):
        if bid.content is not None:
            yield bid.content.plan
