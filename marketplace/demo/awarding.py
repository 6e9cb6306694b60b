"""What became of the first round's matches: notices, an objection, contracts about to begin, one award taken back.

All of it by the services that people use, each at the moment at which it would have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.queries import actor_of
from marketplace.awards import service
from marketplace.awards.models import Award
from marketplace.awards.terms import ComplaintTerms, FindingTerms, LevelTerms, ReversalTerms
from marketplace.awards.workflow import Finding, Ground, Party
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.conflicts import service as conflicts
from marketplace.conflicts.terms import End, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind
from marketplace.db.base import db
from marketplace.demo.society import DOMAIN
from marketplace.kernel.call import OWNERS, Call, Role
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind
from marketplace.rounds.models import Proposal, Run
from marketplace.rounds.workflow import ProposalState

LIMIT = 100_000_000
"""One million yuan: above it a fund manager approves as well."""
OBJECTION = "成交团队公示的同类项目业绩与其团队主页所列时间不一致，第三项指标的测试依据也未说明，请中心核实并复核评分。"
CLOSED_OBJECTION = "本团队承诺的交付时间更早，对时间项评分结果有疑问，请说明评分依据。"
ANSWER = "经核对，时间项按交付日期与订单要求的差值计分，两份投标均在要求日期之前，均得满分，排序由指标项拉开。评分依据见结果页。"
SUMMARY = "异议经核对不成立：时间项评分符合公布的规则。"
FILE_REASON = "复核发现指标项评分引用了更正前的检测报告。"
PUBLIC_REASON = "指标项评分引用的检测报告已更正，重新评审。"
LEVEL_REASON = "大额项目须由资金管理员确认资金安排。"


def award(call: Call, runs: list[Run]) -> None:
    """Publish the first run's matches and carry each some way on; the last ones wait to be published."""
    moments = _Moments(call)
    matches = list(_approved(runs[0]))
    for proposal in matches[:3]:
        _to_contract(moments, proposal)
    for number, proposal in enumerate(matches[3:8]):
        row = service.announce(moments.officer("officer1", days=1), proposal.id)
        if number % 2:
            service.confirm(moments.owner(row.order.organisation_id, hours=20), row.id, Party.ENTERPRISE)
        if number == 1:
            _object(moments, row)
    for proposal in matches[8:9]:
        _take_back(moments, service.announce(moments.officer("officer1", days=2), proposal.id))
    _set_level(moments)
    _declare(moments)


