"""A run from its frozen problem to proposals, reasons or an honest failure, with the real engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, NotFound
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Progress, Solution, Status
from marketplace.matching.verify import Report
from marketplace.rounds import gather, queries, record, service, solve
from marketplace.rounds.models import Proposal, Run, Unmatched
from marketplace.rounds.terms import BidTreatment, FundPick, RunTerms
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, Part, ProposalState, RunState, WhyNot
from tests.factories import Make
from tests.rounds.conftest import Scene, fresh


def unmatched(run: Run) -> dict[int, Unmatched]:
    return {row.order_id: row for row in db.session.scalars(select(Unmatched).filter_by(run_id=run.id))}


def scripted(answer: Callable[[Callable[[Progress], None], Callable[[], bool]], Solution]) -> Callable[..., Solution]:
    """A stand-in for the engine that may report progress and hear a cancel."""
    return lambda _problem, _settings, *, on_progress, cancelled: answer(on_progress, cancelled)


def test_a_run_matches_every_order_it_can_pay(scene: Scene) -> None:
    run = scene.run()
    assert (run.state, run.status, run.gap) == (RunState.SOLVED, "optimal", 0)
    assert run.problem_hash
    assert run.solution_hash
    for order, bid in zip(scene.orders, scene.bids, strict=True):
        proposal = scene.proposal(run, order)
        assert (proposal.bid_id, proposal.state) == (bid.id, ProposalState.SUGGESTED)
        assert [option.position for option in proposal.options] == list(range(len(proposal.options)))
        assert 1 <= len(proposal.options) <= 3
        for option in proposal.options:
            assert sum(part.amount for part in option.parts) == proposal.price


def test_the_first_option_is_the_optimisers_own(scene: Scene) -> None:
    run = scene.run()
    match = run.solution["matches"][0]  # type: ignore[index]
    options = scene.proposal(run, scene.orders[0]).options
    assert options[0].label == "chosen"
    assert {part.fund_id: part.amount for part in options[0].parts} == {
        (None if key == "own" else int(key[1:])): amount for key, amount in match["pay"].items() if amount
    }


def test_of_two_bids_the_better_one_is_proposed_and_the_team_works_only_once(scene: Scene, make: Make) -> None:
    team = make.team(capacity_days=60)
    first, second = scene.order(), scene.order()
    scene.bid(first, team=team, person_days=100, price=20_000_000)
    weak = scene.bid(second, team=team, person_days=100, price=20_000_000, answers=())
    run = scene.run()
    reasons = unmatched(run)
    assert set(reasons) == {second.id} or set(reasons) == {first.id}
    assert next(iter(reasons.values())).reason in {WhyNot.TEAM_FULL, WhyNot.OUTVALUED}
    assert weak.id


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"own_funds": 0}, WhyNot.PRICE_ABOVE_FUNDING), ({"own_funds": 30_000_000}, None)],
)
def test_an_order_without_a_match_says_why(scene: Scene, values: dict[str, Any], reason: WhyNot | None) -> None:
    order = scene.order(**values)
    scene.bid(order, price=40_000_000)
    told = unmatched(scene.run())
    assert (told[order.id].reason if order.id in told else None) == reason


def test_an_order_without_a_bid_says_so(scene: Scene) -> None:
    order = scene.order()
    assert unmatched(scene.run())[order.id].reason == WhyNot.NO_OFFER


def test_a_fund_that_runs_out_is_named_with_what_is_missing(scene: Scene) -> None:
    for order in scene.orders:
        order.own_funds = 18_000_000
    scene.make.save(*scene.orders)
    scene.bids[1].content.price = 30_000_000  # type: ignore[union-attr]
    scene.make.save(*scene.bids)
    row = scene.open()
    service.set_funds(scene.call, row.id, [FundPick(scene.fund.id, 15_000_000)])
    (missing,) = unmatched(scene.run()).values()
    assert missing.reason == WhyNot.FUND_EXHAUSTED
    assert missing.by == [f"f{scene.fund.id}"]
    assert missing.needs == {f"f{scene.fund.id}": 9_000_000}


def test_contradicting_demands_are_named_with_what_would_help(scene: Scene) -> None:
    order = scene.order(own_funds=0)
    scene.bid(order, price=40_000_000)
    row = scene.open()
    service.require_match(scene.call, row.id, order.id, True)
    run = scene.run()
    assert run.state is RunState.INFEASIBLE
    assert {"kind": "must_match", "of": [f"o{order.id}"]} in run.solution["conflict"]  # type: ignore[index]
    assert run.solution["repairs"]  # type: ignore[index]
    assert db.session.scalar(select(func.count(Proposal.id)).where(Proposal.run_id == run.id)) == 0


def test_a_bid_kept_out_is_not_proposed_and_a_required_one_is(scene: Scene, make: Make) -> None:
    better = scene.bid(scene.orders[0], price=20_000_000)
    row = scene.open()
    service.treat_bid(scene.call, row.id, BidTreatment(better.id, forbidden=True, reason="资质不符"))
    assert scene.proposal(scene.run(), scene.orders[0]).bid_id == scene.bids[0].id
    service.treat_bid(scene.call, row.id, BidTreatment(better.id, locked=True))
    assert scene.proposal(scene.run(), scene.orders[0]).bid_id == better.id


def test_a_round_without_orders_cannot_be_run(scene: Scene) -> None:
    scene.orders.clear()
    with pytest.raises(Conflict, match=r"rounds\.empty"):
        scene.run()


@pytest.fixture
def tampered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's answer reaches the record with one payment changed."""
    honest = solve.solve

    def changed(*args: Any, **kwargs: Any) -> Solution:
        found = honest(*args, **kwargs)
        first = found.matches[0]
        return replace(found, matches=(replace(first, pay={"own": 1}), *found.matches[1:]))

    monkeypatch.setattr(solve, "solve", changed)


