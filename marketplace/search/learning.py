"""How well the ranking agrees with the judgements that were stored, and what it can learn from them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.orders.models import Order
from marketplace.rounds.gather import text_of
from marketplace.search import judging, service
from marketplace.talent.queries import capability_documents
from marketplace.vectors import store

if TYPE_CHECKING:
    from marketplace.matching.relevance.feedback import Figures, Judged, Learned


def read(call: Call) -> Judged:
    """Read everything that was judged, with the vectors that the worker has made."""
    # The ranker brings numba and scipy, seconds of import that only this command and the worker need.
    from marketplace.matching.relevance.feedback import Judged  # noqa: PLC0415
    from marketplace.matching.relevance.index import Document  # noqa: PLC0415
    from marketplace.matching.relevance.kept import lookups  # noqa: PLC0415

    levels = {str(order): {str(team): level for team, level in of.items()} for order, of in judging.levels().items()}
    orders = select(Order).where(Order.id.in_([int(key) for key in levels])).options(selectinload(Order.targets))
    documents = [
        Document(str(number), piece.text, str(piece.team_id), piece.kind or "", piece.year)
        for number, piece in enumerate(capability_documents(call.actor))
    ]
    questions = {str(order.id): text_of(order) for order in db.session.scalars(orders)}
    return Judged(documents, questions, levels, lookups(store.known()), call.now.year)


def evaluate(call: Call) -> Figures:
    """Return how well the weights in use agree with all judgements."""
    return read(call).figures(store.learned())


def train(call: Call) -> Learned | None:
    """Learn from the judgements that are not held back, and ship what does better on those that are; nothing else."""
    learned = read(call).learn(store.learned())
    if learned is not None and learned.better:
        weights = {name: dict(of) for name, of in learned.weights.items()}
        service.ship_weights(call, weights, {"before": asdict(learned.before), "after": asdict(learned.after)})
    return learned
