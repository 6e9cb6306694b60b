"""What rooms above do when a patent changes hands or is first disclosed; they register when they are imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.kernel.call import Call
from marketplace.patents.models import Patent

CHANGED_HANDS = "专利已转让 / the patent changed hands"
"""What rooms above write where a transfer ended something: a record in both languages."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A share of ``patent`` goes on ``on`` from a member, who held it since a day, to a ``buyer`` who may be a member or not.

    ``asserts``: the buyer makes nothing itself and lives from asserting patents, as far as the seller knows. ``whole``: the
    member that looked after the patent gave up all it had. Buyer and seller the same: a sale outside, entered by mistake on that
    day, is taken back.
    """

    patent: Patent
    seller_id: int
    held_since: date
    buyer: str
    buyer_id: int | None
    on: date
    asserts: bool
    whole: bool


Hook = Callable[[Call, Transfer], Mapping[str, int]]
Disclosed = Callable[[Call, Patent], Mapping[str, int]]
_HOOKS: list[Hook] = []
_DISCLOSED: list[Disclosed] = []


def when_transferred(hook: Hook) -> Hook:
    """Register ``hook(call, transfer)``: it runs inside the use case, the moment before the share changes hands.

    What it returns is written into the journal; a hook that raises keeps the patent where it is.
    """
    _HOOKS.append(hook)
    return hook


def when_disclosed(hook: Disclosed) -> Disclosed:
    """Register ``hook(call, patent)``: it runs inside the use case that makes an application public, right after."""
    _DISCLOSED.append(hook)
    return hook


def announce(call: Call, *transfers: Transfer) -> dict[str, int]:
    """Run every hook for every transfer and return what they did, added up for the journal."""
    done: Counter[str] = Counter()
    for transfer in transfers:
        for hook in _HOOKS:
            done.update(hook(call, transfer))
    return dict(done)


def disclose(call: Call, patent: Patent) -> dict[str, int]:
    """Run what waited for a patent's disclosure and return what was done, for the journal."""
    done: Counter[str] = Counter()
    for hook in _DISCLOSED:
        done.update(hook(call, patent))
    return dict(done)
