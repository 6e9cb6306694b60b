"""What rooms above do when a patent changes hands. They register when they are imported; this room never learns who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from marketplace.kernel.call import Call
from marketplace.patents.models import Patent


@dataclass(frozen=True, slots=True)
class Transfer:
    """A share of ``patent`` goes on ``on`` from a member, who held it since a day, to a ``buyer`` who may be a member or not.

    ``asserts``: the buyer makes nothing itself and lives from asserting patents, as far as the seller knows. ``whole``: the
    member that looked after the patent gave up all it had.
    """

    patent: Patent
    seller_id: int
    held_since: date
    buyer: str
    buyer_id: int | None
    on: date
    asserts: bool
    whole: bool


Hook = Callable[[Call, Transfer], Mapping[str, object]]
_HOOKS: list[Hook] = []


def when_transferred(hook: Hook) -> Hook:
    """Register ``hook(call, transfer)``: it runs inside the use case, the moment before the share changes hands.

    What it returns is written into the journal; a hook that raises keeps the patent where it is.
    """
    _HOOKS.append(hook)
    return hook


def announce(call: Call, transfer: Transfer) -> dict[str, object]:
    """Run every hook and return what they did, for the journal."""
    done: dict[str, object] = {}
    for hook in _HOOKS:
        done.update(hook(call, transfer))
    return done
