"""Orders in every state of their life, with targets, money, times and a confidential part."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random

from marketplace.alliances.workflow import Visibility
from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.demo.archetype import Archetype
from marketplace.demo.needs import ARCHETYPES
from marketplace.demo.society import Society, save
from marketplace.demo.talents import WAN
from marketplace.kernel.call import Call
from marketplace.orders.models import ConfidentialPart, Order, Target
from marketplace.orders.procedures import RULES, Procedure
from marketplace.orders.workflow import AFTER_PUBLICATION, AMENDABLE, EDITABLE, ContractType, IpWish, OrderState
from marketplace.organisations.models import Organisation
from marketplace.web.filters import CITY

S = OrderState
COUNTS = {
    S.DRAFT: 5,
    S.SCREENING: 6,
    S.NEEDS_WORK: 4,
    S.PUBLISHED: 8,
    S.BIDDING: 53,
    S.OPENED: 6,
    S.EVALUATING: 42,
    S.STANDSTILL: 0,
    S.CONTRACTING: 3,
    S.IN_DELIVERY: 4,
    S.COMPLETED: 4,
    S.UNSUCCESSFUL: 8,
    S.CANCELLED: 7,
    S.TERMINATED: 1,
}
"""How many of each; ``PROPOSED``, ``APPROVED`` and ``STANDSTILL`` come from those under evaluation, through the rounds.

Every order past its award has a contract, made and paid by the parties' own use cases: a few, because each is a long story.
"""

DUE = 5
"""So many orders in bidding are past their deadline and wait for the opening."""

SINCE = {
    S.DRAFT: (1, 12),
    S.SCREENING: (3, 9),
    S.NEEDS_WORK: (6, 15),
    S.PUBLISHED: (1, 4),
    S.BIDDING: (6, 24),
    S.OPENED: (34, 42),
    S.EVALUATING: (45, 75),
    S.STANDSTILL: (80, 100),
    S.CONTRACTING: (90, 130),
    S.IN_DELIVERY: (130, 220),
    S.COMPLETED: (230, 350),
    S.UNSUCCESSFUL: (70, 150),
    S.CANCELLED: (30, 90),
    S.TERMINATED: (200, 280),
}
"""Days ago that the enterprise submitted the order (made the draft), least and most."""

AWARDED = frozenset({S.STANDSTILL, S.CONTRACTING, S.IN_DELIVERY, S.COMPLETED, S.TERMINATED})
OPENED = AWARDED | {S.OPENED, S.EVALUATING}
_REASONS = {
    S.NEEDS_WORK: "验收指标缺少检测方法，请补充标准号或双方认可的检测方案后重新提交。",
    S.CANCELLED: "企业产品方向调整，本项研发暂不实施。",
    S.UNSUCCESSFUL: "各投标方案均未满足必达指标，本次征集不成功。",
    S.TERMINATED: "关键原料停产，经双方协商一致终止合同，已完成部分据实结算。",
}
_TIGHT_EVERY = 12
_PROCEDURES = (Procedure.QUICK, Procedure.OPEN, Procedure.QUICK, Procedure.OPEN_LIST)
"""By turns; the demo's openings are not held to more than two bids."""
_OPENED_WHOLE = tuple(procedure for procedure in _PROCEDURES if not RULES[procedure].two_envelopes)
"""Those of past openings: their prices were opened with their plans."""
_UNOPENED = EDITABLE | AMENDABLE | {S.SCREENING, S.CANCELLED}


@dataclass
class Orders:
    """All orders, the kind of need and the variant of each by order id, and when each was opened or would be."""

    rows: list[Order] = field(default_factory=list)
    kinds: dict[int, tuple[Archetype, int]] = field(default_factory=dict)

    def of(self, *states: OrderState) -> list[Order]:
        return [row for row in self.rows if row.state in states]


@use_case
def order(call: Call, society: Society, seed: int) -> Orders:
    """Let enterprises write their needs, some of which went all the way to a finished project."""
    random, orders = Random(seed), Orders()  # noqa: S311 - a demo must be the same every time
    states = [state for state, count in COUNTS.items() for _ in range(count)]
    random.shuffle(states)
    serials: Counter[int] = Counter()
    planned = []
    for number, state in enumerate(states):
        least, most = SINCE[state]
        submitted = call.now - timedelta(days=random.randint(least, most), minutes=random.randint(0, 600))
        planned.append((submitted, number, state))
    for submitted, number, state in sorted(planned):
        year = submitted.astimezone(CITY).year
        serials[year] += 1
        work, variant = ARCHETYPES[number % len(ARCHETYPES)], number // len(ARCHETYPES)
        row = _order(call, random, society, work, variant, state, submitted)
        row.reference = f"RD-{year}-{serials[year]:04d}"
        orders.rows.append(row)
        orders.kinds[number] = (work, variant)
    kinds = [orders.kinds[number] for _, number, _ in sorted(planned)]
    _let_some_be_due(call, orders)
    save(list(orders.rows))
    orders.kinds = {row.id: kind for row, kind in zip(orders.rows, kinds, strict=True)}
    save([ConfidentialPart(order_id=row.id, text=_secret(orders, row)) for row in orders.rows])
    audit.record(call, "demo.order", "demo", None, {"orders": len(orders.rows)})
    return orders


