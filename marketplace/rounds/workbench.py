"""A run as its reviewers see it: what was matched, who pays, who works, what was left and why. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.conflicts import queries as conflicts
from marketplace.conflicts.models import Relation
from marketplace.conflicts.workflow import LinkKind
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind
from marketplace.kernel.money import BASIS
from marketplace.orders.models import Order
from marketplace.rounds import answers, queries, sentences
from marketplace.rounds.keys import bid_key, order_key, quarter_of, row_of
from marketplace.rounds.models import FundingOption, Proposal, Run
from marketplace.rounds.names import Names
from marketplace.rounds.workflow import Dropped, Part, ProposalState
from marketplace.talent.models import Team
from marketplace.web.filters import in_language
from marketplace.web.words import label

BUSIEST = 12
GONE = frozenset({ProposalState.REJECTED, ProposalState.LAPSED})


class FundingPiece(NamedTuple):
    """What ``funding_bar`` draws."""

    kind: str
    label: str
    fen: int


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One match in the table: ``parts`` are (label, score 0..1000), ``sources`` who pays what (None = the enterprise itself).

    ``proposal`` is None as long as nobody kept the scenario it belongs to.
    """

    order: Order
    team: Team
    bid_id: int
    price: int
    value: int
    parts: list[tuple[str, int]]
    sources: list[tuple[Fund | None, int]]
    proposal: Proposal | None = None

    @property
    def paid(self) -> list[FundingPiece]:
        return [piece(fund, fen) for fund, fen in self.sources]

    @property
    def key(self) -> str:
        return order_key(self.order.id)


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    order: Order
    reason: str
    remedy: str
    again: bool


