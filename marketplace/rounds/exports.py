"""A run's tables as CSV and XLSX: the same rows as on the page. No cell can become a formula, whoever chose its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from marketplace.funds.exports import Cell, as_csv, as_xlsx
from marketplace.kernel.money import yuan
from marketplace.rounds import standing, told
from marketplace.rounds.fairness import fairness_of
from marketplace.rounds.findings import levers, rules, ties
from marketplace.rounds.models import Run
from marketplace.rounds.queries import scenarios_of, studies_of
from marketplace.rounds.scenarios import comparison, frontier_points
from marketplace.rounds.workbench import open_workbench
from marketplace.rounds.workflow import RunKind, StudyKind
from marketplace.web.filters import in_language
from marketplace.web.words import label

Lines = tuple[list[str], list[list[Cell]]]

__all__ = ["TABLES", "as_csv", "as_xlsx", "lines_of"]


def lines_of(run: Run, table: str) -> Lines:
    """Headings and lines of one of ``TABLES``."""
    return TABLES[table](run)


def _matches(run: Run) -> Lines:
    head = [_("Number"), _("Order"), _("Enterprise"), _("Team"), _("Organisation"), _("Price (yuan)"), _("Value")]
    head += [_("Own money (yuan)"), _("Funds"), _("Funds (yuan)"), _("State")]
    lines: list[list[Cell]] = []
    for row in open_workbench(run).matches:
        own = sum(fen for fund, fen in row.sources if fund is None)
        funds = [(fund, fen) for fund, fen in row.sources if fund is not None]
        lines.append(
            [
                row.order.reference,
                in_language(row.order, "title"),
                in_language(row.order.organisation),
                in_language(row.team),
                in_language(row.team.organisation),
                yuan(row.price),
                row.value,
                yuan(own),
                "; ".join(in_language(fund) for fund, _fen in funds),
                yuan(sum(fen for _fund, fen in funds)),
                label(row.proposal.state) if row.proposal else "",
            ]
        )
    return head, lines


def _unmatched(run: Run) -> Lines:
    head = [_("Number"), _("Order"), _("Why it got nothing"), _("What would help")]
    rows = open_workbench(run).unmatched
    return head, [[r.order.reference, in_language(r.order, "title"), r.reason, r.remedy] for r in rows]


def _funds(run: Run) -> Lines:
    head = [_("Fund"), _("Budget (yuan)"), _("Proposed (yuan)"), _("Left (yuan)")]
    return head, [[r.name, yuan(r.budget), yuan(r.proposed), yuan(r.left)] for r in open_workbench(run).funds]


def _teams(run: Run) -> Lines:
    head = [_("Team"), _("Quarter"), _("Person-days taken"), _("Person-days free before")]
    rows = open_workbench(run).teams
    return head, [[team.name, q, used, free] for team in rows for q, (used, free) in sorted(team.quarters.items())]


def _rules(run: Run) -> Lines:
    head = [_("Rule"), _("Value without it"), _("More matches"), _("More public money (yuan)")]
    found = rules(studies_of(run.id).get((StudyKind.RULES, "")))
    return head, [[r["name"], round(r["value"]), r["matches"], yuan(r["public"])] for r in found.rows]


def _candidates(run: Run) -> Lines:
    head = [_("Team"), _("Organisation"), _("Capability"), _("For the order"), _("Fit")]
    head += [_("Usual price from (yuan)"), _("Usual price to (yuan)"), _("In common"), _("Invitation")]
    lines: list[list[Cell]] = [
        [
            in_language(row.team),
            in_language(row.team.organisation),
            in_language(row.capability, "title"),
            in_language(row.order, "title"),
            row.value,
            yuan(row.scores["price_from"]),
            yuan(row.scores["price_to"]),
            "; ".join(row.scores["words"]),
            label(row.state),
        ]
        for row in open_workbench(run).candidates
    ]
    return head, lines


def _dropped(run: Run) -> Lines:
    return [_("Bid"), _("Why it could not take part")], [[r.bid, r.reason] for r in open_workbench(run).dropped]


def _since(run: Run) -> Lines:
    before = told.before(run)
    return _moves(told.difference_between(before, run) if before is not None else None)


def _approved(run: Run) -> Lines:
    found = standing.against_approved(run)
    return _moves(found.delta if found is not None else None)


def _moves(delta: told.DeltaRows | None) -> Lines:
    """Every order whose match changes; money and value as differences."""
    head = [_("What changes"), _("Order"), _("before"), _("after"), _("Value")]
    head += [_("Public money (yuan)"), _("Own money (yuan)")]
    lines: list[list[Cell]] = [
        [name, row.order, row.before, row.after, row.value, yuan(row.public), yuan(row.own)]
        for rows, name in (delta.kinds if delta is not None else ())
        for row in rows
    ]
    return head, lines


def _scenarios(run: Run) -> Lines:
    head = [_("Scenario"), _("Orders matched"), _("Orders"), _("Match value"), _("Public money (yuan)")]
    head += [_("Own money (yuan)"), _("Unchanged")]
    listed = comparison(run, scenarios_of(run.id), most=None)
    lines: list[list[Cell]] = [
        [c.name, f.matches, f.orders, f.value, yuan(f.public), yuan(f.own), f.stable]
        for c, f in ((each, each.figures) for each in listed)
    ]
    return head, lines


def _frontier(run: Run) -> Lines:
    head = [_("Point"), _("Public money (yuan)"), _("Match value"), _("Orders matched")]
    rows = frontier_points(run, scenarios_of(run.id, RunKind.FRONTIER))["rows"]
    return head, [[r["label"], yuan(r["public"]), r["value"], r["matches"]] for r in rows]


def _equals(run: Run) -> Lines:
    found = ties(studies_of(run.id).get((StudyKind.TIES, "")))
    return [_("Bid"), _("State")], [[r["name"], _("in this answer") if r["chosen"] else ""] for r in found.rows]


def _levers(run: Run) -> Lines:
    found = levers(studies_of(run.id).get((StudyKind.LEVERS, "")))
    return [_("What a little more would do")], [[r["sentence"]] for r in found.rows]


def _fairness(run: Run) -> Lines:
    head = [
        _("Report"),
        _("Group"),
        _("Tried"),
        _("Succeeded"),
        _("Money (yuan)"),
        _("Public money (yuan)"),
        _("Remark"),
    ]
    lines: list[list[Cell]] = [
        [caption, g.name, g.tried, g.won, yuan(g.money), yuan(g.public), g.remark]
        for _key, caption, groups in fairness_of(run).tables
        for g in groups
    ]
    return head, lines


TABLES: Mapping[str, Callable[[Run], Lines]] = {
    "matches": _matches,
    "unmatched": _unmatched,
    "funds": _funds,
    "teams": _teams,
    "rules": _rules,
    "candidates": _candidates,
    "dropped": _dropped,
    "since": _since,
    "approved": _approved,
    "scenarios": _scenarios,
    "frontier": _frontier,
    "equals": _equals,
    "levers": _levers,
    "fairness": _fairness,
}
