"""Contracts of past awards in every state: in negotiation, half signed, in delivery, in dispute, to be paid, fulfilled, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.contracts import service
from marketplace.contracts.models import Clause, Contract, Milestone, Payment
from marketplace.contracts.terms import (
    ChangeTerms,
    ClauseTerms,
    DeliveryTerms,
    EvidenceTerms,
    RatingTerms,
    ReceiptLine,
    ResultTerms,
    SignatureTerms,
    TrainingTerms,
    VerdictTerms,
)
from marketplace.contracts.turns import present_hash
from marketplace.contracts.workflow import ChangeKind, ClauseKind, PaymentState, ResultKind, TrainingLevel
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo.bidding import Bids
from marketplace.demo.ordering import Orders
from marketplace.demo.society import Society
from marketplace.funds.models import LedgerTransaction
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.kernel.patents import check_digit
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Round, Run
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, ProposalState, RoundState, RunState

S = OrderState
TITLE = "往期研发订单撮合（归档）"
ARBITRATION = (
    "因履行本合同发生的争议，双方先行协商；协商不成的，由双方认可的独立专家出具意见；"
    "任何一方不接受专家意见的，提交甲方所在地仲裁委员会仲裁。争议期间，与争议无关的义务继续履行。"
)
_KEYS = count()


@dataclass(frozen=True)
class Stage:
    """One contract's parties, each as a call at any moment of the past."""

    call: Call
    enterprise: Account
    institution: Account
    officer: Account
    manager: Account
    order: Order

    def at(self, who: Account, moment: datetime) -> Call:
        return replace(self.call, actor=actor_of(who), now=min(moment, self.call.now))


@dataclass(frozen=True)
class Part:
    """Which order's contract is told, how far its life comes (``place`` in it), and whose accounts sign it."""

    order: int
    state: OrderState
    place: int
    enterprise: int
    institution: int


def contract(call: Call, society: Society, orders: Orders, bids: Bids) -> int:
    """Take all past awards through the same services that the parties use; returns how many contracts there are.

    The session forgets all else: it would read thousands of rows again after each use case.
    """
    parts = [_part(society, bids, order, place) for state in LIVES for place, order in enumerate(orders.of(state))]
    staff = society.staff["officer1"].id, society.staff["funds1"].id
    officers = actor_of(society.staff["officer1"]), actor_of(society.staff["officer2"])
    record(call, orders, bids, [part.order for part in parts], *officers)
    for part in parts:
        db.session.expunge_all()
        order = db.session.get_one(Order, part.order)
        enterprise, institution, officer, manager = (
            db.session.get_one(Account, key) for key in (part.enterprise, part.institution, *staff)
        )
        stage = Stage(call, enterprise, institution, officer, manager, order)
        LIVES[part.state](stage, (order.approved_at or call.now) + timedelta(days=12), part.place)
    return len(parts)


def _part(society: Society, bids: Bids, order: Order, place: int) -> Part:
    enterprise, institution = order.organisation_id, bids.winners[order.id].team.organisation_id
    return Part(order.id, order.state, place, society.owners[enterprise].id, society.owners[institution].id)


@use_case
def record(call: Call, orders: Orders, bids: Bids, picked: Sequence[int], first: object, second: object) -> Round:
    """An archived round in which the past awards were approved by two officers, with the money that was reserved for them."""
    then = call.now - timedelta(days=300)
    batch = Round(
        reference="MR-ARCHIVE",
        title=TITLE,
        weights=dict(DEFAULT_WEIGHTS),
        rules={"public_share_max": 5000, "at_least": {}, "time_limit": 3},
        state=RoundState.CLOSED,
        created_at=then,
    )
    run = Run(round=batch, label="归档", state=RunState.SOLVED, time_limit=1, created_at=then, finished_at=then)
    db.session.add(run)
    db.session.flush()
    for order in orders.rows:
        if order.id in picked:
            row = db.session.get_one(Order, order.id)
            row.state = S.CONTRACTING  # the services below bring it to where it was
            _approve(call, run, row, bids, first, second)
    audit.record(call, "demo.contract", "demo", None, {"contracts": len(picked)})
    return batch


