"""The skills gap of an alliance: what its unmatched orders need against what teams offer, field by field.

Orders belong to a room above this one, so their table is read by name. Only counts and sums leave this module: no order's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from marketplace.db.base import Base, db
from marketplace.kernel.fields import Field
from marketplace.talent import capacity
from marketplace.talent.models import Capability, Programme, Team
from marketplace.talent.workflow import CapabilityState, ProgrammeState

UNMATCHED = ("published", "bidding", "opened", "evaluating", "unsuccessful")
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """One field: ``orders`` nobody was matched to yet worth ``value`` fen; ``teams`` that can do it with ``free`` person-days
    in the next four quarters; ``programmes`` with free places that would train people for it.
    """

    field: Field
    orders: int
    value: int
    teams: int
    free: int
    programmes: Sequence[Programme] = ()

    @property
    def missing(self) -> int:
        """How many orders more than teams there are."""
        return max(self.orders - self.teams, 0)


def gaps(alliance_id: int, today: date) -> list[Gap]:
    """Return the fields that the alliance's orders ask for or teams offer, the widest gap first."""
    orders = Base.metadata.tables["orders"].c
    asked = {
        row.field: (int(row.number), int(row.value or 0))
        for row in db.session.execute(
            select(orders.field, func.count().label("number"), func.sum(orders.price_ceiling).label("value"))
            .where(orders.alliance_id == alliance_id, orders.state.in_(UNMATCHED))
            .group_by(orders.field)
        )
    }
    teams = _teams(alliance_id)
    quarters = capacity.quarters_from(today, QUARTERS)
    free = capacity.free_days((team, quarter) for found in teams.values() for team in found for quarter in quarters)
    programmes = _programmes(alliance_id, today)
    rows = []
    for each in Field:
        number, value = asked.get(each, (0, 0))
        found = teams.get(each, set())
        if number or found:
            days = sum(free[team, quarter] for team in found for quarter in quarters)
            rows.append(Gap(each, number, value, len(found), days, programmes.get(each, [])))
    return sorted(rows, key=lambda row: (-row.missing, -row.orders, row.field))


def _teams(alliance_id: int) -> dict[Field, set[int]]:
    query = select(Capability.field, Capability.team_id).join(Team, Team.id == Capability.team_id)
    offered = query.where(
        Capability.state == CapabilityState.PUBLISHED,
        or_(Capability.alliance_id.is_(None), Capability.alliance_id == alliance_id),
    )
    found: dict[Field, set[int]] = {}
    for row in db.session.execute(offered):
        found.setdefault(row.field, set()).add(row.team_id)
    return found


def _programmes(alliance_id: int, today: date) -> dict[Field, list[Programme]]:
    query = select(Programme).where(
        Programme.state == ProgrammeState.OPEN,
        Programme.ends_on >= today,
        Programme.taken < Programme.places,
        or_(Programme.alliance_id.is_(None), Programme.alliance_id == alliance_id),
    )
    found: dict[Field, list[Programme]] = {}
    for row in db.session.scalars(query.order_by(Programme.starts_on, Programme.id)):
        found.setdefault(row.field, []).append(row)
    return found
