"""Teams that are worth an invitation to an open order: the ranker of the rounds, asked by the worker ahead of time.

Ranking loads scipy and takes seconds, so pages read what was kept (``FittingTeams``); until then they show a first look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.kernel.call import Actor, Call
from marketplace.orders import hints
from marketplace.orders.models import Order
from marketplace.orders.workflow import AMENDABLE, OrderState
from marketplace.rounds.gather import kept, rank, texts_of
from marketplace.rounds.gather.candidates import fitting, team_fit
from marketplace.rounds.gather.fit import OrderFit, Texts
from marketplace.rounds.gather.scores import BEST
from marketplace.rounds.models import FittingTeams
from marketplace.talent import queries as talent
from marketplace.talent.models import Capability
from marketplace.talent.records import records_of
from marketplace.web.filters import CITY

INVITING = AMENDABLE | {OrderState.SCREENING}
"""States in which teams are invited."""
MOST_ORDERS = 100
"""So many of the newest open orders are looked at each time."""


@hints.rank_teams_by
def fitting_teams(call: Call, order: Order) -> list[hints.Fitting] | None:
    """Return the teams that the ranker proposes, with pieces that the caller may see; None before they were compared.

    Words in common are told only of a team all of whose telling pieces the caller may see.
    """
    row = db.session.get(FittingTeams, order.id)
    if row is None:
        return None
    fit = kept.from_json(row.fits)[order.id]
    records = records_of(fit.teams)
    teams = list(fitting(fit, records))
    named = {piece.capability_id for team in teams for piece in team.pieces}
    seen = set(
        db.session.scalars(
            talent.visible_to(call.actor).where(Capability.id.in_(named)).with_only_columns(Capability.id)
        )
    )
    found = []
    for team in teams:
        pieces = tuple((p.capability_id, p.title) for p in team.pieces if p.capability_id in seen)
        if pieces:
            # Which of the words come from a piece that the caller may not see was not kept, so all of them stay untold.
            words = team.words if len(pieces) == len(team.pieces) else ()
            found.append(hints.Fitting(team.team_id, team_fit(team, records) / BEST, pieces, words))
    return found


def rank_open_orders(call: Call) -> int:
    """Rank teams for every open order whose own text, or any team's, changed since; return for how many."""
    query = select(Order).where(Order.state.in_(INVITING)).order_by(Order.id.desc()).limit(MOST_ORDERS)
    orders = list(db.session.scalars(query))
    if not orders:
        return 0
    texts = replace(texts_of(call, orders, call.now.astimezone(CITY).date()), plans={}, own={})
    known = {
        row.order_id: row.texts_hash
        for row in db.session.execute(select(FittingTeams.order_id, FittingTeams.texts_hash))
    }
    shown = _as_members_see(texts, orders)
    db.session.rollback()
    ranked = 0
    for seen in shown:
        prints = kept.fingerprints(seen)
        due = {key: text for key, text in seen.orders.items() if known.get(key) != prints[key]}
        if due:
            _keep(replace(seen, orders=due), prints, call.now)
        ranked += len(due)
    return ranked


def _as_members_see(texts: Texts, orders: Sequence[Order]) -> list[Texts]:
    """Orders with the work that all members of their alliance may see: where a team stands tells nothing of the rest.

    Alliances whose members see the same work are compared together.
    """
    seen: dict[frozenset[int], set[int]] = {}
    for alliance in sorted({order.alliance_id for order in orders}):
        member = Actor("member", alliances=frozenset({alliance}))
        work = frozenset(db.session.scalars(talent.visible_to(member).with_only_columns(Capability.id)))
        seen.setdefault(work, set()).update(order.id for order in orders if order.alliance_id == alliance)
    return [
        replace(
            texts,
            orders={key: text for key, text in texts.orders.items() if key in own},
            pieces=tuple(piece for piece in texts.pieces if piece.capability_id in work),
        )
        for work, own in seen.items()
    ]


def _keep(texts: Texts, prints: Mapping[int, str], now: datetime) -> None:
    """Bookkeeping that anybody could compute again, so it takes no part in a use case."""
    for key, fit in rank(texts).items():
        values = {"texts_hash": prints[key], "fits": kept.to_json({key: OrderFit({}, fit.teams)}), "made_at": now}
        if execute_alone(update(FittingTeams).where(FittingTeams.order_id == key).values(**values)):
            continue
        try:
            execute_alone(insert(FittingTeams).values(order_id=key, **values))
        except IntegrityError:
            continue  # another worker was faster; both compared the same
