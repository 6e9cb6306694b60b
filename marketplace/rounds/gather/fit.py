"""How well plans and teams answer an order's text, with the words they share (``matching.relevance``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marketplace.matching.relevance.index import Document, Index, Ranked

PLANS_RANKED = 60
TEAMS_RANKED = 200
"""Answers looked at per order; whatever ranks below them counts as not fitting. The words of each cost time."""


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
class TeamFit:
    """How well a team's pieces answer, from 0 to 1; ``pieces`` are the telling ones, best first."""

    team_id: int
    score: float
    pieces: tuple[Piece, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderFit:
    """What answers one order: plans by bid key, teams by id, best first."""

    plans: Mapping[str, Ranked]
    teams: Mapping[int, TeamFit]

    def of(self, bid_key: str, team_id: int) -> tuple[float, float, list[str]]:
        """Return (plan score, evidence score, words in common) of one bid."""
        plan, team = self.plans.get(bid_key), self.teams.get(team_id)
        words = dict.fromkeys([*(plan.words if plan else ()), *(team.words if team else ())])
        return plan.score if plan else 0.0, team.score if team else 0.0, list(words)[:8]


class Fits:
    """The opened plans and the teams' published pieces, ready to be asked."""

    def __init__(self, pieces: Iterable[Piece], plans: Mapping[str, str]) -> None:
        self._pieces = {str(number): piece for number, piece in enumerate(pieces)}
        self._teams = Index(
            Document(key, piece.text, str(piece.team_id), piece.kind, piece.year) for key, piece in self._pieces.items()
        )
        self._plans = Index(Document(key, text) for key, text in plans.items())

    def answer(self, text: str) -> OrderFit:
        """Rank everything for one order's text ("title\\nbody")."""
        plans = {ranked.id: ranked for ranked in self._plans.rank(text, PLANS_RANKED)}
        teams = {int(ranked.id): self._team(ranked) for ranked in self._teams.rank(text, TEAMS_RANKED)}
        return OrderFit(plans, teams)

    def _team(self, ranked: Ranked) -> TeamFit:
        pieces = tuple(self._pieces[key] for key, score in ranked.evidence if score > 0)
        return TeamFit(int(ranked.id), ranked.score, pieces, ranked.words)
