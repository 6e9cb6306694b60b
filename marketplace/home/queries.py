"""What the front page and the dashboard show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.accounts import queries as accounts
from marketplace.alliances import queries as alliances
from marketplace.alliances.workflow import Visibility
from marketplace.awards import queries as awards
from marketplace.bids import queries as bids
from marketplace.conflicts import queries as conflicts
from marketplace.contracts import tasks as contracts
from marketplace.db.base import db
from marketplace.defence import queries as defence
from marketplace.evaluation import queries as evaluation
from marketplace.funds import tasks as funds
from marketplace.kernel.call import CENTRE, ENTERPRISE, STAFF, UNIVERSITY, Actor, Call, Role
from marketplace.licences import tasks as licences
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations import queries as organisations
from marketplace.patents import queries as patents
from marketplace.pools import queries as pools
from marketplace.rounds import queries as rounds
from marketplace.talent import queries as talent
from marketplace.web.tasks import Task

FAR = datetime(9999, 1, 1, tzinfo=UTC)
MOST_OPEN = 3
"""So many tasks of one kind stand on the desk one by one."""
ROOMS = (
    accounts,
    organisations,
    alliances,
    talent,
    funds,
    patents,
    conflicts,
    orders,
    bids,
    evaluation,
    rounds,
    awards,
    contracts,
    pools,
    licences,
    defence,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A way to where a role usually goes next."""

    label: Any
    hint: Any
    endpoint: str


LINKS: tuple[tuple[frozenset[Role], Link], ...] = (
    (ENTERPRISE, Link(_l("Our orders"), _l("Write, follow and award research orders."), "orders.mine")),
    (UNIVERSITY, Link(_l("Find orders"), _l("What enterprises need, with deadlines."), "orders.board")),
    (UNIVERSITY, Link(_l("Our teams"), _l("Capabilities, evidence and person-days."), "talent.teams")),
    (UNIVERSITY, Link(_l("Our bids"), _l("Drafts, sealed bids and receipts."), "bids.mine")),
    (
        frozenset({Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY}),
        Link(_l("Screening"), _l("Orders that wait to be published or sent back."), "orders.screening"),
    ),
    (
        frozenset({Role.CENTRE_OFFICER}),
        Link(_l("Openings"), _l("Sealed bids whose deadline has passed."), "bids.due"),
    ),
    (
        frozenset({Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY}),
        Link(_l("Matching rounds"), _l("Collect, solve, review and approve."), "rounds.index"),
    ),
    (
        frozenset({Role.CENTRE_OFFICER, Role.FUND_MANAGER}),
        Link(_l("Approvals"), _l("Matches that wait for your signature, many at once."), "awards.approvals"),
    ),
    (
        ENTERPRISE | UNIVERSITY | STAFF,
        Link(_l("Awards and objections"), _l("Notices, confirmations, objections and appeals."), "awards.index"),
    ),
    (CENTRE | ENTERPRISE, Link(_l("Funds"), _l("Rules, balances and ledgers."), "funds.index")),
    (
        frozenset({Role.CENTRE_OFFICER, Role.AUDITOR}),
        Link(_l("Conflicts of interest"), _l("Declared relations, names to identify, overrides."), "conflicts.index"),
    ),
    (
        ENTERPRISE | UNIVERSITY | STAFF,
        Link(_l("My declarations"), _l("Family, joint work, shares, earlier posts."), "conflicts.mine"),
    ),
    (STAFF, Link(_l("Organisations"), _l("Verify and look up members."), "organisations.index")),
    (
        frozenset({Role.AUDITOR, Role.CENTRE_OFFICER, Role.ADMINISTRATOR}),
        Link(_l("Audit"), _l("Every decision and who took it."), "audit.index"),
    ),
)


def tasks(call: Call) -> list[Task]:
    """Return what waits for the caller, the soonest due first, undated ones after."""
    found = [task for room in ROOMS for task in room.waiting_for(call)]
    return sorted(found, key=lambda task: task.due or FAR)


@dataclass(frozen=True, slots=True)
class Kind:
    """Tasks of one kind; ``tasks`` are sorted like all of them, so the first is the soonest due."""

    verb: str
    tasks: list[Task]

    @property
    def folded(self) -> bool:
        """Many of one kind are one line that opens."""
        return len(self.tasks) > MOST_OPEN


def by_kind(tasks: Sequence[Task]) -> list[Kind]:
    """Put tasks of one kind together, the kinds in the order of their soonest."""
    kinds: dict[str, Kind] = {}
    for task in tasks:
        kinds.setdefault(str(task.verb), Kind(str(task.verb), [])).tasks.append(task)
    return list(kinds.values())


def links(actor: Actor) -> list[Link]:
    """Return the actor's usual ways, each once."""
    return [link for roles, link in LINKS if actor.has(*roles)]


def latest_orders(call: Call, most: int = 6) -> Sequence[Order]:
    """Return the newest public orders that still take bids."""
    return db.session.scalars(
        select(Order)
        .where(
            Order.visibility == Visibility.PUBLIC,
            Order.state.in_([OrderState.PUBLISHED, OrderState.BIDDING]),
            Order.bid_deadline > call.now,
        )
        .options(joinedload(Order.organisation))
        .order_by(Order.published_at.desc(), Order.id.desc())
        .limit(most)
    ).all()
