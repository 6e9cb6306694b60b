"""Two rounds, filled, solved and decided by the same services that officers use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.demo.society import DOMAIN
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun
from marketplace.kernel.call import Call
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import picks, service
from marketplace.rounds.models import Proposal, Run
from marketplace.rounds.service import SOLVE_JOB
from marketplace.rounds.service.scenarios import FRONTIER_PARTS
from marketplace.rounds.terms import BidTreatment, FundPick, RoundTerms, RunTerms, ScenarioTerms
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, Aim, ChangeKind, RunState

SECONDS = 3
TITLES = ("第一批研发订单统筹撮合", "第二批研发订单统筹撮合")
REJECTED = "企业来函说明该产品线拟外迁，请在下一轮重新评估。"
FORBIDDEN = "投标方主动来函说明项目负责人变动，建议本轮不予考虑。"
PAST = timedelta(days=9)
"""How long ago the first round was decided: its awards have come some way since."""
AIMS = {
    Aim.HIGHEST_VALUE: "撮合值最高",
    Aim.LEAST_PUBLIC: "公共资金最少",
    Aim.WIDEST: "覆盖订单最多",
    Aim.MOST_STABLE: "变动最少",
}
FUND_PART = 3
"""Each round may draw a third of what a fund holds, so that money runs out and the optimiser must choose."""

_REJECT_EVERY = 9
_WAIT_EVERY = 3


def decide(call: Call, seed: int) -> list[Run]:
    """Solve two rounds; the first is decided and closed, the second has matches that wait for their second person."""
    first, second = (_as_officer(call, box) for box in ("officer1", "officer2"))
    then = [
        replace(each, now=call.now - PAST, actor=replace(each.actor, proved_at=call.now - PAST))
        for each in (first, second)
    ]
    evaluating = db.session.scalars(
        select(Order.id).where(Order.state == OrderState.EVALUATING).order_by(Order.id)
    ).all()
    half = len(evaluating) // 2
    runs = [_solve(then[0], TITLES[0], list(evaluating[:half]), seed)]
    _decide_all(then[0], then[1], runs[0])
    service.close_round(then[0], runs[0].round_id)
    runs.append(_solve(first, TITLES[1], list(evaluating[half:]), seed + 1))
    _decide_some(first, second, runs[1])
    _ask(first, runs)
    return runs


def _ask(call: Call, runs: list[Run]) -> None:
    """Questions that wait for the first worker: the four aims, the frontier, one scenario, and why each order got what it got."""
    service.compare_aims(call, runs[1].id, dict(AIMS))
    service.draw_frontier(
        call,
        runs[1].id,
        {part: f"公共预算的 {part // 100}%" for part in FRONTIER_PARTS},
    )
    chosen = {match["offer"] for match in (runs[1].solution or {})["matches"]}
    loser = next(offer["id"] for offer in (runs[1].problem or {})["offers"] if offer["id"] not in chosen)
    change = {"kind": ChangeKind.LOCK.value, "of": loser}
    service.start_scenario(call, runs[1].id, ScenarioTerms("假如必须选第二名", [change]))
    for run in runs:
        service.plan_studies(call, run.id)


def _as_officer(call: Call, box: str) -> Call:
    account = db.session.scalars(select(Account).where(Account.email == f"{box}@{DOMAIN}")).one()
    return replace(call, actor=replace(actor_of(account), proved_at=call.now))


def _solve(call: Call, title: str, order_ids: list[int], seed: int) -> Run:
    terms = RoundTerms(title, None, DEFAULT_WEIGHTS, public_share_max=5000, at_least={"sme": 3}, time_limit=SECONDS)
    round_id = service.create_round(call, terms).id
    service.add_orders(call, round_id, order_ids)
    row = service.edit_round(call, round_id, terms)
    funds = [FundPick(fund.id, fund.available // FUND_PART) for fund in picks.pickable_funds(row)]
    service.set_funds(call, round_id, funds)
    _forbid_one(call, round_id)
    run_id = service.start_run(call, round_id, RunTerms("", SECONDS, seed)).id
    queue.perform(db.session.scalars(select(JobRun.id).filter_by(name=SOLVE_JOB, argument=run_id)).one())
    run = db.session.get_one(Run, run_id, populate_existing=True)
    if run.state is not RunState.SOLVED:
        raise RuntimeError(f"the run of {title} ended as {run.state}: {run.reason}")
    return run


def _forbid_one(call: Call, round_id: int) -> None:
    """Keep the bids of the order with the fewest out of the round, with a reason that their teams read."""
    by_order: dict[int, list[int]] = {}
    for each in picks.bids_in(round_id):
        by_order.setdefault(each.bid.order_id, []).append(each.bid.id)
    for bid_id in min(by_order.values(), key=len):
        service.treat_bid(call, round_id, BidTreatment(bid_id, forbidden=True, reason=FORBIDDEN))


def _matches(run: Run) -> list[Proposal]:
    query = select(Proposal).where(Proposal.run_id == run.id, Proposal.bid_id.is_not(None)).order_by(Proposal.id)
    return list(db.session.scalars(query))


def _decide_all(first: Call, second: Call, run: Run) -> None:
    for number, proposal in enumerate(_matches(run)):
        if number % _REJECT_EVERY == 4:
            service.reject(second, proposal.id, REJECTED)
        else:
            _approve(first, second, proposal)


def _decide_some(first: Call, second: Call, run: Run) -> None:
    """A third of the matches is approved, a third waits for the second person, a third for the first."""
    for number, proposal in enumerate(_matches(run)):
        if number % _WAIT_EVERY == 0:
            _approve(first, second, proposal)
        elif number % _WAIT_EVERY == 1:
            service.propose(first, proposal.id, proposal.options[0].id)


def _approve(first: Call, second: Call, proposal: Proposal) -> None:
    proposed = service.propose(first, proposal.id, proposal.options[0].id)
    service.approve(second, proposal.id, proposed.content_hash)
