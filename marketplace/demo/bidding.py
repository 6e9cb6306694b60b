"""Bids: sealed ones that nobody can read before their opening, and opened ones with their content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from flask import current_app
from nacl.public import PublicKey

from marketplace.accounts.models import Account
from marketplace.approvals.models import Endorsement, Step
from marketplace.approvals.service import content_hash
from marketplace.audit import service as audit
from marketplace.bids import keys, openings, sealing
from marketplace.bids.models import Bid, OpenedAnswer, OpenedBid, OpenedLoad
from marketplace.bids.sealing import Label, Sealed
from marketplace.bids.terms import Answer, BidTerms, Load
from marketplace.bids.workflow import READABLE, BidState, Meets
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo.archetype import Archetype
from marketplace.demo.ordering import AWARDED, OPENED, Orders
from marketplace.demo.society import Society, save
from marketplace.demo.talents import WAN, Talents
from marketplace.kernel.call import Call
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.talent.models import Team

LOST = "另一投标方案已获批准 / another bid was approved"
NOT_QUALIFIED = "未按要求提交检测方案，资格审查未通过。"
COUNTS = {OrderState.BIDDING: (2, 5), OrderState.OPENED: (3, 4), OrderState.EVALUATING: (2, 5)}
_AWARDED, _OTHERS = (2, 5), (1, 3)
_SEALED = (*[BidState.SUBMITTED] * 7, BidState.DRAFT, BidState.NEEDS_RECONFIRM, BidState.WITHDRAWN)
_DEAR_EVERY = 14
"""So many bids ask for more than the ceiling and stay out of the rounds."""

_MEETS = (*[Meets.MEETS] * 6, Meets.EXCEEDS, Meets.EXCEEDS, Meets.PARTLY)
_OPENING = ("先复核{p}现有工艺与失效样件，再确定试验矩阵。", "与企业技术人员组成联合小组，每两周评审一次数据。",
            "关键指标由第三方检测机构见证，数据可追溯。", "先交付小样供企业试用，达标后再进入放大阶段。",
            "利用团队已有的中试线缩短周期，风险点设置备选路线。")  # fmt: skip


@dataclass
class Bids:
    """All bids with what each says, by bid id; winners by order id."""

    rows: list[Bid] = field(default_factory=list)
    terms: dict[int, BidTerms] = field(default_factory=dict)
    winners: dict[int, Bid] = field(default_factory=dict)


@use_case
def bid(call: Call, society: Society, talents: Talents, orders: Orders, seed: int) -> Bids:
    """Let teams answer the orders of their field; contents are sealed with the opener's real public key."""
    random, bids = Random(seed), Bids()  # noqa: S311 - a demo must be the same every time
    bidders: dict[int, Team] = {}
    for order in orders.rows:
        least, most = _how_many(order)
        teams = _teams(random, talents, orders, order, random.randint(least, most))
        bids.rows += [_bid(random, talents, order, team, place) for place, team in enumerate(teams)]
        bidders |= {team.id: team for team in teams}
    save(list(bids.rows))
    by_id = {order.id: order for order in orders.rows}
    opener, secret = keys.public_key(), current_app.extensions["config"].secret_key
    for row in bids.rows:
        kind = orders.kinds[row.order_id]
        terms = _terms(random, talents, by_id[row.order_id], bidders[row.team_id], kind)
        bids.terms[row.id] = terms
        _write(random, row, terms, opener, secret)
        if row.state is BidState.WON:
            bids.winners[row.order_id] = row
    db.session.flush()
    save(list(_endorsements(call, society, orders, bids)))
    audit.record(call, "demo.bid", "demo", None, {"bids": len(bids.rows)})
    return bids


def _how_many(order: Order) -> tuple[int, int]:
    if order.state in AWARDED:
        return _AWARDED
    if order.state is OrderState.UNSUCCESSFUL or (order.state is OrderState.CANCELLED and order.published_at):
        return _OTHERS
    return COUNTS.get(order.state, (0, 0))


def _teams(random: Random, talents: Talents, orders: Orders, order: Order, count: int) -> list[Team]:
    near = talents.doing(orders.kinds[order.id][0])[:9]
    return random.sample(near, min(count, len(near)))


def _bid(random: Random, talents: Talents, order: Order, team: Team, place: int) -> Bid:
    state = _state(random, order, place)
    deadline = order.bid_deadline or order.changed_at
    start = order.published_at or order.created_at
    latest = min(deadline, order.changed_at + timedelta(days=5)) if order.state is OrderState.BIDDING else deadline
    written = start + (latest - start) * (random.randint(10, 90) / 100)
    sealed = state in {BidState.SUBMITTED, BidState.NEEDS_RECONFIRM} or state in READABLE
    return Bid(
        order_id=order.id,
        team_id=team.id,
        state=state,
        reason=_reason(state),
        created_by=talents.leads[team.id].id,
        created_at=written,
        changed_at=order.opened_at if state in READABLE and order.opened_at else written,
        submitted_at=written if sealed else None,
        opened_at=order.opened_at if state in READABLE else None,
    )


