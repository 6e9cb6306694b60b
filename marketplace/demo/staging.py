"""Orders caught in the middle: concepts that wait for a shortlist, full bids after one, and a committee that scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.queries import actor_of
from marketplace.alliances.workflow import Visibility
from marketplace.bids import service, shortlists
from marketplace.bids.models import Bid, ConceptPart
from marketplace.bids.terms import Answer, BidTerms, Choice, Milestone
from marketplace.bids.workflow import Meets
from marketplace.db.base import db
from marketplace.demo.society import DOMAIN
from marketplace.evaluation import queries as evaluation_queries
from marketplace.evaluation import service as evaluation
from marketplace.evaluation.models import Member
from marketplace.evaluation.terms import VoteTerms
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Conflict
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure, rules_of
from marketplace.orders.workflow import OrderState
from marketplace.web.filters import CITY

GOES = "路线清楚，关键风险有备选方案，请在完整方案中给出小试数据和报价依据。"
STAYS = "未说明中试放大的条件，现有路线难以在交付期内达到必达指标。"
REMARK = "路线可行，放大阶段的风险说明可以再具体。"
_POINTS = (86, 78, 72, 81, 69)
_SEATS = 5


def stage(call: Call) -> None:
    """Open the concepts of the orders in two stages, choose for the second one, and let a committee begin on a third order."""
    query = select(Order).where(Order.procedure == Procedure.TWO_STAGE, Order.state == OrderState.BIDDING)
    orders = list(db.session.scalars(query.order_by(Order.id)))
    for order in orders:
        _open(call, order)
    _choose(call, next(order for order in reversed(orders) if order.visibility is Visibility.PUBLIC))
    _judge(call)


def _open(call: Call, order: Order) -> None:
    service.request_opening(_staff(call, "officer1"), order.id)
    service.confirm_opening(_staff(call, "officer2"), order.id)
    service.open_bids(replace(call, actor=Actor.system("opener")), order.id)


def _choose(call: Call, order: Order) -> None:
    """All concepts but the last go on; one team has handed in its full bid already, which nobody can see."""
    concepts = shortlists.concepts_of(order)
    _vote(call, order, concepts)
    choices = [Choice(part.bid_id, part is not concepts[-1], GOES) for part in concepts]
    choices[-1] = replace(choices[-1], reason=STAYS)
    day = (call.now + timedelta(days=rules_of(order).full_days + 6)).astimezone(CITY)
    deadline = day.replace(hour=17, minute=0, second=0, microsecond=0).astimezone(UTC)
    service.propose_shortlist(_staff(call, "officer1"), order.id, choices, deadline)
    service.confirm_shortlist(_staff(call, "officer2"), order.id)
    _answer(call, order, concepts[0], deadline)


def _vote(call: Call, order: Order, concepts: Sequence[ConceptPart]) -> None:
    """Three people without an interest recommend all concepts but the last."""
    seats = _seats(_staff(call, "officer1"), order, 3)
    row = evaluation_queries.of_order(order)
    if row is None:
        raise RuntimeError("nobody could be appointed")
    for place, (_member, account) in enumerate(seats):
        judge = _by(call, account)
        evaluation.accept_seat(judge, row.id)
        votes = [VoteTerms(part.bid_id, True, _POINTS[place], GOES) for part in concepts[:-1]]
        evaluation.cast_votes(judge, row.id, [*votes, VoteTerms(concepts[-1].bid_id, False, 55 + place, STAYS)])


def _answer(call: Call, order: Order, part: ConceptPart, deadline: datetime) -> None:
    concept, price = shortlists.terms_of(part), (order.price_ceiling or 1_000_000) * 9 // 10
    months = concept.months or 6
    terms: BidTerms = replace(
        concept,
        price=price,
        start_on=(deadline + timedelta(days=30)).date(),
        answers=tuple(Answer(t.id, Meets.MEETS, t.value, "按标准检测") for t in order.targets),
        milestones=(
            Milestone("样件试制", max(1, months // 2), "样件", 5000),
            Milestone("验收", months, "验收报告", 5000),
        ),
    )
    bid = db.session.get_one(Bid, part.bid_id)
    service.submit_bid(_lead(call, bid.team_id), bid.id, terms)


def _judge(call: Call) -> None:
    """Five people without an interest judge the plans of an order whose prices are sealed; two have not handed in yet."""
    query = select(Order).where(Order.procedure == Procedure.OPEN_LIST, Order.state == OrderState.OPENED)
    order = db.session.scalars(query.order_by(Order.id).limit(1)).one()
    officer = _staff(call, "officer1")
    seats = _seats(officer, order, _SEATS)
    row = evaluation_queries.of_order(order)
    if row is None:
        raise RuntimeError("nobody could be appointed")
    for _member, account in seats:
        evaluation.accept_seat(_by(call, account), row.id)
    evaluation.begin_scoring(officer, order.id)
    criteria = [criterion.id for criterion in row.criteria]
    for seat, (_member, account) in enumerate(seats[:3]):
        judge = _by(call, account)
        for place, bid in enumerate(evaluation_queries.judged_bids(order)):
            points = {key: _POINTS[(seat + place + step) % len(_POINTS)] for step, key in enumerate(criteria)}
            evaluation.save_scores(judge, row.id, bid.id, points, REMARK)
        evaluation.submit_scores(judge, row.id)


def _seats(officer: Call, order: Order, number: int) -> list[tuple[Member, Account]]:
    """Appoint the first leads of teams whom no interest ties to the enterprise or a bidder."""
    seats: list[tuple[Member, Account]] = []
    for account in _leads():
        if len(seats) == number:
            return seats
        try:
            seats.append((evaluation.appoint(officer, order.id, account.email, expert=True), account))
        except Conflict:
            continue
    return seats


def _leads() -> Iterator[Account]:
    query = select(Account).join(AccountGrant, AccountGrant.account_id == Account.id)
    rows = list(
        db.session.scalars(query.where(AccountGrant.role == Role.TEAM_LEAD).order_by(Account.id.desc()).limit(40))
    )
    yield from rows


def _staff(call: Call, box: str) -> Call:
    return _by(call, db.session.scalars(select(Account).where(Account.email == f"{box}@{DOMAIN}")).one())


def _lead(call: Call, team_id: int) -> Call:
    held = AccountGrant.team_id == team_id, AccountGrant.role == Role.TEAM_LEAD
    query = select(Account).join(AccountGrant, AccountGrant.account_id == Account.id).where(*held)
    return _by(call, db.session.scalars(query.order_by(Account.id).limit(1)).one())


def _by(call: Call, account: Account) -> Call:
    return replace(call, actor=replace(actor_of(account), proved_at=call.now))
