"""How a team has kept its contracts: milestones on time, and what enterprises said. Read when capabilities are ranked.

The tables belong to a room above this one, so they are read by name.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select

from marketplace.db.base import Base, db

PRIOR = 3
"""A team is taken to have this many contracts of GOOD quality behind it, so that its first does not decide everything."""
GOOD = 4
BEST = 5


@dataclass(frozen=True, slots=True)
class Record:
    """``accepted`` milestones, ``on_time`` of them delivered by their day; ``ratings`` with the sum of their scores (1 to 5)."""

    accepted: int = 0
    on_time: int = 0
    ratings: int = 0
    score: int = 0

    @property
    def standing(self) -> int:
        """From 0 to 1000: half what enterprises said, half punctuality; a team without a past stands at 800."""
        said = (self.score + PRIOR * GOOD) * 1000 // ((self.ratings + PRIOR) * BEST)
        punctual = (self.on_time * BEST + PRIOR * GOOD) * 1000 // ((self.accepted + PRIOR) * BEST)
        return (said + punctual) // 2


def records_of(team_ids: Collection[int]) -> dict[int, Record]:
    """Return the record of each team, in two statements; teams without contracts have the empty one."""
    tables = Base.metadata.tables
    contracts, milestones, ratings = (tables[n].c for n in ("contracts", "milestones", "contract_ratings"))
    in_time = case((func.date(milestones.delivered_at) <= milestones.due_on, 1), else_=0)
    kept = db.session.execute(
        select(contracts.team_id, func.count(milestones.id), func.sum(in_time))
        .join(tables["milestones"], milestones.contract_id == contracts.id)
        .where(contracts.team_id.in_(team_ids), milestones.state == "accepted")
        .group_by(contracts.team_id)
    ).all()
    total = ratings.quality + ratings.timeliness + ratings.cooperation
    said = db.session.execute(
        select(contracts.team_id, func.count(ratings.id), func.sum(total))
        .join(tables["contract_ratings"], ratings.contract_id == contracts.id)
        .where(contracts.team_id.in_(team_ids), ratings.side == "enterprise")
        .group_by(contracts.team_id)
    ).all()
    deliveries = {team: (int(number), int(on_time or 0)) for team, number, on_time in kept}
    words = {team: (int(number), int(sum_ or 0)) for team, number, sum_ in said}
    return {
        team: Record(*deliveries.get(team, (0, 0)), words.get(team, (0, 0))[0], words.get(team, (0, 0))[1] // 3)
        for team in team_ids
    }
