"""What the committee recommends about concepts. The room of committees lies above and registers who counts its votes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from marketplace.bids.terms import Choice
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of


@dataclass(frozen=True, slots=True)
class Vote:
    """How a complete committee voted on one concept; ``points`` is the mean of 0 to 100, ``whys`` are without names."""

    favour: int
    against: int
    points: int
    whys: tuple[str, ...]

    @property
    def recommended(self) -> bool:
        return self.favour > self.against


Counter = Callable[[Order], dict[int, Vote] | None]
_COUNTERS: list[Counter] = []


def count_by(counter: Counter) -> Counter:
    """Register who counts a committee's votes by bid; None while the vote is not complete. The last one registered is asked."""
    _COUNTERS.append(counter)
    return counter


def vote_on(order: Order) -> dict[int, Vote] | None:
    """Return the complete vote by bid; None while it is not complete, and where the procedure asks for no committee."""
    return _COUNTERS[-1](order) if _COUNTERS and needs_vote(order) else None


def needs_vote(order: Order) -> bool:
    """True where a committee votes on the concepts before anybody chooses."""
    return rules_of(order).concepts_first and rules_of(order).committee_min > 1


def require_recommended(order: Order, choices: Sequence[Choice]) -> list[Choice]:
    """Refuse a shortlist before the vote, and one that departs from it without a reason; return the choices to keep.

    Where a choice follows the committee, or none votes, there is no departure: what was typed about one is dropped.
    Raises Conflict ``bids.vote_first`` and Invalid ``bids.departure_reason``.
    """
    if not needs_vote(order):
        return [replace(choice, departure="") for choice in choices]
    votes = vote_on(order)
    if votes is None or {choice.bid for choice in choices} - set(votes):
        raise Conflict("bids.vote_first")
    if any(votes[c.bid].recommended is not c.chosen and not c.departure.strip() for c in choices):
        raise Invalid("bids.departure_reason", field="choices")
    return [c if votes[c.bid].recommended is not c.chosen else replace(c, departure="") for c in choices]
