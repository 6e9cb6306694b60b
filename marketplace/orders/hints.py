"""Hints for whoever writes an order: alike orders, and what later rooms know (patents that may already solve it, teams).

Rooms above register a finder when they are imported; this room never learns who they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import load_only

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.orders.likeness import features, likeness
from marketplace.orders.models import Order
from marketplace.orders.queries import visible_to
from marketplace.orders.workflow import AMENDABLE
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent
from marketplace.patents.workflow import LegalState
from marketplace.talent import queries as talent
from marketplace.talent.models import Capability, Team
from marketplace.talent.workflow import CapabilityState
from marketplace.web.filters import in_language

ALIKE = 0.5
"""From here on two orders look like the same need: measured on the demo city, where different needs stay below 0.35."""
NEAR = 0.2
"""From here on a patent is worth a look: its abstract says what it does, not what somebody needs."""
MOST = 3
POOL = 300
"""So many of the newest candidates are compared."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that may help: what it is, its address on this site, and one sentence why.

    ``licence`` in fen: what using it costs in the first year instead of developing anew; None when nobody said.
    """

    title: str
    url: str
    why: str = ""
    licence: int | None = None


@dataclass(frozen=True, slots=True)
class Fitting:
    """How well one team's published work answers an order, from 0 to 1, with the telling pieces (capability, title) and words.

    ``compared`` is False for a first look at the likeness of texts alone.
    """

    team_id: int
    score: float
    pieces: tuple[tuple[int, str], ...] = ()
    words: tuple[str, ...] = ()
    compared: bool = True


Finder = Callable[[Call, Order], list[Hint]]
Ranker = Callable[[Call, Order], list[Fitting] | None]
_PATENTS: list[Finder] = []
_TEAMS: list[Ranker] = []


def find_patents_by(finder: Finder) -> Finder:
    """Register who finds pool patents that may already solve an order."""
    _PATENTS.append(finder)
    return finder


def rank_teams_by(ranker: Ranker) -> Ranker:
    """Register who ranks teams, the best first, or says None before it has compared them; the last one registered is asked."""
    _TEAMS.append(ranker)
    return ranker


def patents_for(call: Call, order: Order) -> list[Hint]:
    """Return what the registered finders know, at most MOST of each; each patent once, those with a price first."""
    found = [hint for finder in _PATENTS for hint in finder(call, order)[:MOST]]
    found.sort(key=lambda hint: hint.licence is None)
    return list({hint.url: hint for hint in reversed(found)}.values())[::-1]


@find_patents_by
def granted_patents(call: Call, order: Order) -> list[Hint]:
    """Return the granted patents of the field that read most like the need: a licence may be enough."""
    query = patents.visible_to(call.actor).where(Patent.state == LegalState.GRANTED, Patent.disclosed_on.is_not(None))
    if order.field is not None:
        query = query.where(Patent.field == order.field)
    own = features(_text(order))
    rows = db.session.scalars(query.order_by(Patent.id.desc()).limit(POOL)).all()
    scored = [(likeness(own, features(f"{row.title} {row.title_en} {row.abstract}")), row) for row in rows]
    best = sorted((pair for pair in scored if pair[0] >= NEAR), key=lambda pair: -pair[0])
    return [
        Hint(in_language(row, "title"), url_for("patents.show", patent_id=row.id), in_language(row.owner))
        for _score, row in best[:MOST]
    ]


def alike_orders(call: Call, order: Order) -> list[tuple[Order, float]]:
    """Return open orders that the caller may see and that look like the same need, the most alike first."""
    own = features(_text(order))
    query = visible_to(call.actor).where(Order.id != order.id, Order.state.in_(AMENDABLE))
    if order.field is not None:
        query = query.where(Order.field == order.field)
    if order.lot_of is not None:
        query = query.where((Order.lot_of != order.lot_of) | Order.lot_of.is_(None))
    columns = load_only(Order.title, Order.title_en, Order.problem, Order.reference, Order.state)
    rows = db.session.scalars(query.options(columns).order_by(Order.published_at.desc()).limit(POOL))
    found = [(row, likeness(own, features(_text(row)))) for row in rows]
    return sorted((pair for pair in found if pair[1] >= ALIKE), key=lambda pair: -pair[1])[:MOST]


def proposed_teams(call: Call, order: Order, most: int = 8) -> list[tuple[Team, Fitting]]:
    """Return the teams that the ranker proposes; before it has compared the order, by what their capabilities say."""
    ranked = _TEAMS[-1](call, order) if _TEAMS else None
    best = {each.team_id: each for each in (_by_capability(call, order) if ranked is None else ranked)[:most]}
    rows = db.session.scalars(talent.teams_visible_to(call.actor).where(Team.id.in_(list(best))))
    return sorted(((team, best[team.id]) for team in rows), key=lambda pair: (-pair[1].score, pair[0].id))


def _by_capability(call: Call, order: Order) -> list[Fitting]:
    query = talent.visible_to(call.actor).where(Capability.state == CapabilityState.PUBLISHED)
    if order.field is not None:
        query = query.where(Capability.field == order.field)
    own, best = features(_text(order)), dict[int, Fitting]()
    for row in db.session.scalars(query.order_by(Capability.id.desc()).limit(POOL)):
        score = likeness(own, features(f"{row.title} {row.title_en} {row.summary}"))
        if row.team_id not in best or score > best[row.team_id].score:
            pieces = ((row.id, in_language(row, "title")),)
            best[row.team_id] = Fitting(row.team_id, score, pieces, compared=False)
    return sorted(best.values(), key=lambda each: (-each.score, each.team_id))


def _text(order: Order) -> str:
    return f"{order.title} {order.title_en} {order.problem}"
