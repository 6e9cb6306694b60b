"""What speaks for a team beside its texts, part by part, for staff who judge who fits an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.db.base import db
from marketplace.kernel.fields import Field
from marketplace.kernel.patents import SEPARATOR
from marketplace.matching.relevance.signals import Offered, Part, Wanted, fit
from marketplace.orders.models import Order
from marketplace.patents.queries import ipc_of
from marketplace.rounds.models import Proposal
from marketplace.talent.capacity import free_days, quarter_of
from marketplace.talent.models import Capability
from marketplace.talent.records import BEST, Record, records_of
from marketplace.talent.workflow import CapabilityState, EvidenceKind

Fit = tuple[int, tuple[Part, ...]]
"""Basis points, and the parts that add up to them."""


def of_teams(order: Order, compared: Sequence[Proposal], now: datetime) -> dict[int, Fit]:
    """Return by team how well it fits ``order``: the text as the round found it, and the signals as they are today.

    Capacity is the share of the team's usual quarter that is still free, because an order does not say how many days it
    needs. Kept milestones and enterprises' ratings stand for projects. IPC symbols are those that capabilities state and those
    of the registered patents that are their evidence. What nobody stated has no value and changes nothing.
    """
    teams = [row.team_id for row in compared]
    query = select(Capability).where(Capability.team_id.in_(teams), Capability.state == CapabilityState.PUBLISHED)
    rows = db.session.scalars(query.options(selectinload(Capability.evidence))).all()
    shown = {team: [row for row in rows if row.team_id == team] for team in teams}
    classified = ipc_of(piece.reference for row in rows for piece in row.evidence if piece.kind is EvidenceKind.PATENT)
    quarter, records = quarter_of(now.date()), records_of(teams)
    free = free_days([(team, quarter) for team in teams])
    return {
        row.team_id: fit(
            _text(row),
            Wanted(
                [_code(order.field)] if order.field else (),
                _symbols([order.ipc]),
                order.trl_wanted,
                order.organisation.region,
                row.team.capacity_days,
                order.price_ceiling,
            ),
            _offered(row, shown[row.team_id], classified, free[row.team_id, quarter], records[row.team_id]),
            now.year,
        )
        for row in compared
    }


def _text(row: Proposal) -> float:
    """Return what the round's run said of the texts, 0 to 1: of a bid in its parts, of an invitation by itself."""
    told = row.scores.get("text", row.scores.get("parts", row.scores).get("fit", 0))
    return min(1.0, max(0, int(told)) / 1000)


def _offered(
    row: Proposal, capabilities: Sequence[Capability], classified: Mapping[str, str], free: int, record: Record
) -> Offered:
    prices = [one.price_from for one in capabilities]
    of_patents = [classified.get(piece.reference, "") for one in capabilities for piece in one.evidence]
    years = [piece.year for one in capabilities for piece in one.evidence if piece.year]
    return Offered(
        sorted({_code(one.field) for one in capabilities}),
        _symbols([*(one.ipc for one in capabilities), *of_patents]),
        max((one.trl_to for one in capabilities), default=None),
        row.team.organisation.region,
        free,
        row.price if row.bid_id is not None else min(prices, default=None),
        record.accepted + record.ratings,
        record.on_time + record.score // BEST,
        max(years, default=None),
    )


def _symbols(texts: Sequence[str]) -> list[str]:
    """Return the IPC symbols of several lists of them, once each."""
    return sorted({symbol for text in texts for symbol in text.split(SEPARATOR) if symbol})


def _code(field: Field) -> str:
    """Return one letter: our fields have no order, so that only the same field overlaps."""
    return chr(ord("A") + list(Field).index(field))
