"""Whom a fund may pay for: pure, so that a round, an approval and a page give the same answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundState
from marketplace.kernel.policy import YES, Decision, no
from marketplace.web.filters import CITY

PLACES = 6
"""Digits of a division code (GB/T 2260): two each for province, city and county."""


class OrderFacts(Protocol):
    """What the rules look at in an order."""

    @property
    def field(self) -> StrEnum | None: ...
    @property
    def alliance_id(self) -> int | None: ...
    @property
    def published_at(self) -> datetime | None: ...


class EnterpriseFacts(Protocol):
    """What the rules look at in the ordering enterprise."""

    @property
    def size(self) -> StrEnum | None: ...
    @property
    def region(self) -> str: ...
    @property
    def industry(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """What an enterprise holds of a fund (fen): ``ever`` in all, ``year`` of it reserved in the calendar year asked for."""

    ever: int = 0
    year: int = 0


NOTHING = Drawn()


def eligible(fund: Fund, order: OrderFacts, organisation: EnterpriseFacts, on: date) -> Decision:
    """Return whether ``fund`` may pay for ``order`` of ``organisation`` on day ``on``, with the first rule that says no.

    Limits on amounts are the optimiser's and the ledger's; this is about who and what for.
    """
    return next((no(reason) for reason in failing(fund, order, organisation, on)), YES)


def failing(fund: Fund, order: OrderFacts, organisation: EnterpriseFacts, on: date) -> Iterator[str]:
    """Yield the code of every rule that says no; an empty list is no rule."""
    if fund.state is not FundState.OPEN:
        yield "funds.not_open_now"
    if fund.valid_from is not None and on < fund.valid_from:
        yield "funds.not_yet"
    if fund.valid_to is not None and on > fund.valid_to:
        yield "funds.ended"
    if fund.alliance_id is not None and order.alliance_id != fund.alliance_id:
        yield "funds.other_alliance"
    if fund.fields and order.field not in fund.fields:
        yield "funds.other_field"
    if fund.sizes and organisation.size not in fund.sizes:
        yield "funds.other_size"
    if fund.regions and not any(covers(region, organisation.region) for region in fund.regions):
        yield "funds.other_region"
    if fund.industries and not any(organisation.industry.startswith(code) for code in fund.industries):
        yield "funds.other_industry"
    if fund.years and year_of(order, on) not in fund.years:
        yield "funds.other_year"


def year_of(order: OrderFacts, on: date) -> int:
    """The year in which the city saw the order published; an order that is not yet would be published ``on`` that day."""
    return on.year if order.published_at is None else order.published_at.astimezone(CITY).year


def for_one_enterprise(fund: Fund, drawn: Drawn = NOTHING) -> int | None:
    """Return the fen that an enterprise which holds ``drawn`` may still get, over all its orders; None = no limit."""
    limits = ((fund.enterprise_max, drawn.ever), (fund.yearly_max, drawn.year))
    left = [max(0, most - held) for most, held in limits if most is not None]
    return min(left) if left else None


def public_ceiling(funds: Iterable[Fund], also: int | None) -> int | None:
    """Return the strictest ceiling on public money (basis points of a price) among ``funds`` and ``also``.

    The problem's format knows one ceiling for all matches, so a fund's own one holds wherever that fund could be chosen. That
    may keep public money out of a match in which the fund takes no part, and never lets too much in.
    """
    known = [most for most in (also, *(fund.public_share_max for fund in funds)) if most is not None]
    return min(known) if known else None


def covers(region: str, place: str) -> bool:
    """Return whether division code ``region`` is ``place`` or contains it: 440000 (a province) covers 441900 (a city)."""
    digits = region
    while digits.endswith("00"):
        digits = digits[:-2]
    return len(place) == PLACES and place.startswith(digits)


def as_problem_fund(fund: Fund, available: int) -> dict[str, Any]:
    """Return the fund in ``tripool-problem/1`` form with budget ``available`` (fen); None = no limit, every order eligible."""
    return {
        "id": f"f{fund.id}",
        "budget": available,
        "public": fund.public,
        "cost": fund.cost,
        "orders": None,
        "share_max": fund.share_max,
        "amount_max": fund.amount_max,
        "amount_min": fund.amount_min,
        "match_max": fund.match_max,
        "enterprise_max": for_one_enterprise(fund),
    }
