"""A found link between two sides, how long it counts, and the key by which an override names it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.conflicts.terms import End
from marketplace.conflicts.workflow import ALWAYS, LOOK_BACK_YEARS, EndKind, LinkKind

_LETTER = {EndKind.PERSON: "p", EndKind.ORGANISATION: "o"}
_KIND = {letter: kind for kind, letter in _LETTER.items()}


@dataclass(frozen=True, slots=True)
class Side:
    """Natural persons and organisations that stand on one side of a question, by row number."""

    persons: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()

    def __or__(self, other: Side) -> Side:
        return Side(self.persons | other.persons, self.organisations | other.organisations)

    def holds(self, end: End) -> bool:
        return end.id in (self.persons if end.kind is EndKind.PERSON else self.organisations)

    @classmethod
    def of(cls, *ends: End) -> Side:
        return cls(
            frozenset(end.id for end in ends if end.kind is EndKind.PERSON),
            frozenset(end.id for end in ends if end.kind is EndKind.ORGANISATION),
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One link between a left and a right end, with what it rests on.

    ``relation_id`` names the declaration, None for what the site sees in its own data; ``confirmed`` is whether an officer has
    looked at the declaration (derived links need none); ``through`` is the organisation that two colleagues share; ``whole`` is
    the digest of all evidence where ``evidence`` shows only a part of it.
    """

    kind: LinkKind
    left: End
    right: End
    left_name: str
    right_name: str
    evidence: str = ""
    since: date | None = None
    until: date | None = None
    relation_id: int | None = None
    confirmed: bool = True
    through: End | None = None
    through_name: str = ""
    whole: str = ""

    @property
    def key(self) -> str:
        """The name of the link, the same whichever side asks."""
        if self.relation_id is not None:
            return f"relation-{self.relation_id}"
        ends = sorted(_code(end) for end in (self.left, self.right))
        return "-".join([self.kind.value, *ends, *([_code(self.through)] if self.through else [])])

    @property
    def content(self) -> dict[str, Any]:
        """What two people who override the link have read, as plain JSON; an officer's confirmation does not change it."""
        return {
            "kind": self.kind.value,
            "ends": sorted(_code(end) for end in (self.left, self.right)),
            "names": sorted((self.left_name, self.right_name)),
            "evidence": self.evidence,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "through": self.through_name,
            **({"whole": self.whole} if self.whole else {}),
        }

    @property
    def persons(self) -> frozenset[int]:
        """The natural persons at its ends: none of them decides about it."""
        return frozenset(end.id for end in (self.left, self.right) if end.kind is EndKind.PERSON)


def counts(kind: LinkKind, until: date | None, on: date) -> bool:
    """Whether a link that ended on ``until`` (None: it goes on) still counts on the day ``on``."""
    return until is None or kind in ALWAYS or on <= years_later(until, LOOK_BACK_YEARS)


def years_later(day: date, years: int) -> date:
    """The same day ``years`` later (before if negative); 29 February becomes 28."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last)


def ends_in(key: str) -> list[End]:
    """Return the ends that a derived link's key names; [] for a key that is none of ours."""
    codes = key.split("-")[1:]
    if not all(len(code) > 1 and code[0] in _KIND and code[1:].isascii() and code[1:].isdigit() for code in codes):
        return []
    return [End(_KIND[code[0]], int(code[1:])) for code in codes]


def _code(end: End) -> str:
    return f"{_LETTER[end.kind]}{end.id}"
