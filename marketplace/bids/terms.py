"""The content of a bid, from the first draft to the opening: the same shape in form, envelope and opened rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.bids.workflow import Meets

FORMAT = "tripool-bid/1"
MAX_DAYS = 100_000
"""Most person-days that one team puts into one bid."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How the bid answers one target; ``meets`` None = not answered yet, ``value`` the promised value as decimal text."""

    target: int
    meets: Meets | None = None
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """Person-days of one team over the whole project."""

    team: int
    person_days: int


@dataclass(frozen=True, slots=True)
class BidTerms:
    """What a bid says. A draft may lack anything: None and "" mean not said yet. ``price`` is in fen.

    ``loads`` and ``answers`` are sorted by team and target, so that equal contents have equal envelopes.
    """

    plan: str = ""
    schedule: str = ""
    price: int | None = None
    start_on: date | None = None
    months: int | None = None
    loads: tuple[Load, ...] = ()
    answers: tuple[Answer, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values, every key always present."""
        return {
            "plan": self.plan,
            "schedule": self.schedule,
            "price": self.price,
            "start_on": self.start_on.isoformat() if self.start_on else None,
            "months": self.months,
            "loads": [[load.team, load.person_days] for load in sorted(self.loads, key=lambda load: load.team)],
            "answers": [
                [a.target, a.meets.value if a.meets else None, a.value, a.note]
                for a in sorted(self.answers, key=lambda answer: answer.target)
            ],
        }

    @classmethod
    def from_json(cls, data: Any) -> BidTerms:
        """Return the content that ``as_json`` wrote; raises ValueError, KeyError or TypeError for anything else."""
        return cls(
            plan=_text(data["plan"]),
            schedule=_text(data["schedule"]),
            price=_whole(data["price"]),
            start_on=date.fromisoformat(data["start_on"]) if data["start_on"] is not None else None,
            months=_whole(data["months"]),
            loads=tuple(Load(_number(team), _number(days)) for team, days in data["loads"]),
            answers=tuple(
                Answer(_number(target), Meets(meets) if meets is not None else None, _text(value), _text(note))
                for target, meets, value, note in data["answers"]
            ),
        )


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**62) < value < 2**62:
        raise ValueError("not a whole number")
    return value


def _whole(value: Any) -> int | None:
    return None if value is None else _number(value)
