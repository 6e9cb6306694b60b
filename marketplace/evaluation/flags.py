"""Signs worth a look in one order's bids: unusually low prices and the red flags that procurement watchers compute. Pure.

The thresholds are the centre's defaults, not law; each finding says on how many bids it rests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORT_WINDOW = timedelta(days=15)
CLOSE = 100
"""Basis points between the lowest two prices, below which they are called close."""
BELOW_MEAN, BELOW_NEXT = 4_000, 3_000
"""Basis points below the mean of the others, or below the next price, from which on a price is abnormally low."""
BASIS = 10_000


class Flag(StrEnum):
    """Numbers as in the red-flag library of the Open Contracting Partnership."""

    R003 = "r003"
    R018 = "r018"
    R024 = "r024"
    R028 = "r028"
    R030 = "r030"
    R035 = "r035"
    R036 = "r036"


@dataclass(frozen=True, slots=True)
class Entry:
    """One opened bid: price in fen (None while sealed), whether it was excluded, whether it won, when it came."""

    bid: int
    price: int | None
    excluded: bool = False
    won: bool = False
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A flag with the bids it is about, the number of bids it was computed over, and the values of its sentence."""

    flag: Flag
    sample: int
    bids: tuple[int, ...] = ()
    values: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Low:
    """An abnormally low price: how far below the mean of the others and below the next one, in basis points."""

    bid: int
    below_mean: int
    below_next: int
    sample: int


def abnormally_low(entries: Sequence[Entry]) -> list[Low]:
    """Return the bids at least 40 % below the mean of the others, or, for the lowest, at least 30 % below the next."""
    prices = sorted((e.price, e.bid) for e in entries if e.price is not None and not e.excluded)
    found = []
    for place, (price, bid) in enumerate(prices):
        others = [other for other, key in prices if key != bid]
        if not others:
            continue
        total, count = sum(others), len(others)
        below_mean = (total - price * count) * BASIS // total
        below_next = (prices[1][0] - price) * BASIS // prices[1][0] if place == 0 else 0
        if below_mean >= BELOW_MEAN or below_next >= BELOW_NEXT:
            found.append(Low(bid, below_mean, below_next, len(prices)))
    return found


def red_flags(entries: Sequence[Entry], published: datetime | None, deadline: datetime | None) -> list[Finding]:
    """Return every flag that the bids of one order raise."""
    return list(_red_flags(entries, published, deadline))


def _red_flags(entries: Sequence[Entry], published: datetime | None, deadline: datetime | None) -> Iterator[Finding]:
    count = len(entries)
    if published and deadline and deadline - published < SHORT_WINDOW:
        yield Finding(Flag.R003, 1, (), {"days": (deadline - published).days})
    if count == 1:
        yield Finding(Flag.R018, 1, (entries[0].bid,))
    yield from _prices(entries)
    late = tuple(e.bid for e in entries if e.won and deadline and e.came_at and e.came_at >= deadline)
    if late:
        yield Finding(Flag.R030, count, late)
    winners, excluded = [e for e in entries if e.won], [e for e in entries if e.excluded]
    if winners and len(excluded) >= 1 and len(excluded) == count - len(winners):
        yield Finding(Flag.R035, count, tuple(e.bid for e in excluded))


def _prices(entries: Sequence[Entry]) -> Iterator[Finding]:
    priced = sorted((e.price, e.bid) for e in entries if e.price is not None)
    admitted = sorted((e.price, e.bid) for e in entries if e.price is not None and not e.excluded)
    if len(admitted) >= 2:
        (low, first), (next_, second) = admitted[:2]
        apart = (next_ - low) * BASIS // low
        if 0 < apart < CLOSE:
            yield Finding(Flag.R024, len(admitted), (first, second), {"apart": apart})
    same: dict[int, list[int]] = {}
    for price, bid in priced:
        same.setdefault(price, []).append(bid)
    for bids in same.values():
        if len(bids) > 1:
            yield Finding(Flag.R028, len(priced), tuple(bids))
    lowest = [e.bid for e in entries if e.excluded and priced and e.price == priced[0][0]]
    if lowest and len(priced) > 1:
        yield Finding(Flag.R036, len(priced), tuple(lowest))