def _state(random: Random, order: Order, place: int) -> BidState:
    if order.state in AWARDED:
        return BidState.WON if place == 0 else BidState.LOST
    if order.state in OPENED:
        return BidState.DISQUALIFIED if place > 2 and random.random() < 0.08 else BidState.OPENED
    if order.state is OrderState.BIDDING:
        return random.choice(_SEALED)
    return BidState.LOST if order.state is OrderState.UNSUCCESSFUL else BidState.LAPSED


def _reason(state: BidState) -> str:
    return {
        BidState.LOST: LOST,
        BidState.DISQUALIFIED: NOT_QUALIFIED,
        BidState.LAPSED: "orders.cancelled",
    }.get(state, "")


def _terms(random: Random, talents: Talents, order: Order, team: Team, kind: tuple[Archetype, int]) -> BidTerms:
    work, variant = kind
    ceiling = order.price_ceiling or WAN
    months = random.randint(6, 12)
    day = order.bid_deadline or order.changed_at
    plan = [random.choice(work.plans), random.choice(_OPENING)]
    if random.random() < 0.5:
        plan.append("团队在同类材料与装备上积累了多项专利和成果，可派驻工程师到现场服务。")
    loads = [Load(team.id, random.randint(60, 60 + team.capacity_days * 2))]
    if random.random() < 0.15:
        partner = random.choice([each for each in talents.doing(work)[:9] if each.id != team.id])
        loads.append(Load(partner.id, random.randint(30, 70)))
    return BidTerms(
        plan=work.say("".join(plan), variant),
        schedule=f"第1—{months // 3}个月：方案验证；第{months // 3 + 1}—{months - 2}个月：样件试制与检测；"
        f"第{months - 1}—{months}个月：放大验证与验收。",
        price=ceiling
        * (104 if random.randrange(_DEAR_EVERY) == 0 else random.randint(68, 99))
        // 100
        // 100_000
        * 100_000,
        start_on=(day + timedelta(days=45)).date(),
        months=months,
        loads=tuple(loads),
        answers=tuple(_answer(random, target.id, target.value) for target in order.targets),
    )


def _answer(random: Random, target_id: int, value: str) -> Answer:
    meets = random.choice(_MEETS)
    note = {
        Meets.PARTLY: "小样可达到，放大后的稳定性需在中试阶段确认。",
        Meets.EXCEEDS: "已有同类样件检测报告，可优于指标。",
    }.get(meets, "")
    return Answer(target_id, meets, value if meets is Meets.MEETS else "", note)


def _write(random: Random, row: Bid, terms: BidTerms, opener: PublicKey, secret: str) -> None:
    """Seal a submitted bid for good; keep the owner's copy until the opening; add the content's rows after it."""
    label = Label(row.id, row.order_id, row.team_id)
    sealed = Sealed(terms, random.randbytes(sealing.SALT_BYTES).hex())
    if row.submitted_at is not None:
        row.commitment = sealing.commitment(label, sealed)
        row.envelope = sealing.seal(label, sealed, opener)
    if row.state in READABLE:
        db.session.add(_content(row, sealed))
    else:
        row.owner_copy = sealing.keep_copy(label, sealed, secret)


def _content(row: Bid, sealed: Sealed) -> OpenedBid:
    terms = sealed.terms
    return OpenedBid(
        bid_id=row.id,
        plan=terms.plan,
        schedule=terms.schedule,
        price=terms.price,
        start_on=terms.start_on,
        months=terms.months,
        salt=sealed.salt,
        loads=[OpenedLoad(team_id=load.team, person_days=load.person_days) for load in terms.loads],
        answers=[
            OpenedAnswer(target_id=answer.target, meets=answer.meets, value=answer.value, note=answer.note)
            for answer in terms.answers
        ],
    )


def _endorsements(call: Call, society: Society, orders: Orders, bids: Bids) -> Iterable[Endorsement]:
    """Two people stood for each opening; for two orders that are due only the first one so far."""
    sealed: dict[int, list[str]] = defaultdict(list)
    for row in bids.rows:
        if row.state is BidState.SUBMITTED or row.state in READABLE:
            sealed[row.order_id].append(row.commitment)
    first, second = society.staff["officer1"], society.staff["officer2"]
    due = [row for row in orders.of(OrderState.BIDDING) if row.bid_deadline and row.bid_deadline <= call.now]
    for order in [row for row in orders.rows if row.opened_at is not None] + due[:2]:
        deadline = order.bid_deadline
        if deadline is None:
            continue
        fingerprint = content_hash([order.id, deadline.isoformat(), sorted(sealed[order.id])])
        yield _endorsement(order, fingerprint, Step.PROPOSED, first, deadline + timedelta(hours=4))
        if order.opened_at is not None:
            yield _endorsement(order, fingerprint, Step.APPROVED, second, order.opened_at)


def _endorsement(order: Order, fingerprint: str, step: Step, account: Account, at: datetime) -> Endorsement:
    return Endorsement(
        subject_kind=openings.SUBJECT,
        subject_id=order.id,
        content_hash=fingerprint,
        step=step,
        person_id=account.person_id,
        account_id=account.id,
        at=at,
    )
