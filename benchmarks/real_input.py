"""The main job on real input: ``python -m benchmarks.real_input [--needs 371] [--teams 120] [--seconds 60]``.

371 needs of enterprises become orders and 7,376 technology results evidence of teams, through the same use cases as
``flask import``; the best-ranked teams bid and committees judge them; a round is run by the real engine, and two officers
approve its matches. The data is read where it lies (``TRIPOOL_DATA``, or ``../shared/data`` beside the checkout), into a
database in a temporary folder. Bids and scores are made up: a plan is the titles of the team's own best results, price and time
are drawn from a fixed seed, and points follow how well the team's results answer the need.
docs/real-input.md says what came out.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from benchmarks.relevance_data import data_folder
from marketplace.accounts.models import Account
from marketplace.app import create_app
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.evaluation import service as evaluation
from marketplace.evaluation.queries import judged_bids
from marketplace.imports import files, needs, results, service
from marketplace.imports.terms import NeedsTerms, ResultsTerms, Row
from marketplace.kernel.errors import Conflict
from marketplace.orders import lifecycle
from marketplace.orders.models import Order
from marketplace.rounds import service as rounds
from marketplace.rounds.gather import rank
from marketplace.rounds.gather.fit import OrderFit, Piece, Texts
from marketplace.rounds.models import Proposal, Run, Unmatched
from marketplace.rounds.terms import FundPick, RoundTerms, RunTerms
from marketplace.rounds.workflow import DEFAULT_WEIGHTS
from marketplace.talent.models import Capability, Evidence, Team
from marketplace.talent.queries import capability_documents
from tests.factories import Make

START = datetime(2027, 1, 12, 2, tzinfo=UTC)
DAYS_TO_BID = 20
ENTERPRISES = 60
BIDS_PER_ORDER = 3
EXPERTS = 3
SUBSIDY = 2_000_000_000  # fen
GOOD_LEVEL = 3
"""From this level on an expert called a result an answer to a need (1 weak to 4 strong)."""


@dataclass
class Clock:
    """The story's time; it moves past the deadline by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Report:
    """What came out: ``seconds`` by step, counts, and how the teams that won compare with the experts' judgements."""

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    unmatched: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    run: str = ""
    odd: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