@pytest.mark.usefixtures("tampered")
def test_the_twin_without_the_check_a_wrong_payment_would_be_stored(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind = SimpleNamespace(verify=lambda _problem, _solution: Report((), Fraction(0), None))
    monkeypatch.setattr(record, "verifying", blind)
    run = scene.run()
    assert run.state is RunState.SOLVED
    assert 1 in db.session.scalars(select(Proposal.price).where(Proposal.run_id == run.id)).all()


@pytest.mark.usefixtures("tampered")
def test_nothing_is_stored_of_an_answer_that_breaks_a_rule(scene: Scene) -> None:
    run = scene.run()
    assert run.state is RunState.FAILED
    assert run.reason.startswith("not_verified: ")
    assert run.solution is None
    assert db.session.scalar(select(func.count(Proposal.id)).where(Proposal.run_id == run.id)) == 0


def test_time_that_runs_out_before_anything_was_found_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solve, "solve", scripted(lambda _p, _c: Solution(Status.CANCELLED, None, None, 20.0)))
    run = scene.run()
    assert (run.state, run.reason) == (RunState.FAILED, "nothing_found")


def test_progress_is_written_and_a_cancel_keeps_the_best_so_far(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in finds the honest answer but cannot prove it; it stops when it is asked to."""
    honest, seen = solve.solve, []
    monkeypatch.setattr(solve, "REPORT_EVERY", 0.02)
    report = solve._report

    def noted(run_id: int, watch: Any, points: list[list[Any]]) -> None:
        report(run_id, watch, points)
        row = db.session.get_one(Run, run_id, populate_existing=True)
        seen.append((row.state, list(row.progress), row.bound))
        if points:
            service.cancel_run(scene.call, run_id)

    def slow(problem: Any, settings: Any, *, on_progress: Any, cancelled: Any) -> Solution:
        found = honest(problem, settings)
        on_progress(Progress(float(found.objective or 0), 5000.0, 0.5, 1.25))
        begun = time.monotonic()
        while not cancelled() and time.monotonic() - begun < 10:
            time.sleep(0.01)
        return replace(found, status=Status.CANCELLED, bound=(found.bound or 0) + 100)

    monkeypatch.setattr(solve, "solve", slow)
    monkeypatch.setattr(solve, "_report", noted)
    run = scene.run()
    running = [each for each in seen if each[1]]
    assert running[0][0] is RunState.RUNNING
    assert running[0][1][0][0] == 1.25
    assert running[0][2] == 5000.0
    assert run.state is RunState.CANCELLED
    assert run.cancel_asked
    assert run.gap is not None
    assert run.gap > 0
    assert scene.proposal(run, scene.orders[0]).state is ProposalState.SUGGESTED


def test_the_first_answer_is_written_when_it_is_there_and_not_at_the_next_look(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next look would come after a minute; the stand-in goes on only when somebody wrote its answer, or gives up."""
    honest, written = solve.solve, Event()
    report = solve._report

    def noted(run_id: int, watch: Any, points: list[list[Any]]) -> None:
        report(run_id, watch, points)
        written.set()

    def waiting(problem: Any, settings: Any, *, on_progress: Any, cancelled: Any) -> Solution:
        on_progress(Progress(None, 5000.0, None, 0.5))
        on_progress(Progress(1.0, 5000.0, 0.9, 1.25))
        written.wait(20)
        return honest(problem, settings)

    monkeypatch.setattr(solve, "FIRST_REPORT", 60)
    monkeypatch.setattr(solve, "solve", waiting)
    monkeypatch.setattr(solve, "_report", noted)
    run = scene.run()
    assert run.progress[0] == [1.25, 1.0, 5000.0]


def test_a_run_that_waits_is_cancelled_at_once_and_never_solved(scene: Scene, held: list[int]) -> None:
    run = scene.run()
    assert run.state is RunState.QUEUED
    service.cancel_run(scene.call, run.id)
    assert queue.perform(held[-1])
    run = fresh(run)
    assert run.state is RunState.CANCELLED
    assert run.solution is None


def test_a_run_cancelled_while_it_is_prepared_stays_cancelled(
    scene: Scene, held: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = scene.run()
    freeze = gather.freeze

    def overtaken(*args: Any) -> gather.Frozen:
        service.cancel_run(scene.call, run.id)
        return freeze(*args)

    monkeypatch.setattr(gather, "freeze", overtaken)
    assert queue.perform(held[-1])
    assert (fresh(run).state, fresh(run).solution) == (RunState.CANCELLED, None)


def test_an_answer_that_was_already_found_is_not_solved_again(scene: Scene) -> None:
    run = scene.run()
    before = run.solution_hash
    solve.solve_run(scene.make.call(), run.id)
    assert fresh(run).solution_hash == before


def test_a_job_whose_worker_died_is_taken_up_again(scene: Scene, held: list[int]) -> None:
    run = scene.run()
    frozen = gather.Frozen(Problem(), {})
    service.begin_run(scene.make.call(), run.id, frozen)  # the first worker got this far
    assert fresh(run).state is RunState.RUNNING
    assert queue.perform(held[-1])
    run = fresh(run)
    assert run.state is RunState.SOLVED
    assert run.problem == frozen.problem  # it solved what the first worker froze


def test_a_solver_that_keeps_failing_ends_the_run_with_a_reason(
    scene: Scene, held: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Solution:
        raise MemoryError

    monkeypatch.setattr(solve, "solve", broken)
    run = scene.run()
    for attempt in range(1, queue.MAX_ATTEMPTS + 1):
        if attempt < queue.MAX_ATTEMPTS:
            with pytest.raises(MemoryError):
                queue.perform(held[-1])
            assert fresh(run).state is RunState.RUNNING
        else:
            queue.perform(held[-1])
    run = fresh(run)
    assert (run.state, run.reason) == (RunState.FAILED, "solver_error: MemoryError")


def test_a_worker_killed_again_and_again_ends_the_run(scene: Scene, held: list[int]) -> None:
    run = scene.run()
    job = db.session.get_one(JobRun, held[-1])
    job.state, job.attempts = JobState.WAITING, queue.MAX_ATTEMPTS
    scene.make.save(job)
    queue.perform(held[-1])
    assert (fresh(run).state, fresh(run).reason) == (RunState.FAILED, "worker_died")


def test_the_same_round_gives_the_same_answer_twice(scene: Scene) -> None:
    """Without stability, whose bonus would make the second problem differ from the first."""
    scene.open(weights={**DEFAULT_WEIGHTS, Part.STABILITY: 0})
    first, second = scene.run(), scene.run()
    assert first.problem_hash == second.problem_hash
    assert [m["offer"] for m in first.solution["matches"]] == [m["offer"] for m in second.solution["matches"]]  # type: ignore[index]


def test_every_step_of_a_run_is_in_the_journal_once(scene: Scene) -> None:
    run = scene.run()
    commands = db.session.scalars(
        select(AuditRecord.command).where(AuditRecord.subject_kind == "run", AuditRecord.subject_id == run.id)
    ).all()
    assert commands == ["rounds.start_run", "rounds.begin_run", "rounds.finish_run"]


def test_a_stranger_cannot_start_see_or_cancel_a_run(scene: Scene, held: list[int], make: Make) -> None:
    run = scene.run()
    assert scene.round is not None
    stranger = make.call(make.owner(scene.orders[0].organisation))
    with pytest.raises(NotFound):
        queries.get_run(stranger, run.id)
    with pytest.raises(NotFound):
        service.cancel_run(stranger, run.id)
    with pytest.raises(NotFound):
        service.start_run(stranger, scene.round.id, RunTerms("x", 10))


def test_an_auditor_reads_and_does_not_run(scene: Scene, make: Make) -> None:
    row = scene.open()
    auditor = make.call(make.account(Role.AUDITOR))
    assert queries.get_round(auditor, row.id).id == row.id
    with pytest.raises(Forbidden):
        service.start_run(auditor, row.id, RunTerms("x", 10))
