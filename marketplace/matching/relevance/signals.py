"""What speaks for a team beside its texts: each signal is a part of the score that people can see."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import exp

PRIOR_SHARE, PRIOR_CASES = 7_500, 4
"""What a team without a record is taken for (basis points of its projects accepted), as if seen in so many cases."""

WEIGHTS = {
    "text": 5_000,
    "field": 700,
    "ipc": 500,
    "readiness": 800,
    "region": 500,
    "capacity": 800,
    "price": 700,
    "record": 700,
    "recency": 300,
}
"""Basis points of the whole that each part can bring; our judgement until judgements of staff can teach them."""

_IPC = re.compile(r"([A-H])([0-9]{2})([A-Z])(?: ([0-9]{1,4})/([0-9]{2,6}))?")
_NEARNESS = (0.0, 0.1, 0.4, 0.7, 0.9)
"""What two symbols have in common that part at the section, the class, the subclass, the main group or the subgroup."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an order says beside its text; None or empty = it does not say."""

    fields: Collection[str] = ()
    """Codes of which a longer one lies inside its beginnings, as in GB/T 4754 (2614 in 26)."""
    ipc: Collection[str] = ()
    """Symbols of the International Patent Classification ("H01M 10/0525", "H01M")."""
    readiness: int | None = None
    """The technology readiness level to start from, 1 to 9."""
    region: str = ""
    """Administrative division code (GB/T 2260), six digits."""
    person_days: int | None = None
    budget: int | None = None
    """Fen."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What is known of a team; None or empty = not known."""

    fields: Collection[str] = ()
    ipc: Collection[str] = ()
    readiness: int | None = None
    region: str = ""
    free_person_days: int | None = None
    price: int | None = None
    """Fen: the estimated or offered price."""
    finished: int = 0
    accepted: int = 0
    """Projects finished, and those of them accepted."""
    last_year: int | None = None
    """Year of the newest piece of evidence."""


@dataclass(frozen=True, slots=True)
class Part:
    """One visible part: what the signal is worth (0 to 1; None = nothing known) and what it brings (basis points)."""

    name: str
    value: float | None
    points: int


def fit(text: float, wanted: Wanted, offered: Offered, year: int) -> tuple[int, tuple[Part, ...]]:
    """Return the fit from 0 to 10,000 basis points and its parts, whose points add up to it.

    A signal that one side does not state brings what the known ones bring on average, so that saying nothing is
    neither rewarded nor punished.
    """
    values = {
        "text": text,
        "field": _overlap(wanted.fields, offered.fields, _beginning),
        "ipc": _overlap(wanted.ipc, offered.ipc, _class),
        "readiness": _readiness(wanted.readiness, offered.readiness),
        "region": _region(wanted.region, offered.region),
        "capacity": _share(offered.free_person_days, wanted.person_days),
        "price": _price(wanted.budget, offered.price),
        "record": record(offered.accepted, offered.finished),
        "recency": None if offered.last_year is None else 0.5 ** (max(0, year - offered.last_year) / 5),
    }
    known = {name: value for name, value in values.items() if value is not None}
    mean = sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)
    parts = tuple(
        Part(name, value, round(WEIGHTS[name] * (mean if value is None else value))) for name, value in values.items()
    )
    return sum(part.points for part in parts), parts


def record(accepted: int, finished: int) -> float:
    """Return the share of projects accepted, drawn to the prior: a newcomer stands at the prior, not at nothing.

    Shrinkage of a binomial share with a beta prior; ValueError unless 0 <= accepted <= finished.
    """
    if not 0 <= accepted <= finished:
        raise ValueError(f"{accepted} of {finished} projects accepted")
    return (accepted + PRIOR_CASES * PRIOR_SHARE / 10_000) / (finished + PRIOR_CASES)


def _overlap(wanted: Collection[str], offered: Collection[str], alike: Callable[[str, str], float]) -> float | None:
    """Return the mean over the wanted codes of how much the nearest offered one is `alike`."""
    if not wanted or not offered:
        return None
    return sum(max(alike(code, other) for other in offered) for code in wanted) / len(wanted)


def _beginning(code: str, other: str) -> float:
    """Return the share of `code` that both begin with."""
    same = next((at for at, (a, b) in enumerate(zip(code, other, strict=False)) if a != b), min(len(code), len(other)))
    return same / len(code) if code else 0.0


def _class(symbol: str, other: str) -> float:
    """Return how near two IPC symbols are: 1 as far as both are stated, less where they part at group, subclass, class, section.

    A subclass without a group ("H01M") is met by each of its groups: who asks for it asks for all of them.
    """
    parts, others = _IPC.fullmatch(symbol), _IPC.fullmatch(other)
    if parts is None or others is None:
        return 0.0
    for place, value in zip((1, 2, 3, 4, 5), _NEARNESS, strict=True):
        if not parts[place] or not others[place]:
            return 1.0
        if parts[place] != others[place]:
            return value
    return 1.0


def _readiness(wanted: int | None, offered: int | None) -> float | None:
    """Return 1 at or above the wanted level, a third less for each level below: time can be bought, ripeness not."""
    if wanted is None or offered is None:
        return None
    return max(0.0, 1 - max(0, wanted - offered) / 3)


def _region(wanted: str, offered: str) -> float | None:
    """Return 1 in the same county, 0.8 in the same prefecture, 0.5 in the same province, else 0.2."""
    if not wanted or not offered:
        return None
    return next((value for digits, value in ((6, 1.0), (4, 0.8), (2, 0.5)) if wanted[:digits] == offered[:digits]), 0.2)


def _share(offered: int | None, wanted: int | None) -> float | None:
    if offered is None or not wanted:
        return None
    return min(1.0, max(0, offered) / wanted)


def _price(budget: int | None, price: int | None) -> float | None:
    """Return 1 within the budget, falling smoothly above it: half at about a sixth more."""
    if not budget or price is None:
        return None
    return 1.0 if price <= budget else 2 / (1 + exp(6.6 * (price / budget - 1)))
