"""What the pages of a run draw: the gap as it closes, the flow of money, a page of matches in the asked order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from marketplace.rounds.models import Run
from marketplace.rounds.names import team_names
from marketplace.rounds.workbench import MatchRow
from marketplace.web.filters import in_language, number
from marketplace.web.pages import Page, page_number

WIDTH, HEIGHT = 640, 180
MOST_FLOWS = 9
"""Orders with an arrow of their own; the rest of the money flows together."""
PAGE = 50
SORTS: Mapping[str, Callable[[MatchRow], Any]] = {
    "order": lambda row: in_language(row.order, "title"),
    "team": lambda row: in_language(row.team),
    "price": lambda row: row.price,
    "value": lambda row: row.value,
    "state": lambda row: row.proposal.state.value if row.proposal else "",
}


def page_of(rows: Sequence[MatchRow], text: str, sort: str, descending: bool) -> Page[MatchRow]:
    """The matches that hold the text, in the asked order, fifty at a time."""
    wanted = text.casefold()
    found = [row for row in rows if not wanted or wanted in _text_of(row)]
    found.sort(key=SORTS[sort], reverse=descending)
    last = max(1, -(-len(found) // PAGE))
    now = min(page_number(), last)
    return Page(found[(now - 1) * PAGE : now * PAGE], now, PAGE, len(found))


def _text_of(row: MatchRow) -> str:
    fields = [
        row.order.reference,
        in_language(row.order, "title"),
        in_language(row.team),
        in_language(row.team.organisation),
    ]
    return " ".join(fields).casefold()


def closing(run: Run) -> dict[str, Any] | None:
    """The two lines that close in on each other, as points of a drawing of WIDTH by HEIGHT; None before there are any."""
    points = [point for point in run.progress if point[1] is not None]
    if not points:
        return None
    bounds = [bound for _s, _o, bound in points if bound is not None]
    top = max([point[1] for point in points] + bounds[-40:])
    low = min(point[1] for point in points)
    longest, span = max(points[-1][0], 0.5), (top - low) or 1

    def at(seconds: float, value: float) -> str:
        y = HEIGHT - 8 - (HEIGHT - 24) * (min(value, top) - low) / span
        return f"{round(WIDTH * seconds / longest, 1)},{round(y, 1)}"

    return {
        "found": _stairs([(at(s, o)) for s, o, _b in points]),
        "limit": _stairs([at(s, b) for s, _o, b in points if b is not None]),
        "width": WIDTH,
        "height": HEIGHT,
        "seconds": round(longest, 1),
        "value": number(round(points[-1][1])),
        "bound": number(round(bounds[-1])) if bounds else "",
    }


def _stairs(points: Sequence[str]) -> str:
    """A value holds until the next is found: go right first, then up."""
    drawn: list[str] = []
    for point in points:
        if drawn:
            drawn.append(f"{point.partition(',')[0]},{drawn[-1].partition(',')[2]}")
        drawn.append(point)
    return " ".join(drawn)


def flows(rows: Sequence[MatchRow]) -> dict[str, Any] | None:
    """Money from its sources through orders to teams; the largest orders by name, the others together."""
    if not rows:
        return None
    large = {row.order.id for row in sorted(rows, key=lambda row: -row.price)[:MOST_FLOWS]}
    rest = _("%(count)s smaller orders", count=len(rows) - len(large))
    names = team_names(row.team for row in rows)
    links: Counter[tuple[str, str]] = Counter()
    sources: dict[str, str] = {}
    for row in rows:
        named = row.order.reference if row.order.id in large else rest
        team = f"{names[row.team.id]} " if row.order.id in large else _("their teams") + " "
        for piece in row.paid:
            sources[piece.label] = piece.kind
            links[piece.label, named] += piece.fen
        links[named, team] += row.price
    ends = dict.fromkeys(name for pair in links for name in pair)
    nodes = [{"name": name, "source": sources[name]} if name in sources else {"name": name} for name in ends]
    return {"unit": "fen", "nodes": nodes, "links": [[a, b, fen] for (a, b), fen in links.items()]}
