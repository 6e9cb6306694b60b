"""Whom a fund may pay for: pure, so that a round, an approval and a page give the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundState
from marketplace.kernel.policy import YES, Decision, no

PLACES = 6
"""Digits of a division code (GB/T 2260): two each for province, city and county."""


class OrderFacts(Protocol):
    """What the rules look at in an order."""

    @property
    def field(self) -> StrEnum | None: ...
    @property
    def alliance_id(self) -> int | None: ...


class EnterpriseFacts(Protocol):
    """What the rules look at in the ordering enterprise."""

    @property
    def size(self) -> StrEnum | None: ...
    @property
    def region(self) -> str: ...


def eligible(fund: Fund, order: OrderFacts, organisation: EnterpriseFacts, on: date) -> Decision:
    """Return whether ``fund`` may pay for ``order`` of ``organisation`` on day ``on``, with the first rule that says no.

    Limits on amounts are the optimiser's and the ledger's; this is about who and what for.
    """
    return next((no(reason) for reason in failing(fund, order, organisation, on)), YES)


def failing(fund: Fund, order: OrderFacts, organisation: EnterpriseFacts, on: date) -> Iterator[str]:
    """Yield the code of every rule that says no; an empty list of fields, sizes or regions is no rule."""
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
        "enterprise_max": fund.enterprise_max,
    }
