"""The content of a bid, from the first draft to the opening: the same shape in form, envelope and opened rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from marketplace.bids.workflow import Meets

FIRST_FORMAT = "tripool-bid/1"
"""Bids sealed before consortia had money, tasks and milestones of their own; they stay readable and provable."""
FORMAT = "tripool-bid/2"
PRICE_FORMAT = "tripool-price/1"
MAX_DAYS = 100_000
"""Most person-days that one team puts into one bid."""
MAX_HOURS = 50_000
"""Most hours that one person puts into one bid."""
MAX_PLACES = 200
BASIS = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """How the bid answers one target; ``meets`` None = not answered yet, ``value`` the promised value as decimal text.

    ``evidence`` says where the promise comes from: a test report, a paper, a delivered project.
    """

    target: int
    meets: Meets | None = None
    value: str = ""
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What one team puts in and gets: person-days over the whole project, its money in fen (None: not split), its task."""

    team: int
    person_days: int
    money: int | None = None
    task: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the plan: by the end of which month, what is handed over, which share of the price (basis points) falls due."""

    title: str
    month: int
    result: str = ""
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who will do the work, and for how many hours."""

    name: str
    role: str = ""
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """Intellectual property that existed before and is needed: title, number where there is one, on which terms it is used."""

    title: str
    number: str = ""
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the bid. Its bytes lie apart, encrypted with ``key`` (hexadecimal), which only the content knows."""

    file: int
    name: str
    media_type: str
    size: int
    sha256: str
    key: str


@dataclass(frozen=True, slots=True)
class BidTerms:
    """What a bid says. A draft may lack anything: None and "" mean not said yet. Money is in fen.

    ``least_price`` is what the smallest useful version would cost, ``most_price`` the most that money could usefully do;
    ``price`` is the offer. ``loads`` and ``answers`` are sorted by team and target, so that equal contents have equal envelopes.
    """

    plan: str = ""
    schedule: str = ""
    price: int | None = None
    start_on: date | None = None
    months: int | None = None
    loads: tuple[Load, ...] = ()
    answers: tuple[Answer, ...] = ()
    least_price: int | None = None
    most_price: int | None = None
    milestones: tuple[Milestone, ...] = ()
    staff: tuple[Staff, ...] = ()
    background: tuple[Background, ...] = ()
    students: int | None = None
    attachments: tuple[Attachment, ...] = ()

    def as_json(self, version: str = FORMAT) -> dict[str, Any]:
        """Return plain JSON values, every key always present; ``version`` 1 is how bids were written before."""
        loads = sorted(self.loads, key=lambda load: load.team)
        answers = sorted(self.answers, key=lambda answer: answer.target)
        common = {
            "plan": self.plan,
            "schedule": self.schedule,
            "price": self.price,
            "start_on": self.start_on.isoformat() if self.start_on else None,
            "months": self.months,
        }
        if version == FIRST_FORMAT:
            return {
                **common,
                "loads": [[load.team, load.person_days] for load in loads],
                "answers": [[a.target, a.meets.value if a.meets else None, a.value, a.note] for a in answers],
            }
        return {
            **common,
            "loads": [[load.team, load.person_days, load.money, load.task] for load in loads],
            "answers": [[a.target, a.meets.value if a.meets else None, a.value, a.note, a.evidence] for a in answers],
            "least_price": self.least_price,
            "most_price": self.most_price,
            "milestones": [[m.title, m.month, m.result, m.share] for m in self.milestones],
            "staff": [[s.name, s.role, s.hours] for s in self.staff],
            "background": [[b.title, b.number, b.terms] for b in self.background],
            "students": self.students,
            "attachments": [[a.file, a.name, a.media_type, a.size, a.sha256, a.key] for a in self.attachments],
        }

    @classmethod
    def from_json(cls, data: Any) -> BidTerms:
        """Return the content that ``as_json`` wrote; raises ValueError, KeyError or TypeError for anything else."""
        first = cls(
            plan=_text(data["plan"]),
            schedule=_text(data["schedule"]),
            price=_whole(data["price"]),
            start_on=date.fromisoformat(data["start_on"]) if data["start_on"] is not None else None,
            months=_whole(data["months"]),
            loads=tuple(_load(*row) for row in data["loads"]),
            answers=tuple(_answer(*row) for row in data["answers"]),
        )
        if "milestones" not in data:
            return first
        return replace(
            first,
            least_price=_whole(data["least_price"]),
            most_price=_whole(data["most_price"]),
            milestones=tuple(Milestone(_text(t), _number(m), _text(r), _whole(s)) for t, m, r, s in data["milestones"]),
            staff=tuple(Staff(_text(name), _text(role), _whole(hours)) for name, role, hours in data["staff"]),
            background=tuple(Background(_text(t), _text(n), _text(c)) for t, n, c in data["background"]),
            students=_whole(data["students"]),
            attachments=tuple(
                Attachment(_number(file), _text(name), _text(kind), _number(size), _text(digest), _text(key))
                for file, name, kind, size, digest, key in data["attachments"]
            ),
        )

    def without_prices(self) -> BidTerms:
        """Return the technical part: everything but amounts of money."""
        loads = tuple(replace(load, money=None) for load in self.loads)
        return replace(self, price=None, least_price=None, most_price=None, loads=loads)

    @property
    def prices(self) -> Prices:
        """The price part: the amounts that ``without_prices`` leaves out."""
        money = {load.team: load.money for load in self.loads if load.money is not None}
        return Prices(self.price, self.least_price, self.most_price, money)

    def with_prices(self, prices: Prices) -> BidTerms:
        """Return the whole bid from the technical part (this one) and its price part."""
        loads = tuple(replace(load, money=prices.money.get(load.team)) for load in self.loads)
        return replace(
            self, price=prices.price, least_price=prices.least_price, most_price=prices.most_price, loads=loads
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether the concept of one bid goes on, with the reason that its team reads.

    ``departure`` is why the choice differs from what the committee recommended; the centre and the auditor read it.
    """

    bid: int
    chosen: bool
    reason: str
    departure: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """The amounts of a bid where they lie in an envelope of their own; ``money`` by team."""

    price: int | None = None
    least_price: int | None = None
    most_price: int | None = None
    money: Mapping[int, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "price": self.price,
            "least_price": self.least_price,
            "most_price": self.most_price,
            "money": sorted([team, amount] for team, amount in self.money.items()),
        }

    @classmethod
    def from_json(cls, data: Any) -> Prices:
        """Return what ``as_json`` wrote; raises ValueError, KeyError or TypeError for anything else."""
        money = {_number(team): _number(amount) for team, amount in data["money"]}
        return cls(_whole(data["price"]), _whole(data["least_price"]), _whole(data["most_price"]), money)


def _load(team: Any, days: Any, money: Any = None, task: Any = "") -> Load:
    return Load(_number(team), _number(days), _whole(money), _text(task))


def _answer(target: Any, meets: Any, value: Any, note: Any, evidence: Any = "") -> Answer:
    return Answer(
        _number(target), Meets(meets) if meets is not None else None, _text(value), _text(note), _text(evidence)
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
