"""Many writers at one thing, in several processes of many threads each: what was done, what was refused, what went wrong.

A scenario is a module with three functions; it is named, not passed, because each process imports it afresh:

    prepare() -> int                       rows to fight over, on an empty database; returns the id everybody gets
    act(call, subject, writer) -> None     one attempt, through the real service; Refused is a refusal, all else an error
    judge(subject) -> Mapping[str, int]    what must be 0 afterwards, by name

Each attempt runs in an application context of its own, as a request does.
"""

from __future__ import annotations

import importlib
import multiprocessing
import threading
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import inspect, text

from marketplace.app import create_app
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.clock import system_clock
from marketplace.kernel.errors import Refused

START_UP = 120
"""Seconds in which every process must have started."""


@dataclass
class Writer:
    """One thread: its number, its own chance, and a place for what its scenario wants to remember."""

    number: int
    random: Random
    turn: int = 0
    memory: list[Any] = field(default_factory=list)


class Scenario(Protocol):
    def prepare(self) -> int: ...
    def act(self, call: Call, subject: int, writer: Writer, /) -> None: ...
    def judge(self, subject: int) -> Mapping[str, int]: ...


@dataclass(frozen=True)
class Plan:
    """``processes`` × ``threads`` writers for ``seconds`` on the database of ``url``; files go below ``folder``."""

    scenario: str
    folder: Path
    url: str
    processes: int = 4
    threads: int = 50
    seconds: float = 20


@dataclass
class Tally:
    """``done`` attempts, refusals by code, errors by their last line, and the milliseconds each attempt took."""

    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    milliseconds: list[int] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.done += other.done
        self.refused += other.refused
        self.errors += other.errors
        self.milliseconds += other.milliseconds

    @property
    def is_clean(self) -> bool:
        """Nothing that must be 0 is anything else, and no attempt failed otherwise than by a refusal."""
        return not self.errors and not any(self.wrong.values())

    def lines(self) -> list[str]:
        """Return the report, one fact a line."""
        times = self.milliseconds or [0]
        slow = quantiles(times, n=100)[-1] if len(times) > 1 else times[0]
        return [
            f"done        {self.done}",
            *(f"refused     {count} × {code}" for code, count in self.refused.most_common()),
            f"errors      {self.errors.total()}",
            *(f"  {count} × {words}" for words, count in self.errors.most_common(5)),
            f"attempts    median {median(times):.0f} ms, 99 % within {slow:.0f} ms, longest {max(times)} ms",
            *(f"{name:<11} {count}" for name, count in self.wrong.items()),
        ]


def run(plan: Plan) -> Tally:
    """Empty the database, prepare it, let the writers loose, judge what is left.

    Raises RuntimeError when the database holds tables already, or when a process does not start or end.
    """
    app = make_app(plan)
    with app.app_context():
        if inspect(db.engine).get_table_names():
            raise RuntimeError("the database is not empty: give a fresh one, its tables will be made")
        db.create_all()
        subject = scenario_of(plan).prepare()
        db.session.remove()
        db.engine.dispose()
    total = Tally()
    for part in _let_loose(plan, subject):
        total.add(part)
    with app.app_context():
        total.wrong = dict(scenario_of(plan).judge(subject))
        db.session.remove()
        db.engine.dispose()
    return total


def empty(url: str, folder: Path) -> None:
    """Drop everything in a PostgreSQL database (SQLite ones are fresh files). Only for databases made for measuring."""
    app = make_app(Plan("", folder, url))
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        db.engine.dispose()


def make_app(plan: Plan) -> Flask:
    """The application as it runs in production, on the plan's database."""
    return create_app(Config(instance=plan.folder, database_url=plan.url, secret_key="contention"))


def scenario_of(plan: Plan) -> Scenario:
    return importlib.import_module(plan.scenario)


def _let_loose(plan: Plan, subject: int) -> list[Tally]:
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(plan.processes), context.Queue()
    workers = [
        context.Process(target=_process, args=(plan, subject, number, barrier, results))
        for number in range(plan.processes)
    ]
    for worker in workers:
        worker.start()
    try:
        return [results.get(timeout=START_UP + plan.seconds + 120) for _ in workers]
    finally:
        for worker in workers:
            worker.join(timeout=10)
            worker.terminate()


def _process(plan: Plan, subject: int, number: int, barrier: Barrier, results: Queue[Tally]) -> None:
    app, scenario = make_app(plan), scenario_of(plan)
    tallies = [Tally() for _ in range(plan.threads)]
    writers = [Writer(number * plan.threads + i, Random(number * plan.threads + i)) for i in range(plan.threads)]
    barrier.wait(timeout=START_UP)
    deadline = time.monotonic() + plan.seconds
    threads = [
        threading.Thread(target=_write, args=(app, scenario, subject, writer, deadline, tally))
        for writer, tally in zip(writers, tallies, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    results.put(whole)


def _write(app: Flask, scenario: Scenario, subject: int, writer: Writer, deadline: float, tally: Tally) -> None:
    while time.monotonic() < deadline:
        writer.turn += 1
        began = time.monotonic()
        try:
            with app.app_context():
                scenario.act(Call(Actor.system(), system_clock(), f"w{writer.number}"), subject, writer)
            tally.done += 1
        except Refused as refused:
            tally.refused[refused.code] += 1
        except Exception as error:
            tally.errors[traceback.format_exception_only(error)[-1].strip()[:200]] += 1
        tally.milliseconds.append(round(1000 * (time.monotonic() - began)))
