"""Bids: sealed ones that nobody can read before their opening, and opened ones with their content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from flask import current_app
from nacl.encoding import HexEncoder
from nacl.public import PublicKey

from marketplace.accounts.models import Account
from marketplace.approvals.models import Endorsement, Step
from marketplace.approvals.service import content_hash
from marketplace.audit import service as audit
from marketplace.bids import consents, keyring, keys, openings, proof, records, sealing
from marketplace.bids.models import Bid, BidConsent, OpenedBid, OrderKey, TechnicalPart
from marketplace.bids.sealing import Label, Sealed
from marketplace.bids.terms import Answer, Background, BidTerms, Load, Milestone, Staff
from marketplace.bids.workflow import READABLE, BidState, ConsentState, Meets, Part
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo.archetype import Archetype
from marketplace.demo.ordering import AWARDED, OPENED, Orders
from marketplace.demo.society import Society, save
from marketplace.demo.talents import WAN, Talents
from marketplace.kernel.call import Call
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure, asks_concepts, rules_of
from marketplace.orders.workflow import AMENDABLE, OrderState
from marketplace.rounds.service.settling import LOST
from marketplace.talent.models import Team

NOT_QUALIFIED = "未按要求提交检测方案，资格审查未通过。"
COUNTS = {OrderState.BIDDING: (2, 5), OrderState.OPENED: (3, 4), OrderState.EVALUATING: (2, 5)}
_AWARDED, _OTHERS = (2, 5), (1, 3)
_SEALED = (*[BidState.SUBMITTED] * 7, BidState.DRAFT, BidState.NEEDS_RECONFIRM, BidState.WITHDRAWN)
_DEAR_EVERY = 14
"""So many bids ask for more than the ceiling and stay out of the rounds."""

_APART = 2
"""So many opened orders have two envelopes: the plans are read, the prices still sealed."""
_STAGED = slice(2, 4)
"""Those of the orders past their deadline that are tendered in two stages (see ``staging``)."""
_SURNAMES = "林陈黄李周吴何梁"

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
    for order in orders.of(OrderState.OPENED)[:_APART]:
        order.procedure = Procedure.OPEN_LIST
    for order in _due(call, orders)[_STAGED]:
        order.procedure = Procedure.TWO_STAGE
    bidders: dict[int, Team] = {}
    for order in orders.rows:
        least, most = _how_many(order)
        teams = _teams(random, talents, orders, order, random.randint(least, most))
        bids.rows += [_bid(random, talents, order, team, place) for place, team in enumerate(teams)]
        bidders |= {team.id: team for team in teams}
    save(list(bids.rows))
    by_id, sealing_to = {order.id: order for order in orders.rows}, _keys(call, orders)
    for row in bids.rows:
        kind = orders.kinds[row.order_id]
        terms = _terms(random, talents, by_id[row.order_id], bidders[row.team_id], kind)
        if asks_concepts(by_id[row.order_id]):
            terms = replace(terms.without_prices(), milestones=(), loads=terms.loads[:1])
        bids.terms[row.id] = terms
        _write(random, row, terms, *sealing_to[row.order_id])
        save(list(_consents(call, by_id[row.order_id], row, terms)))
        if row.state is BidState.WON:
            bids.winners[row.order_id] = row
    db.session.flush()
    save(list(_endorsements(call, society, orders, bids)))
    _publish_records(call, society, orders, bids)
    audit.record(call, "demo.bid", "demo", None, {"bids": len(bids.rows)})
    return bids


def _keys(call: Call, orders: Orders) -> dict[int, tuple[PublicKey, PublicKey | None]]:
    """Make the keys of orders that take bids or have prices sealed; the past was sealed to the standing one."""
    standing = keys.public_key()
    found: dict[int, tuple[PublicKey, PublicKey | None]] = {}
    for order in orders.rows:
        apart = rules_of(order).two_envelopes
        if order.state not in AMENDABLE and not apart:
            found[order.id] = (standing, None)
            continue
        rows = {part: keyring.make_row(order, part, call.now) for part in keyring.parts_of(order)}
        save(list(rows.values()))
        if asks_concepts(order):
            found[order.id] = (_public(rows[Part.CONCEPT]), None)
            continue
        content, price = rows[Part.CONTENT], rows.get(Part.PRICE)
        found[order.id] = (_public(content), _public(price) if price else None)
    return found


def _public(row: OrderKey) -> PublicKey:
    return PublicKey(row.public.encode(), HexEncoder)


def _due(call: Call, orders: Orders) -> list[Order]:
    return [row for row in orders.of(OrderState.BIDDING) if row.bid_deadline and row.bid_deadline <= call.now]


def _how_many(order: Order) -> tuple[int, int]:
    if order.procedure is Procedure.TWO_STAGE:
        return (3, 3)
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
        reason=_reason(state, order),
        created_by=talents.leads[team.id].id,
        created_at=written,
        changed_at=order.opened_at if state in READABLE and order.opened_at else written,
        submitted_at=written if sealed else None,
        opened_at=order.opened_at if state in READABLE else None,
    )


def _state(random: Random, order: Order, place: int) -> BidState:
    if order.state in AWARDED:
        return BidState.WON if place == 0 else BidState.LOST
    if order.state in OPENED and rules_of(order).two_envelopes:
        return BidState.TECHNICAL
    if order.state in OPENED:
        return BidState.DISQUALIFIED if place > 2 and random.random() < 0.08 else BidState.OPENED
    if order.state is OrderState.BIDDING:
        return BidState.SUBMITTED if asks_concepts(order) else random.choice(_SEALED)
    return BidState.LOST if order.state is OrderState.UNSUCCESSFUL else BidState.LAPSED


def _reason(state: BidState, order: Order) -> str:
    return {
        BidState.LOST: "" if order.state is OrderState.UNSUCCESSFUL else LOST,
        BidState.DISQUALIFIED: NOT_QUALIFIED,
        BidState.LAPSED: "bids.order_cancelled",
    }.get(state, "")


def _terms(random: Random, talents: Talents, order: Order, team: Team, kind: tuple[Archetype, int]) -> BidTerms:
    work, variant = kind
    ceiling = order.price_ceiling or WAN
    months = random.randint(6, 12)
    day = order.bid_deadline or order.changed_at
    plan = [random.choice(work.plans), random.choice(_OPENING)]
    if random.random() < 0.5:
        plan.append("团队在同类材料与装备上积累了多项专利和成果，可派驻工程师到现场服务。")
    price = (
        ceiling * (104 if random.randrange(_DEAR_EVERY) == 0 else random.randint(68, 99)) // 100 // 100_000 * 100_000
    )
    loads = [Load(team.id, random.randint(60, 60 + team.capacity_days * 2))]
    if random.random() < 0.15:
        partner = random.choice([each for each in talents.doing(work)[:9] if each.id != team.id])
        given = price * 3 // 10
        loads = [
            replace(loads[0], money=price - given, task="总体方案、样件试制与验收"),
            Load(partner.id, random.randint(30, 70), given, "性能检测与数据分析"),
        ]
    return BidTerms(
        plan=work.say("".join(plan), variant),
        schedule=f"第1—{months // 3}个月：方案验证；第{months // 3 + 1}—{months - 2}个月：样件试制与检测；"
        f"第{months - 1}—{months}个月：放大验证与验收。",
        price=price,
        least_price=price * 8 // 10 // 100_000 * 100_000,
        start_on=(day + timedelta(days=45)).date(),
        months=months,
        loads=tuple(loads),
        answers=tuple(_answer(random, target.id, target.value) for target in order.targets),
        milestones=(
            Milestone("方案与试验大纲评审", max(1, months // 3), "试验大纲、评审意见", 3000),
            Milestone("样件试制与检测", max(2, months - 2), "样件、第三方检测报告", 4000),
            Milestone("放大验证与验收", months, "验收报告、工艺规程", 3000),
        ),
        staff=tuple(
            Staff(random.choice(_SURNAMES) + given, role, hours)
            for given, role, hours in (("工程师", "项目负责人", 160), ("博士", "试验与数据", 240))
        ),
        background=(Background("团队已有的工艺数据库与配方", "", "项目期间免费使用，成果转化时另行约定"),),
        students=random.randint(0, 3),
    )


def _answer(random: Random, target_id: int, value: str) -> Answer:
    meets = random.choice(_MEETS)
    note = {
        Meets.PARTLY: "小样可达到，放大后的稳定性需在中试阶段确认。",
        Meets.EXCEEDS: "已有同类样件检测报告，可优于指标。",
    }.get(meets, "")
    evidence = random.choice(("近两年同类样件检测报告", "已交付项目的验收数据", "公开发表的试验结果"))
    return Answer(target_id, meets, value if meets is Meets.MEETS else "", note, evidence)


def _write(random: Random, row: Bid, terms: BidTerms, content: PublicKey, price: PublicKey | None) -> None:
    """Seal a submitted bid for good; keep the owner's copy until the opening; add the content's rows after it."""
    label, secret = Label(row.id, row.order_id, row.team_id), current_app.extensions["config"].secret_key
    salts = [random.randbytes(sealing.SALT_BYTES).hex() for _ in range(2)]
    sealed = Sealed(terms, salts[0], salts[1] if price else "")
    if row.submitted_at is not None:
        row.commitment = sealing.commitment(label, sealed)
        row.envelope = sealing.seal(label, sealed, content)
        row.price_commitment = sealing.price_commitment(label, sealed)
        row.price_envelope = sealing.seal_price(label, sealed, price) if price else None
    if row.state in READABLE and price is None:
        db.session.add(OpenedBid(bid_id=row.id, **proof.rows_of(sealed)))
        return
    row.owner_copy = sealing.keep_copy(label, sealed, secret)
    if row.state is BidState.TECHNICAL:
        part = terms.without_prices().as_json()
        db.session.add(TechnicalPart(bid_id=row.id, content=part, salt=sealed.salt, version=sealed.version))


def _consents(call: Call, order: Order, row: Bid, terms: BidTerms) -> Iterable[BidConsent]:
    """The partner's institution has authorised its part of a submitted bid, and is still asked about a draft's."""
    for load in consents.partners(row, terms):
        part = consents.part_of(order, load, terms) | {"salt": f"{row.id:032x}"}
        given = row.submitted_at is not None
        yield BidConsent(
            bid_id=row.id,
            team_id=load.team,
            state=ConsentState.GIVEN if given else ConsentState.ASKED,
            part=sealing.keep_part(part, current_app.extensions["config"].secret_key),
            digest=sealing.digest_of(part),
            asked_at=row.created_at,
            decided_at=min(row.changed_at, call.now) if given else None,
        )


def _publish_records(call: Call, society: Society, orders: Orders, bids: Bids) -> None:
    """Every past opening has its signed record."""
    names = [society.staff[box].person.name for box in ("officer1", "officer2")]
    for order in orders.rows:
        if order.opened_at is not None:
            read = [row for row in bids.rows if row.order_id == order.id and row.state in READABLE]
            records.write(replace(call, now=order.opened_at), order, Part.CONTENT, read, {}, names)


def _endorsements(call: Call, society: Society, orders: Orders, bids: Bids) -> Iterable[Endorsement]:
    """Two people stood for each opening; for two orders that are due only the first one so far."""
    sealed: dict[int, list[str]] = defaultdict(list)
    for row in bids.rows:
        if row.state is BidState.SUBMITTED or row.state in READABLE:
            price = row.price_commitment
            sealed[row.order_id].append(f"{row.commitment}:{price}" if price else row.commitment)
    first, second = society.staff["officer1"], society.staff["officer2"]
    for order in [row for row in orders.rows if row.opened_at is not None] + _due(call, orders)[:2]:
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
