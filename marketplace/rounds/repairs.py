"""What would dissolve contradicting demands, in words: each change, what it makes possible, and who must agree to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.db.base import db
from marketplace.orders.models import Order
from marketplace.rounds import sentences
from marketplace.rounds.keys import row_of
from marketplace.rounds.models import Run
from marketplace.rounds.names import Names
from marketplace.talent.models import Team
from marketplace.web.filters import in_language


def _(text: str, **values: object) -> str:
    """``gettext`` with a type; the name is what the catalogue's tool looks for."""
    return str(gettext(text, **values))


@dataclass(frozen=True, slots=True)
class Repair:
    """``changes`` as sentences, the ``value`` that was reached with them, and who must agree, each once."""

    number: int
    changes: list[str]
    value: float | None
    agree: list[str]


def of(run: Run, names: Names) -> list[Repair]:
    """The repairs of a run without an answer, the most valuable first, as they were found by solving again."""
    told: list[dict[str, Any]] = (run.solution or {}).get("repairs", [])
    whose = _Whose.of([change for repair in told for change in repair["changes"]])
    return [
        Repair(
            number,
            [sentences.change(c["kind"], c["of"], c["by"], names) for c in repair["changes"]],
            repair.get("objective"),
            list(dict.fromkeys(who_agrees(c["kind"], c["of"], names, whose) for c in repair["changes"])),
        )
        for number, repair in enumerate(told)
    ]


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose an order or a team is: the name of the enterprise or of the institution, by key."""

    names: dict[str, str]

    @classmethod
    def of(cls, changes: Iterable[dict[str, Any]]) -> _Whose:
        keys = {key.partition("@")[0] for change in changes for key in change["of"]}
        orders = {row_of(key) for key in keys if key[:1] == "o" and key[1:].isdigit()}
        teams = {row_of(key) for key in keys if key[:1] == "t" and key[1:].isdigit()}
        placed = db.session.scalars(select(Order).where(Order.id.in_(orders)).options(joinedload(Order.organisation)))
        based = db.session.scalars(select(Team).where(Team.id.in_(teams)).options(joinedload(Team.organisation)))
        named = {f"o{row.id}": in_language(row.organisation) for row in placed}
        return cls(named | {f"t{row.id}": in_language(row.organisation) for row in based})


def who_agrees(kind: str, of_: list[str], names: Names, whose: _Whose) -> str:
    """Whose word a change needs before it may become true; solving with it asks nobody."""
    key = of_[0].partition("@")[0] if of_ else ""
    if kind == "own_funds":
        return _("the enterprise %(enterprise)s, which changes its order", enterprise=whose.names.get(key, key))
    if kind == "capacity":
        values = {"team": names[key], "organisation": whose.names.get(key, key)}
        return _("the lead of %(team)s (%(organisation)s), who frees the days", **values)
    if kind == "budget":
        return _("two fund managers of %(fund)s, and whoever gives the money", fund=names[key])
    if key[:1] == "f" and key[1:].isdigit():
        return _("two fund managers of %(fund)s: one proposes the new rule, the other approves it", fund=names[key])
    if kind == "locked":
        return _("the officer who required the bid")
    if kind == "forbidden":
        return _("the officer who kept the bid out")
    if kind == "public_share_max":
        return _("whoever runs the round, unless a fund's own rule sets this limit: then two of its managers")
    return _("whoever runs the round: it is the round's own rule")
