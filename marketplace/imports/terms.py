"""What importing passes around: rows as read, what is wrong with them, and who owns rows that name nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from marketplace.kernel.fields import Field


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing wrong: ``line`` of the file (0 = the file as a whole), the column ("" = the line), and the broken rule's code."""

    line: int
    place: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


class Unreadable(Exception):
    """The file as a whole cannot be read; nothing of it was looked at."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None, line: int = 0) -> None:
        super().__init__(code)
        self.trouble = Trouble(line, "", code, dict(values or {}))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number there and its cells as stripped text; columns that are empty are left out."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NeedsTerms:
    """``organisation`` (USCC) owns rows that name none; with ``days`` the orders are published and take bids so long."""

    alliance: str
    organisation: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ResultsTerms:
    """``organisation`` (USCC) has the results that name no institution, dealt to ``teams`` teams when they name no team."""

    organisation: str
    teams: int = 1


@dataclass(frozen=True, slots=True)
class Need:
    """A need that passed; ``own_funds`` and ``price_ceiling`` in fen."""

    row: Row
    organisation_id: int
    title: str
    content: str
    field: Field | None
    own_funds: int | None
    price_ceiling: int | None
    deadline: date | None


@dataclass(frozen=True, slots=True)
class Result:
    """A technology result that passed; ``team`` "" is one of the dealt teams."""

    row: Row
    organisation_id: int
    team: str
    title: str
    summary: str
    field: Field
    year: int | None
