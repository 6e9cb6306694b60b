"""A job is done at least once: leases, retries, and a sweep for what was forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Call
from tests.conftest import Clock
from tests.factories import Make


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int | None]]:
    """The arguments of the jobs done; ``bad`` fails."""
    finished: list[int | None] = []

    def bad(call: Call, argument: int | None) -> None:
        raise OSError("no line")

    monkeypatch.setattr(queue, "_JOBS", {"good": lambda _call, argument: finished.append(argument), "bad": bad})
    monkeypatch.setattr(queue, "_EACH_MINUTE", [])
    return finished


@use_case
def ask(call: Call, name: str, argument: int | None = None, *, fails: bool = False) -> int:
    row = queue.enqueue(call, name, argument)
    audit.record(call, "test.ask", "job", row.id)
    if fails:
        raise OSError("the use case failed")
    return row.id


def row_of(key: int) -> JobRun:
    row = db.session.get(JobRun, key, populate_existing=True)
    assert row is not None
    return row


@pytest.fixture
def asleep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody is awake: the keys that were to wake somebody."""
    woken: list[int] = []
    monkeypatch.setitem(app.extensions, "wake", woken.append)
    return woken


def test_a_job_is_done_after_its_use_case_committed(make: Make, done: list[int | None]) -> None:
    key = ask(make.call(), "good", 7)
    assert done == [7]
    row = row_of(key)
    assert (row.state, row.attempts, row.lease_until, row.finished_at) == (JobState.DONE, 1, None, make.clock())


def test_a_use_case_that_fails_leaves_no_job_and_wakes_nobody(
    make: Make, done: list[int | None], asleep: list[int]
) -> None:
    with pytest.raises(OSError, match="the use case failed"):
        ask(make.call(), "good", fails=True)
    assert (asleep, db.session.query(JobRun).count()) == ([], 0)


def test_a_job_that_nobody_registered_is_refused(make: Make, done: list[int | None]) -> None:
    with pytest.raises(LookupError, match="unknown"):
        ask(make.call(), "unknown")


def test_a_job_is_done_once_however_often_somebody_is_woken(
    make: Make, done: list[int | None], asleep: list[int]
) -> None:
    key = ask(make.call(), "good", 7)
    assert [queue.perform(key), queue.perform(key), queue.perform(key + 1)] == [True, False, False]
    assert done == [7]


def test_a_leased_job_is_left_to_its_worker_until_the_lease_runs_out(
    make: Make, clock: Clock, done: list[int | None], asleep: list[int]
) -> None:
    key = ask(make.call(), "good", 7)
    assert queue._claim(key, clock.now) is not None  # the worker that dies
    clock.advance(minutes=1)
    assert (queue.sweep(), queue.perform(key)) == (0, False)
    clock.advance(minutes=1, seconds=1)
    assert queue.sweep() == 1
    assert queue.perform(key)
    assert (done, row_of(key).attempts) == ([7], 2)


def test_a_long_job_keeps_its_lease_by_renewing_it(
    make: Make, clock: Clock, done: list[int | None], asleep: list[int]
) -> None:
    key = ask(make.call(), "good", 7)
    queue._claim(key, clock.now)
    clock.advance(seconds=100)
    queue.renew("good", 7)
    assert row_of(key).lease_until == clock.now + queue.LEASE
    clock.advance(seconds=100)
    assert not queue.perform(key)


def test_a_failing_job_is_tried_again_and_given_up_in_the_end(
    app: Flask, make: Make, done: list[int | None], asleep: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    key = ask(make.call(), "bad")
    for attempt in range(1, queue.MAX_ATTEMPTS):
        assert queue.perform(key)
        assert (row_of(key).state, row_of(key).attempts) == (JobState.WAITING, attempt)
    assert queue.perform(key)
    row = row_of(key)
    assert (row.state, row.attempts, row.error) == (JobState.FAILED, queue.MAX_ATTEMPTS, "OSError: no line")
    assert (queue.perform(key), queue.sweep()) == (False, 0)


def test_the_sweep_wakes_somebody_for_every_forgotten_job(
    make: Make, done: list[int | None], asleep: list[int]
) -> None:
    keys = [ask(make.call(), "good", n) for n in range(3)]
    asleep.clear()
    queue.perform(keys[1])
    assert queue.sweep() == 2
    assert asleep == [keys[0], keys[2]]


def test_one_broken_minute_function_does_not_stop_the_others(context: Flask, done: list[int | None]) -> None:
    seen: list[timedelta] = []

    def broken(call: Call) -> None:
        raise OSError("no line")

    queue.each_minute(broken)
    queue.each_minute(lambda call: seen.append(call.now - call.now))
    queue.tick()
    assert len(seen) == 1


@pytest.mark.parametrize("patient", [True, False])
def test_a_patient_job_leaves_the_worker_to_others_while_another_one_is_done(
    make: Make, done: list[int | None], asleep: list[int], monkeypatch: pytest.MonkeyPatch, patient: bool
) -> None:
    monkeypatch.setattr(queue, "_PATIENT", {"good"} if patient else set())
    key = ask(make.call(), "good", 7)
    with queue._one_at_a_time:
        queue.attend(key)
    assert done == ([] if patient else [7])
    queue.attend(key)
    assert done == [7]


def test_the_end_of_a_patient_job_wakes_the_newest_that_waits(
    make: Make, done: list[int | None], asleep: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_PATIENT", {"good"})
    keys = [ask(make.call(), "good", argument) for argument in (1, 2, 3)]
    asleep.clear()
    queue.attend(keys[0])
    assert (done, asleep) == ([1], [keys[2]])
    queue.attend(keys[2])
    queue.attend(keys[1])
    assert (done, asleep) == ([1, 3, 2], [keys[2], keys[1]])


def test_a_patient_job_that_fails_is_not_tried_again_at_once(
    make: Make, app: Flask, done: list[int | None], asleep: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "_PATIENT", {"bad"})
    monkeypatch.setitem(app.config, "TESTING", False)
    key = ask(make.call(), "bad")
    asleep.clear()
    queue.attend(key)
    assert (row_of(key).state, asleep) == (JobState.WAITING, [])
