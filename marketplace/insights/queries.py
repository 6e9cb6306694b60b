"""Figures over everything that is public: a few statements, no row at a time, nothing about sealed bids."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from marketplace.alliances.models import Alliance
from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind, FundState
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.rounds.models import FundingPart, Proposal
from marketplace.rounds.workflow import ProposalState
from marketplace.talent.models import Capability, Team
from marketplace.talent.workflow import CapabilityState

OPEN = (OrderState.PUBLISHED, OrderState.BIDDING)
AGREED = (
    OrderState.APPROVED,
    OrderState.STANDSTILL,
    OrderState.CONTRACTING,
    OrderState.IN_DELIVERY,
    OrderState.COMPLETED,
)
MONTHS = 12


@dataclass(frozen=True)
class Overview:
    """Counts of public things, and money by source in fen."""

    open_orders: int
    agreed_orders: int
    enterprises: int
    institutions: int
    teams: int
    capabilities: int
    alliances: int
    money: tuple[tuple[str, int], ...]


def overview(call: Call) -> Overview:  # noqa: ARG001 - the same figures for every reader
    """Return the figures of the front page."""
    states: dict[OrderState, int] = _counts(
        select(Order.state, func.count()).where(Order.visibility == Visibility.PUBLIC).group_by(Order.state)
    )
    kinds: dict[OrganisationKind, int] = _counts(
        select(Organisation.kind, func.count())
        .where(Organisation.state == OrganisationState.VERIFIED)
        .group_by(Organisation.kind)
    )
    published = Capability.state == CapabilityState.PUBLISHED
    rest = db.session.execute(
        select(
            select(func.count()).select_from(Team).scalar_subquery(),
            select(func.count()).select_from(Capability).where(published).scalar_subquery(),
            select(func.count()).select_from(Alliance).scalar_subquery(),
        )
    ).one()
    return Overview(
        open_orders=sum(states.get(s, 0) for s in OPEN),
        agreed_orders=sum(states.get(s, 0) for s in AGREED),
        enterprises=kinds.get(OrganisationKind.ENTERPRISE, 0),
        institutions=sum(number for kind, number in kinds.items() if kind is not OrganisationKind.ENTERPRISE),
        teams=rest[0],
        capabilities=rest[1],
        alliances=rest[2],
        money=tuple(money_by_source().items()),
    )


def money_by_source() -> dict[str, int]:
    """Return what approved matches are paid with: fen by source kind, the enterprises' own money first."""
    rows = db.session.execute(
        select(Fund.kind, func.sum(FundingPart.amount))
        .select_from(Proposal)
        .join(FundingPart, FundingPart.option_id == Proposal.option_id)
        .outerjoin(Fund, Fund.id == FundingPart.fund_id)
        .where(Proposal.state == ProposalState.APPROVED)
        .group_by(Fund.kind)
    ).all()
    found = {("own" if kind is None else kind.value): int(amount) for kind, amount in rows}
    return {kind: found[kind] for kind in ("own", *(k.value for k in FundKind)) if kind in found}


def orders_by_field() -> list[tuple[Field, int, int]]:
    """Return (field, open orders, agreed orders) of public orders, most first."""
    rows = db.session.execute(
        select(Order.field, Order.state, func.count())
        .where(Order.visibility == Visibility.PUBLIC, Order.state.in_([*OPEN, *AGREED]), Order.field.is_not(None))
        .group_by(Order.field, Order.state)
    ).all()
    table: dict[Field, list[int]] = {}
    for field, state, number in rows:
        assert field is not None  # the statement leaves them out
        table.setdefault(field, [0, 0])[0 if state in OPEN else 1] += number
    return sorted(((f, a, b) for f, (a, b) in table.items()), key=lambda r: (-r[1] - r[2], r[0]))


def orders_by_state() -> list[tuple[OrderState, int]]:
    """Return how many public orders are in each state they may be seen in."""
    counted: dict[OrderState, int] = _counts(
        select(Order.state, func.count())
        .where(Order.visibility == Visibility.PUBLIC, Order.published_at.is_not(None))
        .group_by(Order.state)
    )
    return [(state, counted[state]) for state in OrderState if counted.get(state)]


def public_budgets() -> list[Fund]:
    """Return the open funds of the whole centre, the largest first."""
    query = select(Fund).where(Fund.state == FundState.OPEN, Fund.alliance_id.is_(None)).order_by(Fund.budget.desc())
    return list(db.session.scalars(query))


def _counts(query: object) -> dict:  # type: ignore[type-arg]
    return {key: int(number) for key, number in db.session.execute(query).all()}  # type: ignore[call-overload]