def _approve(call: Call, run: Run, order: Order, bids: Bids, first: object, second: object) -> None:
    winner, at = bids.winners[order.id], order.approved_at or call.now
    price = bids.terms[winner.id].price or 0
    moves = db.session.scalars(
        select(LedgerTransaction).where(
            LedgerTransaction.subject_kind == "order",
            LedgerTransaction.subject_id == order.id,
            LedgerTransaction.movement == Movement.RESERVE,
        )
    ).all()
    parts: list[tuple[int | None, int]] = [
        (None, price - sum(m.amount for m in moves)),
        *((m.fund_id, m.amount) for m in moves),
    ]
    content = {"order": order.id, "bid": winner.id, "price": price, "pays": [list(part) for part in parts]}
    proposal = Proposal(
        run_id=run.id,
        order_id=order.id,
        bid_id=winner.id,
        team_id=winner.team_id,
        price=price,
        value=820,
        scores={},
        state=ProposalState.APPROVED,
        approved_at=at,
        content=content,
        content_hash=approvals.content_hash(content),
        options=[
            FundingOption(
                position=0,
                label="chosen",
                parts=[FundingPart(position=n, fund_id=fund, amount=fen) for n, (fund, fen) in enumerate(parts)],
            )
        ],
    )
    db.session.add(proposal)
    db.session.flush()
    proposal.option_id = proposal.options[0].id
    for actor, endorse in ((first, approvals.propose), (second, approvals.approve)):
        endorse(replace(call, actor=actor, now=at), "proposal", proposal.id, proposal.content_hash)  # type: ignore[arg-type]


def _key() -> str:
    return f"demo-city-key-{next(_KEYS):06d}"


def _draft(stage: Stage, start: datetime) -> int:
    return service.draft_contract(replace(stage.call, now=min(start, stage.call.now)), stage.order.id).id


def _sign(stage: Stage, contract_id: int, who: Account, moment: datetime) -> None:
    row = db.session.get_one(Contract, contract_id, populate_existing=True)
    service.sign(stage.at(who, moment), contract_id, SignatureTerms(who.person.name, present_hash(row)))


