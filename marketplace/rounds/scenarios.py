"""Reads of "what if": what can be changed, scenarios side by side, the frontier, and a matching by hand to start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from marketplace.bids.models import Bid
from marketplace.rounds import picks
from marketplace.rounds.answers import answer_of, bids_by_key
from marketplace.rounds.keys import order_key, row_of
from marketplace.rounds.models import Run
from marketplace.rounds.names import Names, group_name
from marketplace.rounds.told import bid_name, run_title
from marketplace.rounds.whatif.figures import Figures, measured
from marketplace.rounds.workflow import HAS_RESULT, ChangeKind, RunKind
from marketplace.web.filters import in_language, percent

SIDE_BY_SIDE = 4
MOST_TARGETS = 600
"""Lines of the list that helps typing a target; of larger rounds the rest is found by its number."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One column of the comparison: the run, what it comes to, and the best column in each respect."""

    run: Run
    name: str
    figures: Figures
    gap: Any


@dataclass(frozen=True, slots=True)
class HandRow:
    """An order, its bids to choose from as (key, name, price, value), and what is ticked at first."""

    key: str
    order: str
    bids: list[tuple[str, str, int, int]]
    chosen: str


def targets_of(run: Run) -> list[str]:
    """“key name” of everything a change can be about, for the list under the field."""
    problem = run.problem or {}
    orders = [order["id"] for order in problem.get("orders", [])]
    funds = [fund["id"] for fund in problem.get("funds", [])]
    teams = sorted({team["id"].partition("@")[0] for team in problem.get("teams", [])}, key=lambda key: (len(key), key))
    names = Names.of([*orders, *funds, *teams])
    groups = sorted({group for order in problem.get("orders", []) for group in order.get("groups", [])})
    bids = bids_by_key([offer["id"] for offer in problem.get("offers", [])][:MOST_TARGETS])
    told = [f"{key} {bid_name(bid)}" for key, bid in sorted(bids.items(), key=lambda each: each[1].id)]
    told += [f"{key} {names[key]}" for key in (*orders, *funds, *teams)]
    others = picks.addable_orders(run.round, {row_of(key) for key in orders})
    told += [_("%(key)s %(order)s (to add)", key=order_key(o.id), order=in_language(o, "title")) for o in others]
    return [*told[: 2 * MOST_TARGETS + picks.MOST_ADDABLE], *(f"{group} {group_name(group)}" for group in groups)]


def comparison(
    base: Run, runs: Sequence[Run], asked: Sequence[str] = (), most: int | None = SIDE_BY_SIDE
) -> list[Compared]:
    """The run itself and up to ``most`` scenarios, all measured with the run's own score sheets.

    Those ``asked`` for by number; else the four aims, or all of them when there is no limit.
    """
    ready = [run for run in runs if run.state in HAS_RESULT and run.solution is not None and run.objective is not None]
    wanted = {int(key) for key in asked if key.isascii() and key.isdigit() and len(key) < 19}
    chosen = [run for run in ready if run.id in wanted] or [run for run in ready if most is None or _aim(run)]
    before = answer_of(base)
    sheets = before.scores.get("bids", {})
    return [
        Compared(
            run, run_title(run) if run is not base else _("This run"), measured(answer_of(run), sheets, before), run.gap
        )
        for run in [base, *chosen[:most]]
    ]


def _aim(run: Run) -> bool:
    return any(change["kind"] == ChangeKind.AIM.value for change in run.changes)


def frontier_points(base: Run, runs: Sequence[Run]) -> dict[str, Any]:
    """The scatter of value against public money, the points of the frontier marked, and its table with links."""
    sheets = answer_of(base).scores.get("bids", {})
    ready = [run for run in [*runs, base] if run.state in HAS_RESULT and run.objective is not None]
    rows = [(run, measured(answer_of(run), sheets)) for run in ready]
    rows.sort(key=lambda row: (row[1].public, row[1].value))
    points, best = [], -1
    for run, figures in rows:
        points.append(
            {
                "name": percent(run.changes[0]["by"]) if run.kind is RunKind.FRONTIER else _("This run"),
                "x": figures.public,
                "y": figures.value,
                "frontier": figures.value > best,
                "chosen": run is base,
            }
        )
        best = max(best, figures.value)
    told = [
        {
            "label": run_title(run) if run is not base else _("This run"),
            "url": url_for("rounds.run", run_id=run.id),
            "public": figures.public,
            "value": figures.value,
            "matches": figures.matches,
            "run": run,
        }
        for run, figures in rows
    ]
    chart = {"x_label": _("Public money"), "x_unit": "fen", "y_label": _("Match value"), "y_unit": "", "points": points}
    return {"chart": chart, "rows": told, "count": len(runs)}


def handmade(run: Run, chosen: Mapping[str, str] | None = None) -> list[HandRow]:
    """Every order with its bids; ticked are those of ``chosen``, at first the run's own answer."""
    answer = answer_of(run)
    ticked = dict(chosen) if chosen is not None else answer.pairs
    offers: dict[str, list[Mapping[str, Any]]] = {}
    for offer in answer.problem.get("offers", []):
        offers.setdefault(offer["order"], []).append(offer)
    bids = bids_by_key(offer["id"] for listed in offers.values() for offer in listed)
    names = Names.of([order["id"] for order in answer.problem.get("orders", [])])
    return [
        HandRow(
            order["id"],
            names[order["id"]],
            [
                (offer["id"], _team(bids.get(offer["id"])), offer["price"], offer["value"])
                for offer in sorted(offers.get(order["id"], []), key=lambda each: -each["value"])
            ],
            ticked.get(order["id"], ""),
        )
        for order in answer.problem.get("orders", [])
    ]


def _team(bid: Bid | None) -> str:
    return in_language(bid.team) if bid is not None else ""
