"""Scenario: proposed matches wait for their second person, and one fund cannot pay them all.

Everybody approves, through the real service, whatever still waits: two approvals of one match meet, and so do different
matches at the fund's limit. The rows come from the makers of the tests; the proposals from a real run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from benchmarks import fund_limit
from benchmarks.contention import Writer
from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.audit import verify
from marketplace.db.base import db
from marketplace.funds.models import Fund, LedgerTransaction
from marketplace.funds.workflow import Movement
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun
from marketplace.kernel.call import Call
from marketplace.kernel.clock import system_clock
from marketplace.orders.workflow import OrderState
from marketplace.rounds import service
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Round
from marketplace.rounds.terms import FundPick, RoundTerms, RunTerms
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, ProposalState
from tests.factories import Make

MATCHES = 200
FITTING = 40
"""Per cent of the matches' money that the fund can still pay when the race begins."""

SECOND_OFFICERS = 8

INVARIANTS = frozenset({"journal", "ledger", "awards", "capacity"})
"""What the daily check must not find; the makers of the tests open bids without two people, which it would find."""


def prepare() -> int:
    """Propose MATCHES matches and let other obligations take most of the fund; return the fund's id."""
    make = Make(system_clock)
    alliance, first = make.alliance(), make.officer()
    for _ in range(SECOND_OFFICERS):
        make.officer()
    fund = make.fund(MATCHES * 20_000_000, share_max=4_000)
    enterprises = [make.enterprise(alliance=alliance) for _ in range(20)]
    teams = [make.team(capacity_days=100_000) for _ in range(20)]
    orders = []
    for number in range(MATCHES):
        order = make.order(enterprises[number % 20], OrderState.OPENED, alliance_id=alliance.id, own_funds=30_000_000)
        make.opened_bid(order, teams[number % 20], price=40_000_000)
        orders.append(order.id)
    call = make.call(first)
    terms = RoundTerms(title="竞争", alliance_id=None, weights=DEFAULT_WEIGHTS, time_limit=60)
    opened: Round = service.create_round(call, terms)
    service.add_orders(call, opened.id, orders)
    service.set_funds(call, opened.id, [FundPick(fund.id)])
    service.start_run(call, opened.id, RunTerms(label="一", time_limit=60))
    job = db.session.scalars(select(JobRun.id).where(JobRun.name == "rounds.solve")).one()
    queue.perform(job)
    for proposal_id, option_id in db.session.execute(_first_options()).all():
        service.propose(call, proposal_id, option_id)
    wanted = int(db.session.scalar(_wanted(fund.id, ProposalState.PROPOSED)) or 0)
    fund = db.session.get_one(Fund, fund.id, populate_existing=True)
    others = fund.available - wanted * FITTING // 100
    fund_limit.move(call, fund.id, Movement.RESERVE, others, "others")
    return fund.id


def act(call: Call, _subject: int, writer: Writer) -> None:
    """Approve one of the matches as one of the second persons."""
    if not writer.memory:
        writer.memory = [_officers(), db.session.execute(_waiting()).all()]
    officers, waiting = writer.memory
    proposal_id, seen = writer.random.choice(waiting)
    actor = replace(actor_of(db.session.get_one(Account, writer.random.choice(officers))), proved_at=call.now)
    service.approve(Call(actor, call.now, call.request_id), proposal_id, seen)


def judge(subject: int) -> Mapping[str, int]:
    """Beside what ``fund_limit`` judges: ``unpaid``, fen of approved matches that the ledger did not reserve (or too much),
    and ``contradictions``, what the daily check of the whole site finds of INVARIANTS.
    """
    db.session.rollback()
    fund = db.session.get_one(Fund, subject)
    approved = int(db.session.scalar(_wanted(subject, ProposalState.APPROVED)) or 0)
    reserved = db.session.scalar(
        select(func.sum(LedgerTransaction.amount)).where(
            LedgerTransaction.fund_id == subject, LedgerTransaction.subject_kind == "proposal"
        )
    )
    return {
        "over": max(0, int(reserved or 0) + _others(subject) - fund.budget),
        "drift": fund_limit.judge(subject)["drift"],
        "unbalanced": fund_limit.judge(subject)["unbalanced"],
        "unpaid": abs(approved - int(reserved or 0)),
        "contradictions": sum(finding.invariant in INVARIANTS for finding in verify.findings()),
    }


def _others(fund_id: int) -> int:
    return db.session.scalars(
        select(LedgerTransaction.amount).filter_by(fund_id=fund_id, subject_kind="benchmark")
    ).one()


def _officers() -> Sequence[int]:
    """Accounts of the second persons: the first officer proposed everything."""
    return db.session.scalars(select(Account.id).order_by(Account.id).offset(1).limit(SECOND_OFFICERS)).all()


def _first_options() -> Any:
    return (
        select(Proposal.id, func.min(FundingOption.id))
        .join(FundingOption, FundingOption.proposal_id == Proposal.id)
        .where(Proposal.bid_id.is_not(None))
        .group_by(Proposal.id)
        .order_by(Proposal.id)
    )


def _waiting() -> Any:
    return select(Proposal.id, Proposal.content_hash).where(Proposal.content_hash != "").order_by(Proposal.id)


def _wanted(fund_id: int, state: ProposalState) -> Any:
    """Fen that matches in ``state`` take from the fund."""
    return (
        select(func.sum(FundingPart.amount))
        .join(FundingOption, FundingPart.option_id == FundingOption.id)
        .join(Proposal, Proposal.option_id == FundingOption.id)
        .where(FundingPart.fund_id == fund_id, Proposal.state == state)
    )
