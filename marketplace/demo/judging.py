"""The committees of the past: where a procedure asks for one, its scores are locked, so that a round may take the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.audit import service as audit
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.demo.society import save
from marketplace.evaluation import scoring
from marketplace.evaluation.models import Criterion, Evaluation, Member, Remark, Result, Score
from marketplace.evaluation.terms import STANDARD
from marketplace.evaluation.workflow import EvaluationState, MemberState
from marketplace.kernel.call import Call, Role
from marketplace.orders.models import Order
from marketplace.orders.procedures import RULES, rules_of
from marketplace.orders.workflow import OrderState
from marketplace.talent.models import Team

_REMARKS = (
    "路线清楚，依据充分，放大阶段的风险说明可以再具体。",
    "团队有同类经验，计划可行，检测安排合理。",
    "方案完整，但关键指标的依据偏少。",
)


@use_case
def judge(call: Call, seed: int) -> None:
    """Let a committee without an interest have judged every order under evaluation whose procedure asks for one."""
    random = Random(seed)  # noqa: S311 - a demo must be the same every time
    asking = [procedure for procedure, rules in RULES.items() if rules.committee_min > 1]
    query = select(Order).where(Order.state == OrderState.EVALUATING, Order.procedure.in_(asking)).order_by(Order.id)
    orders, leads = list(db.session.scalars(query)), _leads()
    for order in orders:
        bids = list(db.session.scalars(select(Bid).where(Bid.order_id == order.id, Bid.state == BidState.OPENED)))
        if bids:
            _judge(random, order, sorted(bids, key=lambda bid: bid.id), leads)
    audit.record(call, "demo.judge", "demo", None, {"orders": len(orders)})


def _leads() -> list[tuple[Account, int]]:
    """Every team lead with the institution."""
    query = (
        select(Account, Team.organisation_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .join(Team, Team.id == AccountGrant.team_id)
        .where(AccountGrant.role == Role.TEAM_LEAD)
        .order_by(Account.id)
    )
    return [(account, organisation) for account, organisation in db.session.execute(query)]


def _judge(random: Random, order: Order, bids: Sequence[Bid], leads: Sequence[tuple[Account, int]]) -> None:
    interested = set(db.session.scalars(select(Team.organisation_id).where(Team.id.in_([bid.team_id for bid in bids]))))
    free = [account for account, organisation in leads if organisation not in interested]
    opened = order.opened_at or order.changed_at
    row = Evaluation(
        order_id=order.id,
        state=EvaluationState.LOCKED,
        created_at=opened + timedelta(days=1),
        begun_at=opened + timedelta(days=2),
        locked_at=opened + timedelta(days=5),
        criteria=[
            Criterion(position=place, name=c.name, name_en=c.name_en, about=c.about, weight=c.weight)
            for place, c in enumerate(STANDARD)
        ],
        members=[
            Member(
                account_id=account.id,
                person_id=account.person_id,
                expert=True,
                state=MemberState.DONE,
                appointed_at=opened + timedelta(days=1),
                accepted_at=opened + timedelta(days=2),
                submitted_at=opened + timedelta(days=4),
            )
            for account in random.sample(free, rules_of(order).committee_min)
        ],
    )
    save([row])
    keys, weights = [c.id for c in row.criteria], {c.id: c.weight for c in row.criteria}
    level = {bid.id: random.randint(62, 88) for bid in bids}
    sheets = {
        bid.id: [{key: min(100, level[bid.id] + random.randint(-8, 8)) for key in keys} for _ in row.members]
        for bid in bids
    }
    for bid in bids:
        for member, sheet in zip(row.members, sheets[bid.id], strict=True):
            points = sheet.items()
            save([Score(member_id=member.id, bid_id=bid.id, criterion_id=key, points=given) for key, given in points])
            save([Remark(member_id=member.id, bid_id=bid.id, text=random.choice(_REMARKS))])
    judged = scoring.judge(weights, sheets)
    save([Result(bid_id=b, evaluation_id=row.id, quality=j.quality, rank=j.rank) for b, j in judged.items()])
