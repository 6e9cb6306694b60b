"""Reads of students, results and ratings, and the figures over all contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from marketplace.contracts.models import Contract, Rating, Result, Training
from marketplace.contracts.queries.contracts import visible_clause
from marketplace.contracts.workflow import SIGNED, TrainingState
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.queries import MAX_ID


def get_training(call: Call, training_id: int) -> Training:
    """Raises NotFound for missing and for invisible ones alike."""
    query = select(Training).join(Training.contract).where(Training.id == training_id, visible_clause(call.actor))
    row = db.session.scalar(query) if 0 < training_id <= MAX_ID else None
    if row is None:
        raise NotFound("training")
    return row


def trainings_of(contract: Contract) -> Sequence[Training]:
    query = select(Training).where(Training.contract_id == contract.id).order_by(Training.starts_on, Training.id)
    return db.session.scalars(query).all()


def results_of(contract: Contract) -> Sequence[Result]:
    return db.session.scalars(
        select(Result).where(Result.contract_id == contract.id).order_by(Result.on.desc(), Result.id.desc())
    ).all()


def ratings_of(contract: Contract) -> Sequence[Rating]:
    return db.session.scalars(select(Rating).where(Rating.contract_id == contract.id).order_by(Rating.id)).all()


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over all contracts, for the statistics; money in fen, nothing about anybody."""

    signed: int
    value: int
    technology_value: int
    places: int
    students: int
    finished: int
    results: int


def figures() -> Figures:
    """Return the figures of the statistics page: three statements."""
    money = db.session.execute(
        select(
            func.count(Contract.id),
            func.coalesce(func.sum(Contract.price), 0),
            func.coalesce(func.sum(Contract.technology_value), 0),
            func.coalesce(func.sum(Contract.training_places), 0),
        ).where(Contract.state.in_(SIGNED))
    ).one()
    states = {
        state: int(n) for state, n in db.session.execute(select(Training.state, func.count()).group_by(Training.state))
    }
    results = db.session.scalar(select(func.count()).select_from(Result)) or 0
    left = states.get(TrainingState.LEFT, 0)
    signed, value, technology_value, places = (int(number) for number in money)
    return Figures(
        signed=signed,
        value=value,
        technology_value=technology_value,
        places=places,
        students=sum(states.values()) - left,
        finished=states.get(TrainingState.FINISHED, 0),
        results=results,
    )