class _Moments:
    """Calls by named people some time ago."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def officer(self, box: str, **ago: float) -> Call:
        return self.by(db.session.scalars(select(Account).where(Account.email == f"{box}@{DOMAIN}")).one(), **ago)

    def owner(self, organisation_id: int, **ago: float) -> Call:
        held = AccountGrant.organisation_id == organisation_id, AccountGrant.role.in_(sorted(OWNERS))
        return self.by(_holder(*held), **ago)

    def lead(self, team_id: int, **ago: float) -> Call:
        return self.by(_holder(AccountGrant.team_id == team_id, AccountGrant.role == Role.TEAM_LEAD), **ago)

    def by(self, account: Account, **ago: float) -> Call:
        now: datetime = self.call.now - timedelta(**ago)
        return replace(self.call, actor=replace(actor_of(account), proved_at=now), now=now)


def _holder(*held: object) -> Account:
    query = select(Account).join(AccountGrant, AccountGrant.account_id == Account.id)
    return db.session.scalars(query.where(*held).order_by(Account.id).limit(1)).one()  # type: ignore[arg-type]


def _approved(run: Run) -> Iterator[Proposal]:
    query = select(Proposal).where(Proposal.run_id == run.id, Proposal.state == ProposalState.APPROVED)
    yield from db.session.scalars(query.order_by(Proposal.id))


def _to_contract(moments: _Moments, proposal: Proposal) -> None:
    """Published, confirmed by both and, after the standstill, handed to the contracts room."""
    row = service.announce(moments.officer("officer1", days=9, hours=-1), proposal.id)
    service.confirm(moments.owner(row.order.organisation_id, days=8), row.id, Party.ENTERPRISE)
    service.confirm(moments.lead(row.team_id, days=7, hours=3), row.id, Party.TEAM)
    service.start_contract(moments.officer("officer1", hours=30), row.id)


def _object(moments: _Moments, row: Award) -> None:
    """Two losing teams object: one objection is being examined, the other was answered and dismissed."""
    losers = db.session.scalars(
        select(Bid).where(Bid.order_id == row.order_id, Bid.state == BidState.LOST).order_by(Bid.id).limit(2)
    ).all()
    texts = ((Ground.QUALIFICATION, OBJECTION), (Ground.SCORING, CLOSED_OBJECTION))
    for number, (bid, (ground, text)) in enumerate(zip(losers, texts, strict=False)):
        terms = ComplaintTerms(ground, text, bid_id=bid.id)
        complaint = service.file_complaint(moments.lead(bid.team_id, hours=16 - number), row.id, terms)
        service.accept_complaint(moments.officer("officer1", hours=8), complaint.id)
        if number:
            found = FindingTerms(Finding.DISMISSED, ANSWER, SUMMARY)
            finding = service.answer_complaint(moments.officer("officer1", hours=4), complaint.id, found)
            service.approve_finding(moments.officer("officer2", hours=2), complaint.id, finding.content_hash)


def _take_back(moments: _Moments, row: Award) -> None:
    reversal = service.propose_undo(
        moments.officer("officer1", hours=20), row.id, ReversalTerms(FILE_REASON, PUBLIC_REASON)
    )
    service.approve_reversal(moments.officer("officer2", hours=18), reversal.id, reversal.content_hash)


def _set_level(moments: _Moments) -> None:
    terms = LevelTerms(LIMIT, Role.FUND_MANAGER, True, LEVEL_REASON)
    level = service.propose_level(moments.officer("officer1"), terms)
    service.approve_level(moments.officer("officer2"), level.id, level.content_hash)


def _declare(moments: _Moments) -> None:
    """A few declared relations: confirmed, new, and one whose name nobody could identify."""
    leads = db.session.scalars(
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(AccountGrant.role == Role.TEAM_LEAD)
        .order_by(Account.id)
        .limit(4)
    ).all()
    makers: list[tuple[RelationKind, EndKind, Callable[[], tuple[str, str]], str]] = [
        (RelationKind.CO_AUTHORS, EndKind.PERSON, lambda: _known(leads[3]), "2025年共同发表论文两篇，均为通讯作者。"),
        (
            RelationKind.FAMILY,
            EndKind.PERSON,
            lambda: ("周子衡", "榕湾市质量检测院"),
            "配偶，在检测机构任职，可能参与验收检测。",
        ),
        (RelationKind.SHARES, EndKind.ORGANISATION, _enterprise, "持有股权2%，见企业登记信息。"),
    ]
    for number, (account, (kind, other, named, evidence)) in enumerate(zip(leads, makers, strict=False)):
        name, place = named()
        near = End(EndKind.PERSON, account.person_id)
        terms = RelationTerms(kind, near, other, name, evidence, place)
        row = conflicts.declare(moments.by(account, days=6, hours=number), terms)
        if number == 0:
            conflicts.confirm(moments.officer("officer2", days=5), row.id)


def _known(account: Account) -> tuple[str, str]:
    """The name and the institution of somebody with an account."""
    place = db.session.scalar(
        select(Organisation.name)
        .join(AccountGrant, AccountGrant.organisation_id == Organisation.id)
        .where(AccountGrant.account_id == account.id)
        .limit(1)
    )
    return account.person.name, place or ""


def _enterprise() -> tuple[str, str]:
    """The enterprise that registered last: it has no order that this declaration could keep from a match."""
    newest = select(Organisation.name).where(Organisation.kind == OrganisationKind.ENTERPRISE)
    return db.session.scalars(newest.order_by(Organisation.id.desc()).limit(1)).one(), ""