def _secret(orders: Orders, row: Order) -> str:
    work, variant = orders.kinds[row.id]
    return work.say(work.confidential, variant)


def _order(
    call: Call,
    random: Random,
    society: Society,
    work: Archetype,
    variant: int,
    state: OrderState,
    submitted: datetime,
) -> Order:
    members = society.members[work.alliance]
    enterprise = members[int(random.random() ** 2 * len(members))]
    low, high = work.ceiling
    ceiling = random.randint(low, high) * WAN
    own = ceiling * random.randint(15, 60) // 100
    if state is S.EVALUATING and random.randrange(_TIGHT_EVERY) == 0:
        own = ceiling * 6 // 100  # too little for any mixture of funds: one reason for staying unmatched
    row = Order(
        organisation_id=enterprise.id,
        alliance_id=society.alliances[work.alliance].id,
        visibility=random.choices((Visibility.PUBLIC, Visibility.CENTRE, Visibility.ALLIANCE), (7, 2, 1))[0],
        title=work.say(work.title, variant),
        title_en=work.say(work.title_en, variant),
        problem=work.say(work.problem, variant),
        background=work.say(work.background, variant),
        field=work.field,
        ipc=work.ipc,
        trl_now=work.trl[0],
        trl_wanted=work.trl[1],
        own_funds=own // WAN * WAN,
        price_ceiling=ceiling,
        contract_type=random.choice((ContractType.ENTRUSTED, ContractType.ENTRUSTED, ContractType.JOINT)),
        ip_wish=random.choice((IpWish.ENTERPRISE, IpWish.JOINT, IpWish.TEAM, IpWish.POOL)),
        state=state,
        reason=_REASONS.get(state, ""),
        created_by=_owner(society, enterprise),
        created_at=submitted - timedelta(days=2),
        changed_at=submitted,
        targets=[_target(position, work, variant) for position in range(len(work.targets))],
    )
    procedures = _PROCEDURES if row.state in _UNOPENED else _OPENED_WHOLE
    row.procedure = procedures[len(row.title) % len(procedures)]
    row.budget_reason = "参照近两年同类项目合同价，并计入一次中试费用。"
    _times(call, random, row, submitted)
    return row


def _owner(society: Society, enterprise: Organisation) -> int:
    return society.owners[enterprise.id].id


def _target(position: int, work: Archetype, variant: int) -> Target:
    wanted = work.targets[position]
    return Target(
        position=position,
        name=wanted.name,
        comparator=wanted.comparator,
        value=wanted.value(variant),
        unit=wanted.unit,
        method=wanted.method,
        must_have=wanted.must_have,
    )


def _times(call: Call, random: Random, row: Order, submitted: datetime) -> None:
    """The dates of one life, each after the one before it and none of the past ones after now."""
    window = timedelta(days=random.randint(26, 30))
    row.bid_deadline = _office_closes(submitted + window)
    if row.state in {S.DRAFT, S.SCREENING, S.NEEDS_WORK, S.PUBLISHED}:
        row.bid_deadline += timedelta(days=15)
    row.delivery_on = (row.bid_deadline + timedelta(days=random.randint(330, 460))).date()
    if row.state in AFTER_PUBLICATION or (row.state is S.CANCELLED and random.random() < 0.5):
        row.published_at = submitted + timedelta(hours=20)
        row.bidding_from = call.now + timedelta(days=4) if row.state is S.PUBLISHED else row.published_at
        row.changed_at = row.published_at
    if row.state in OPENED | {S.UNSUCCESSFUL}:
        row.opened_at = row.changed_at = row.bid_deadline + timedelta(days=2, hours=-7)
    if row.state in AWARDED:
        row.approved_at = row.bid_deadline + timedelta(days=16)
        row.changed_at = min(call.now, row.approved_at + timedelta(days=random.randint(8, 200)))


def _office_closes(day: datetime) -> datetime:
    """Five in the afternoon of the city's day, when tenders close."""
    return datetime.combine(day.astimezone(CITY).date(), time(17), CITY).astimezone(UTC)


def _let_some_be_due(call: Call, orders: Orders) -> None:
    for number, row in enumerate(orders.of(S.BIDDING)[:DUE]):
        row.bid_deadline = _office_closes(call.now - timedelta(days=1 + number // 2))