@dataclass(frozen=True, slots=True)
class FundRow:
    """A fund in the run (fen): what it had, and what the matches would take."""

    id: int
    name: str
    kind: str
    budget: int
    proposed: int

    @property
    def left(self) -> int:
        return self.budget - self.proposed


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's quarters: days asked by the matches and days that were free, by quarter."""

    key: str
    name: str
    quarters: Mapping[str, tuple[int, int]]

    @property
    def most(self) -> int:
        """The fullest quarter in basis points."""
        return max((used * BASIS // free if free else 0 for used, free in self.quarters.values()), default=0)


@dataclass(frozen=True, slots=True)
class DroppedRow:
    """A bid that could not take part; ``link`` is the key of the conflict of interest that two people may pass over."""

    order_id: int
    bid: str
    reason: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Workbench:
    run: Run
    orders: int
    matches: list[MatchRow]
    unmatched: list[UnmatchedRow]
    candidates: list[Proposal]
    dropped: list[DroppedRow]
    funds: list[FundRow]
    teams: list[TeamRow]
    value: int
    own: int
    total: int

    @property
    def by_source(self) -> list[FundingPiece]:
        """All money of the standing matches by kind of source, the enterprises' own first."""
        sums: dict[tuple[str, str], int] = {}
        for row in self.standing:
            for kind, name, fen in row.paid:
                key = (kind, name if kind == "own" else label(FundKind(kind)))
                sums[key] = sums.get(key, 0) + fen
        return [
            FundingPiece(kind, name, fen) for (kind, name), fen in sorted(sums.items(), key=lambda s: s[0][0] != "own")
        ]

    @property
    def standing(self) -> list[MatchRow]:
        return [row for row in self.matches if row.proposal is None or row.proposal.state not in GONE]

    @property
    def quarters(self) -> list[str]:
        return sorted({quarter for team in self.teams for quarter in team.quarters})


def open_workbench(run: Run) -> Workbench:
    """Read everything of one run in a fixed number of statements; of a scenario that nobody kept, from its answer alone."""
    problem, scores = run.problem or {}, run.scores or {}
    rows = queries.proposals_of(run.id) if run.kept else []
    unmatched = queries.unmatched_of(run.id) if run.kept else answers.lacking(run)
    dropped = scores.get("dropped", [])
    keys = sentences.keys_in(unmatched, run.solution or {}) | {team["id"] for team in problem.get("teams", [])}
    keys |= {f"b{each['bid']}" for each in dropped} | {f"o{each['order']}" for each in dropped}
    names = Names.of(keys)
    lacking = {row.order_id for row in unmatched}
    before = queries.unmatched_before(run.id, lacking)
    matches = [_match(row) for row in rows if row.bid_id is not None] if run.kept else _suggested(run)
    standing = [row for row in matches if row.proposal is None or row.proposal.state not in GONE]
    paid = [source for row in standing for source in row.sources]
    return Workbench(
        run=run,
        orders=len(problem.get("orders", [])),
        matches=matches,
        unmatched=[
            UnmatchedRow(
                row.order, sentences.unmatched(row, names), sentences.remedy(row, names), row.order_id in before
            )
            for row in unmatched
        ],
        candidates=sorted(
            (row for row in rows if row.capability_id is not None),
            key=lambda row: (row.order_id not in lacking, -row.value),
        ),
        dropped=[_dropped(each, names) for each in dropped],
        funds=_funds(problem, standing),
        teams=_teams(problem, {bid_key(row.bid_id) for row in standing}, names),
        value=sum(row.value for row in standing),
        own=sum(fen for fund, fen in paid if fund is None),
        total=sum(fen for _fund, fen in paid),
    )


def _dropped(told: Mapping[str, Any], names: Names) -> DroppedRow:
    reason = label(Dropped(told["why"]))
    if told.get("link"):
        kind = label(LinkKind(told["kind"]))
        reason = _("%(reason)s %(who)s: %(kind)s.", reason=reason, who=told["who"], kind=kind)
    name = f"{names[order_key(told['order'])]} · {names[bid_key(told['bid'])]}"
    return DroppedRow(told["order"], name, reason, told.get("link", ""))


def unidentified(bench: Workbench) -> Sequence[Relation]:
    """Declarations about a party of the matches that name somebody nobody has identified: no check can see them yet."""
    enterprises = {row.order.organisation_id for row in bench.standing}
    teams = {row.team.id for row in bench.standing}
    sides = conflicts.side_of_organisations(enterprises) | conflicts.side_of_teams(teams)
    return conflicts.unidentified(sides)


def option_of(proposal: Proposal) -> FundingOption:
    """The option that was proposed, else the optimiser's own."""
    return next((o for o in proposal.options if o.id == proposal.option_id), proposal.options[0])


def pieces(option: FundingOption) -> list[FundingPiece]:
    """An option as ``funding_bar`` draws it."""
    return [piece(part.fund, part.amount) for part in option.parts]


def piece(fund: Fund | None, fen: int) -> FundingPiece:
    if fund is None:
        return FundingPiece("own", _("Own money"), fen)
    return FundingPiece(fund.kind.value, in_language(fund), fen)


def score_parts(sheet: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(label(part), sheet.get("parts", {}).get(part.value, 0)) for part in Part]


def _match(proposal: Proposal) -> MatchRow:
    option = option_of(proposal)
    return MatchRow(
        proposal.order,
        proposal.team,
        proposal.bid_id or 0,
        proposal.price,
        proposal.value,
        score_parts(proposal.scores),
        [(part.fund, part.amount) for part in option.parts],
        proposal,
    )


def _suggested(run: Run) -> list[MatchRow]:
    """The matches of a scenario that has no proposals, the most valuable first."""
    sheets = (run.scores or {}).get("bids", {})
    rows = [
        MatchRow(
            each.bid.order,
            each.bid.team,
            each.bid.id,
            sum(each.pay.values()),
            sheets.get(bid_key(each.bid.id), {}).get("value", 0),
            score_parts(sheets.get(bid_key(each.bid.id), {})),
            each.sources(),
        )
        for each in answers.matched(run)
    ]
    return sorted(rows, key=lambda row: (-row.value, row.order.id))


def _funds(problem: Mapping[str, Any], standing: Sequence[MatchRow]) -> list[FundRow]:
    """Each fund of the run, its parts set aside for single enterprises included; the most used first."""
    budgets: Counter[int] = Counter()
    for fund in problem.get("funds", []):
        budgets[row_of(fund["id"])] += fund["budget"]
    proposed: Counter[int] = Counter()
    for row in standing:
        proposed.update({fund.id: fen for fund, fen in row.sources if fund is not None})
    funds = db.session.scalars(select(Fund).where(Fund.id.in_(budgets)).order_by(Fund.id))
    rows = [FundRow(f.id, in_language(f), f.kind.value, budgets[f.id], proposed[f.id]) for f in funds]
    return sorted(rows, key=lambda row: -row.proposed)


def _teams(problem: Mapping[str, Any], chosen: Collection[str], names: Names) -> list[TeamRow]:
    """The busiest teams and how full each quarter gets; other teams have room."""
    used: Counter[str] = Counter()
    for offer in problem.get("offers", []):
        if offer["id"] in chosen:
            used.update(offer["uses"])
    quarters: dict[str, dict[str, tuple[int, int]]] = {}
    for team in problem.get("teams", []):
        if team["id"] in used:
            whole, quarter = team["id"].partition("@")[0], quarter_of(team["id"])
            quarters.setdefault(whole, {})[quarter] = (used[team["id"]], team["capacity"])
    rows = [TeamRow(key, names[key], each) for key, each in sorted(quarters.items())]
    return sorted(rows, key=lambda row: -row.most)[:BUSIEST]


def score_of(run: Run, key: str) -> Mapping[str, Any] | None:
    """The score sheet of a bid in a run, None when it did not enter."""
    sheet: Mapping[str, Any] | None = (run.scores or {}).get("bids", {}).get(key)
    return sheet
