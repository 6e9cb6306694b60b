"""How well plans and teams answer an order's text, with the words they share (``matching.relevance``). No database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketplace.matching.relevance.index import Index, Ranked

RANKED = 60
"""Teams looked at per order; whatever ranks below them counts as not fitting."""
EXPLAINED = 8
"""Teams whose shared words are found: those that may be invited. Finding words takes most of the time."""
CHINESE = re.compile("[一-鿿]")
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a team: a capability, or a piece of evidence for it; ``text`` is "title\\nbody"."""

    capability_id: int
    team_id: int
    text: str
    kind: str = ""
    year: int | None = None

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is compared: orders' public texts by id, plans by bid key, pieces of teams; ``year`` is the present one.

    ``own`` names, by order, the plans that were written for it: of the others nobody is told how they answer it.
    ``vectors`` are those that the worker has made so far, by encoder and by digest of the text; ``weights`` those that this
    installation has learned (None: those that came with the program).
    """

    orders: Mapping[int, str]
    plans: Mapping[str, str]
    pieces: tuple[Piece, ...]
    year: int
    own: Mapping[int, Sequence[str]] = field(default_factory=dict)
    vectors: Mapping[str, Mapping[str, bytes]] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, float]] | None = None


@dataclass(frozen=True, slots=True)
class PlanFit:
    """How well one bid's plan answers, from 0 to 1, with the words it shares with the order."""

    score: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamFit:
    """How well a team's pieces answer, from 0 to 1; ``pieces`` are the telling ones, best first."""

    team_id: int
    score: float
    pieces: tuple[Piece, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderFit:
    """What answers one order: plans by bid key, teams by id, best first.

    ``texts`` were compared, ``unread`` of them by their words alone because the worker had not made their vectors yet.
    """

    plans: Mapping[str, PlanFit] = field(default_factory=dict)
    teams: Mapping[int, TeamFit] = field(default_factory=dict)
    texts: int = 0
    unread: int = 0

    def of(self, bid_key: str, team_id: int) -> tuple[float, float, list[str]]:
        """Return (plan score, evidence score, words in common) of one bid."""
        plan, team = self.plans.get(bid_key), self.teams.get(team_id)
        words = dict.fromkeys([*(plan.words if plan else ()), *(team.words if team else ())])
        whole = [word for word in words if not cut_out(word)] or list(words)
        return plan.score if plan else 0.0, team.score if team else 0.0, whole[:MOST_WORDS]


LOOSE = frozenset("pcqu")
"""First letters of the tags of prepositions, conjunctions, measure words and particles: no telling word starts with one."""


@lru_cache(maxsize=20_000)
def cut_out(word: str) -> bool:
    """Whether a stretch of Chinese begins in the middle of a phrase: 按用途 is “by” and “use”, while 按键开关 is a switch."""
    if not CHINESE.match(word):
        return False
    # The dictionary takes 32 MB, which only the worker needs.
    import rjieba  # noqa: PLC0415

    (first, tag), *others = rjieba.tag(word)
    return bool(others) and len(first) == 1 and tag[:1] in LOOSE


def rank(texts: Texts) -> dict[int, OrderFit]:
    """Compare every order with every plan and team: seconds for a hundred orders, so nothing may be locked meanwhile.

    By words, and by meaning where the worker has made the vectors before (``encoding``): encoding takes minutes for the
    texts of one round, looking up nothing. A text without a vector is compared by its words alone.
    """
    # The ranker brings numba and scipy, seconds of import that only the worker needs.
    from marketplace.matching.relevance.index import Document, Index  # noqa: PLC0415
    from marketplace.matching.relevance.kept import lookups, read  # noqa: PLC0415

    encoders = lookups(texts.vectors)
    everything = {*texts.orders.values(), *texts.plans.values(), *(piece.text for piece in texts.pieces)}
    unread = len(everything) - sum(read(everything, texts.vectors))

    pieces = {str(number): piece for number, piece in enumerate(texts.pieces)}
    plans = Index(
        (Document(key, text) for key, text in texts.plans.items()),
        year=texts.year,
        encoder=encoders,
        weights=texts.weights,
    )
    teams = Index(
        (Document(key, each.text, str(each.team_id), each.kind, each.year) for key, each in pieces.items()),
        year=texts.year,
        encoder=encoders,
        weights=texts.weights,
    )
    return {
        order: OrderFit(
            _plans(plans, text, texts.own.get(order, ())),
            _teams(teams, text, pieces),
            len(everything),
            unread,
        )
        for order, text in texts.orders.items()
    }


def read_by(texts: Iterable[str], vectors: Mapping[str, Mapping[str, bytes]]) -> list[str]:
    """Return which of the texts have a vector, as "encoder:digest", sorted."""
    from marketplace.matching.relevance.kept import digest  # noqa: PLC0415
    from marketplace.matching.relevance.text import title_and_body  # noqa: PLC0415

    keys = {digest(*title_and_body(text)) for text in texts}
    return sorted(f"{encoder}:{key}" for encoder, of in vectors.items() for key in keys if key in of)


def _plans(index: Index, text: str, own: Sequence[str]) -> dict[str, PlanFit]:
    """The plans that were written for the order; all the others only say which words are rare."""
    return {one.id: PlanFit(one.score, one.words) for one in index.measured(text, own)} if own else {}


def _teams(index: Index, text: str, pieces: Mapping[str, Piece]) -> dict[int, TeamFit]:
    """The best teams, the first few of them with words."""
    found = index.rank(text, RANKED, why=False)
    ranked = [*index.explained(text, found[:EXPLAINED]), *found[EXPLAINED:]]
    return {int(one.id): _team(one, pieces) for one in ranked}


def _team(one: Ranked, pieces: Mapping[str, Piece]) -> TeamFit:
    told = tuple(pieces[key] for key, score in one.evidence if score > 0) if one.words else ()
    return TeamFit(int(one.id), one.score, told, one.words)