@dataclass
class Story:
    """One telling of it in an application context."""

    make: Make
    clock: Clock
    folder: Path
    report: Report = field(default_factory=Report)
    needs_of: dict[int, str] = field(default_factory=dict)

    def tell(self, most_needs: int, most_results: int, teams: int, seconds: int) -> Report:
        alliance = self.make.alliance(code="REAL")
        enterprises = [self.make.enterprise(alliance=alliance).uscc for _ in range(ENTERPRISES)]
        with self.report.step("import needs"):
            rows = self._read("needs.jsonl", needs.COLUMNS, most_needs)
            owned = [
                replace(row, cells={**row.cells, "organisation": enterprises[n % ENTERPRISES]})
                for n, row in enumerate(rows)
            ]
            orders = service.import_needs(self.make.call(), owned, NeedsTerms("REAL", days=DAYS_TO_BID), "-")
        self.needs_of = {order.id: row.cells["id"] for order, row in zip(orders, rows, strict=True)}
        with self.report.step("import results"):
            found = self._read("achievements.jsonl", results.COLUMNS, most_results)
            terms = ResultsTerms(self.make.university(name="示例大学").uscc, teams)
            capabilities = service.import_results(self.make.call(), found, terms, "-")
        taking = [order for order in orders if order.published_at is not None]
        counts = self.report.counts
        counts |= {"needs": len(orders), "orders taking bids": len(taking), "results": len(found)}
        counts |= {"capabilities": len(capabilities), "teams": teams}
        with self.report.step("rank teams for every order"):
            fits = rank(self._texts(taking))
        with self.report.step("write bids and open them"):
            counts["bids"] = self._bid(taking, fits)
        bid_on = [order for order in taking if fits[order.id].teams]
        with self.report.step("committees judge the bids"):
            self._committees(bid_on, fits)
        self._round(bid_on, seconds)
        return self.report

    def _read(self, name: str, columns: frozenset[str], most: int) -> list[Row]:
        rows, troubles = files.read(self.folder / "technology_needs" / name, columns, frozenset())
        if troubles:
            raise SystemExit(f"{name}: {troubles[0]}")
        return rows[:most]

    def _texts(self, orders: list[Order]) -> Texts:
        pieces = tuple(
            Piece(row.capability_id, row.team_id, row.text, row.kind, row.year)
            for row in capability_documents(self.make.call().actor)
        )
        return Texts({order.id: f"{order.title}\n{order.problem}" for order in orders}, {}, pieces, START.year)

    def _bid(self, orders: list[Order], fits: dict[int, OrderFit]) -> int:
        """The best-ranked teams bid; after the deadline everything is open."""
        rng = random.Random(2027)
        start_on = (START + timedelta(days=DAYS_TO_BID + 60)).date()
        made = 0
        self.clock.now = START + timedelta(days=DAYS_TO_BID + 1)
        call = self.make.call()
        for order in orders:
            for team in list(fits[order.id].teams.values())[:BIDS_PER_ORDER]:
                self.make.opened_bid(
                    order,
                    db.session.get_one(Team, team.team_id),
                    plan="拟以下列成果为基础开展研发：" + "；".join(piece.title for piece in team.pieces[:3]),
                    price=(order.price_ceiling or 0) * rng.randint(60, 95) // 100,
                    months=rng.randint(6, 10),
                    start_on=start_on,
                    person_days=rng.randint(60, 160),
                )
                made += 1
            lifecycle.move(call, order, "open_bids")
        db.session.commit()
        return made

    def _committees(self, orders: list[Order], fits: dict[int, OrderFit]) -> None:
        """Three experts without an interest score each order's bids, near to how well the teams' results answer it."""
        rng = random.Random(2027)
        officer, experts = self.make.officer(), [self.make.account() for _ in range(EXPERTS)]
        for order in orders:
            for expert in experts:
                seat = evaluation.appoint(self.make.call(officer), order.id, expert.email, expert=True)
                evaluation.accept_seat(self.make.call(expert), seat.evaluation_id)
            begun = evaluation.begin_scoring(self.make.call(officer), order.id)
            for expert in experts:
                for bid in judged_bids(order):
                    level = 40 + round(50 * min(1.0, fits[order.id].teams[bid.team_id].score)) + rng.randint(-5, 5)
                    points = {criterion.id: level for criterion in begun.criteria}
                    evaluation.save_scores(self.make.call(expert), begun.id, bid.id, points)
                evaluation.submit_scores(self.make.call(expert), begun.id)
            evaluation.lock_scores(self.make.call(officer), order.id)

    def _round(self, orders: list[Order], seconds: int) -> None:
        first, second = self.make.officer(), self.make.officer()
        fund = self.make.fund(SUBSIDY, share_max=4_000)
        terms = RoundTerms("真实需求轮次", None, DEFAULT_WEIGHTS, time_limit=seconds)
        round_id = rounds.create_round(self.make.call(first), terms).id
        rounds.add_orders(self.make.call(first), round_id, [order.id for order in orders])
        rounds.set_funds(self.make.call(first), round_id, [FundPick(fund.id)])
        with self.report.step("run the round"):
            queued = rounds.start_run(self.make.call(first), round_id, RunTerms("真实需求", seconds))
        run = db.session.get_one(Run, queued.id, populate_existing=True)
        gap = "none" if run.gap is None else f"{100 * run.gap:.3f} %"
        self.report.run = f"{run.state}, status {run.status}, gap {gap}, {run.seconds or 0:.1f} s in the engine"
        query = select(Proposal.id).where(Proposal.run_id == run.id, Proposal.bid_id.is_not(None))
        matched = list(db.session.scalars(query.order_by(Proposal.id)))
        self.report.counts["matched"] = len(matched)
        self.report.unmatched.update(db.session.scalars(select(Unmatched.reason).where(Unmatched.run_id == run.id)))
        with self.report.step("propose and approve"):
            self.report.counts["approved"] = sum(self._approved(each, first, second) for each in matched)
        self._judge(matched)

    def _approved(self, proposal_id: int, first: Account, second: Account) -> bool:
        proposal = db.session.get_one(Proposal, proposal_id)
        try:
            proposed = rounds.propose(self.make.call(first), proposal_id, proposal.options[0].id)
            rounds.approve(self.make.call(second), proposal_id, proposed.content_hash)
        except Conflict as refused:
            self.report.refused[refused.code] += 1
            return False
        return True

    def _judge(self, matched: list[int]) -> None:
        """Of the matched needs that experts judged: how often the winner holds a result they called an answer."""
        good: dict[str, set[str]] = {}
        judgements = (self.folder / "technology_needs" / "judgements.tsv").read_text(encoding="utf-8")
        for line in judgements.splitlines()[1:]:
            need, result, level = line.split("\t")
            if int(level) >= GOOD_LEVEL:
                good.setdefault(need, set()).add(result)
        holds: dict[int, set[str]] = {}
        for team, reference in db.session.execute(
            select(Capability.team_id, Evidence.reference).join(Evidence, Evidence.capability_id == Capability.id)
        ):
            holds.setdefault(team, set()).add(reference)
        judged = hits = 0
        chance = 0.0
        for proposal in db.session.scalars(select(Proposal).where(Proposal.id.in_(matched))):
            answers = good.get(self.needs_of[proposal.order_id], set()) & set().union(*holds.values())
            if answers:
                judged += 1
                hit = bool(answers & holds.get(proposal.team_id, set()))
                hits += hit
                chance += sum(bool(answers & held) for held in holds.values()) / len(holds)
                if not hit and len(self.report.odd) < 8:
                    self.report.odd.append(f"{proposal.order.reference}, value {proposal.value}")
        self.report.counts |= {"matched and judged": judged, "winner holds a good answer": hits}
        self.report.counts["the same by chance"] = round(chance)