def _in_force(stage: Stage, start: datetime, places: int = 1) -> int:
    key = _draft(stage, start)
    price = db.session.get_one(Contract, key).price
    service.set_particulars(stage.at(stage.institution, start), key, price * 9 // 10, places)
    _sign(stage, key, stage.enterprise, start + timedelta(days=2))
    _sign(stage, key, stage.institution, start + timedelta(days=3))
    student = TrainingTerms(
        "研究生甲", TrainingLevel.MASTER, "企业技术主管", "项目负责人", (start + timedelta(days=20)).date()
    )
    service.start_training(stage.at(stage.institution, start + timedelta(days=20)), key, student)
    return key


def _milestones(contract_id: int) -> list[Milestone]:
    query = select(Milestone).where(Milestone.contract_id == contract_id).order_by(Milestone.position)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _deliver(stage: Stage, row: Milestone, moment: datetime) -> None:
    evidence = tuple(EvidenceTerms(t.id, t.value, t.method[:300]) for t in stage.order.targets[:3])
    note = f"已按计划完成“{row.title}”，交付{row.deliverables}，测试数据与报告见附件清单。"
    service.deliver(stage.at(stage.institution, moment), row.id, DeliveryTerms(note, evidence))


def _decide(stage: Stage, row: Milestone, moment: datetime, amount: int | None = None, reasons: str = "") -> None:
    service.decide(stage.at(stage.enterprise, moment), row.id, VerdictTerms(amount, reasons), _key())


def _pay(stage: Stage, contract_id: int, moment: datetime) -> None:
    """Everything that is due, through both levels and the bank."""
    query = select(Payment).where(Payment.contract_id == contract_id, Payment.state == PaymentState.DUE)
    rows = list(db.session.scalars(query.order_by(Payment.id).execution_options(populate_existing=True)))
    for row in rows:
        if row.source.fund_id is None:
            service.declare_paid(stage.at(stage.enterprise, moment), row.id, f"CMB{row.id:08d}", _key())
            service.confirm_arrival(stage.at(stage.institution, moment), row.id, _key())
        else:
            service.check_payment(stage.at(stage.officer, moment), row.id, _key())
            service.approve_payment(stage.at(stage.manager, moment), row.id, _key())
    funds = [row for row in rows if row.source.fund_id is not None]
    if funds:
        service.order_payments(stage.at(stage.officer, moment), _key())
        lines = [ReceiptLine(f"ICBC{row.id:08d}", row.reference, "paid", row.amount) for row in funds]
        service.import_receipts(stage.at(stage.officer, moment), lines)


def contracting(stage: Stage, start: datetime, place: int) -> None:
    """Fresh; with an open wish about disputes; signed by the enterprise."""
    key = _draft(stage, start)
    if place == 1:
        clause = db.session.scalars(
            select(Clause).where(Clause.contract_id == key, Clause.kind == ClauseKind.DISPUTES)
        ).one()
        terms = ClauseTerms(ARBITRATION, "仲裁更快，且不公开审理，利于保护技术秘密。")
        service.propose_clause(
            stage.at(stage.institution, start + timedelta(days=3)), key, clause.kind, terms, clause.version
        )
    elif place == 2:
        _sign(stage, key, stage.enterprise, start + timedelta(days=5))


def in_delivery(stage: Stage, start: datetime, place: int) -> None:
    """One milestone paid; then: delivered, rejected, in dispute, or waiting for its payments."""
    key = _in_force(stage, start)
    first, second, _ = _milestones(key)
    _deliver(stage, first, start + timedelta(days=30))
    _decide(stage, first, start + timedelta(days=36))
    if place == 3:
        return
    _pay(stage, key, start + timedelta(days=45))
    _deliver(stage, second, start + timedelta(days=75))
    if place == 0:
        return
    _decide(stage, second, start + timedelta(days=80), 0, "第二项指标的重复性测试只做了一组，请补足三组并附原始数据。")
    if place == 2:
        service.raise_dispute(
            stage.at(stage.institution, start + timedelta(days=83)),
            second.id,
            "试验大纲约定一组即可，测试数据已达到指标。",
        )


def completed(stage: Stage, start: datetime, _place: int) -> None:
    """Everything accepted and paid, the retention too; a patent, a student who has finished, and both sides' words."""
    key = _in_force(stage, start)
    for number, row in enumerate(_milestones(key)):
        _deliver(stage, row, start + timedelta(days=25 * number + 20))
        _decide(stage, row, start + timedelta(days=25 * number + 24))
        _pay(stage, key, start + timedelta(days=25 * number + 30))
    last = start + timedelta(days=170)
    service.release_retention(replace(stage.call, now=min(last, stage.call.now)), key)
    _pay(stage, key, last + timedelta(days=2))
    filed = min(last, stage.call.now).date()
    digits = f"{filed.year}1{7_000_000 + stage.order.id}"
    application = f"{digits}.{check_digit(digits)}"
    result = ResultTerms(ResultKind.PATENT, f"一种{stage.order.title[:60]}的方法", filed, application, "乙方")
    service.declare_result(stage.at(stage.institution, last), key, result)
    service.rate(stage.at(stage.enterprise, last), key, RatingTerms(5, 4, 5, "按期交付，测试数据完整，现场响应及时。"))
    service.rate(
        stage.at(stage.institution, last), key, RatingTerms(5, 5, 4, "需求清楚，付款及时；样件反馈可以更快一些。")
    )


def terminated(stage: Stage, start: datetime, _place: int) -> None:
    """Ended because others published the technology: the first milestone stays paid, the rest is free again."""
    key = _in_force(stage, start, 0)
    first = _milestones(key)[0]
    _deliver(stage, first, start + timedelta(days=25))
    _decide(stage, first, start + timedelta(days=30))
    _pay(stage, key, start + timedelta(days=40))
    paid = sum(source.paid for source in db.session.get_one(Contract, key, populate_existing=True).sources)
    terms = ChangeTerms(ChangeKind.END_PUBLISHED, "检索发现同一技术方案已被他人公开，继续履行没有意义。", earned=paid)
    change = service.propose_change(stage.at(stage.institution, start + timedelta(days=60)), key, terms)
    service.accept_change(stage.at(stage.enterprise, start + timedelta(days=65)), change.id)


LIVES: dict[OrderState, Callable[[Stage, datetime, int], None]] = {
    S.CONTRACTING: contracting,
    S.IN_DELIVERY: in_delivery,
    S.COMPLETED: completed,
    S.TERMINATED: terminated,
}
