"""What the clock does to rounds: compare texts and explain answers before somebody waits for it. Loads no solver."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app
from sqlalchemy import func, select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.rounds import gather, inviting, service
from marketplace.rounds.gather import kept
from marketplace.rounds.models import Round, Run, Study
from marketplace.rounds.workflow import HAS_RESULT, RoundState, RunKind, StudyState
from marketplace.web.filters import CITY

MOST_AT_ONCE = 2
MOST_WAITING = 100
"""Studies in the queue from which on nothing is planned ahead; about two rounds' worth."""


@each_minute
def plan_ahead(call: Call) -> None:
    """The last answer of each open round, if it was not studied yet; a few each minute, the newest first.

    Nothing more is planned while much still waits: what somebody asks for must not stand behind what nobody asked for.
    """
    waiting = select(func.count()).select_from(Study).where(Study.state.in_([StudyState.WAITING, StudyState.RUNNING]))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        return
    last = select(func.max(Run.id)).where(Run.kind == RunKind.ROUND, Run.objective.is_not(None)).group_by(Run.round_id)
    runs = db.session.scalars(
        select(Run.id)
        .join(Run.round)
        .where(
            Run.id.in_(last),
            Run.state.in_(HAS_RESULT),
            Round.state == RoundState.OPEN,
            Run.id.not_in(select(Study.run_id)),
        )
        .order_by(Run.id.desc())
        .limit(MOST_AT_ONCE)
    ).all()
    for run_id in runs:
        service.plan_studies(_later(call), run_id)


@each_minute
def compare_ahead(call: Call) -> None:
    """Compare the texts of open rounds whose orders, plans or teams' texts changed, so that a run starts with the answer."""
    rounds = db.session.scalars(select(Round.id).where(Round.state == RoundState.OPEN).order_by(Round.id.desc())).all()
    for round_id in rounds[:MOST_AT_ONCE]:
        compare_texts(call, round_id)


@each_minute
def rank_for_invitations(call: Call) -> None:
    """Rank teams for the open orders, so that whoever invites is offered those that the rounds would propose."""
    inviting.rank_open_orders(call)


def compare_texts(call: Call, round_id: int) -> bool:
    """Compare a round's texts with the rights of whoever opened it, and keep the result; return whether there was work."""
    row = db.session.get_one(Round, round_id)
    starter = db.session.get(Account, row.created_by) if row.created_by else None
    asked = call if starter is None else replace(call, actor=actor_of(starter))
    texts = gather.read_texts(asked, row, call.now.astimezone(CITY).date())
    known = kept.fingerprint(texts)
    found = not texts.orders or kept.is_known(round_id, known)
    db.session.rollback()
    if not found:
        kept.keep(round_id, known, gather.rank(texts), _later(call).now)
    return not found


def _later(call: Call) -> Call:
    return replace(call, now=current_app.extensions["clock"]())