def application(folder: Path, clock: Clock) -> Flask:
    """A whole application on an empty SQLite database in ``folder``; jobs are done at once."""
    config = Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'real.db'}",
        secret_key="real-input",
        testing=True,
        jobs_inline=True,
        opener_key=folder / "private.key",
    )
    return create_app(config, clock)


def tell(folder: Path, data: Path, *, most_needs: int, most_results: int, teams: int, seconds: int) -> Report:
    """Run the story in ``folder`` over the data in ``data``."""
    clock = Clock()
    app = application(folder, clock)
    with app.app_context():
        db.create_all()
        report = Story(Make(clock), clock, data).tell(most_needs, most_results, teams, seconds)
        db.session.remove()
        db.engine.dispose()
    return report


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--needs", type=int, default=371)
    parser.add_argument("--results", type=int, default=7_376)
    parser.add_argument("--teams", type=int, default=120)
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    data = data_folder()
    if data is None or not (data / "technology_needs").is_dir():
        raise SystemExit("NOT RUN: no technology_needs. Set TRIPOOL_DATA, or put the data into ../shared/data.")
    with tempfile.TemporaryDirectory() as folder:
        report = tell(
            Path(folder),
            data,
            most_needs=asked.needs,
            most_results=asked.results,
            teams=asked.teams,
            seconds=asked.seconds,
        )
    for name, count in report.counts.items():
        print(f"{name}: {count}")
    print(f"run: {report.run}")
    print(f"unmatched: {dict(report.unmatched)}; refused: {dict(report.refused)}; odd: {report.odd}")
    for name, seconds in report.seconds.items():
        print(f"{name}: {seconds:.1f} s")


if __name__ == "__main__":
    main()
