"""Who pays how much of an amount: pure, whole fen, and exact over the whole contract.

An amount is split over what each source still has to pay, by largest remainders. No source is ever asked for more than
it has left, and the last call asks each for exactly its rest: so the totals are those of the funding option.
"""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.kernel import money


def allocate(amount: int, left: Sequence[int], *, own: int | None, own_first: bool) -> list[int]:
    """Return each source's part of ``amount`` (fen); ``left`` is what each still has to pay.

    ``own`` is the place of the enterprise's own money. With ``own_first`` (a fund pays only beside own money) it pays until it is
    used up, so that no fund is ever ahead of the own money that it matches. Raises ValueError when the sources have less left.
    """
    if amount > sum(left):
        raise ValueError("the sources have less left than the amount")
    if amount == 0:
        return [0] * len(left)
    if own is None or not own_first:
        return money.split(amount, list(left))
    first = min(amount, left[own])
    others = [0 if place == own else rest for place, rest in enumerate(left)]
    parts = money.split(amount - first, others) if amount > first else [0] * len(left)
    parts[own] = first
    return parts


def reduce(amount: int, left: Sequence[int], *, own: int | None, own_first: bool) -> list[int]:
    """Return by how much each source pays less when the price falls by ``amount``; with ``own_first`` the funds fall first."""
    if own is None:
        return allocate(amount, left, own=None, own_first=False)
    if not own_first:
        return _in_proportion(amount, left, own)
    others = [0 if place == own else rest for place, rest in enumerate(left)]
    from_funds = min(amount, sum(others))
    parts = money.split(from_funds, others) if from_funds else [0] * len(left)
    parts[own] = amount - from_funds
    if parts[own] > left[own]:
        raise ValueError("the sources have less left than the amount")
    return parts


def _in_proportion(amount: int, left: Sequence[int], own: int) -> list[int]:
    """Each source's share of ``amount``; parts of a fen fall on the funds, so that no fund's share of the price ever grows."""
    whole = sum(left)
    if amount > whole:
        raise ValueError("the sources have less left than the amount")
    if amount == 0:
        return [0] * len(left)
    parts = [-(-amount * rest // whole) for rest in left]
    parts[own] = amount - (sum(parts) - parts[own])
    return parts if parts[own] >= 0 else money.split(amount, list(left))


def schedule(amounts: Sequence[int], totals: Sequence[int], *, own: int | None, own_first: bool) -> list[list[int]]:
    """Return every call's parts, row by row: rows sum to ``amounts``, columns to ``totals``."""
    left, rows = list(totals), []
    for amount in amounts:
        parts = allocate(amount, left, own=own, own_first=own_first)
        left = [rest - part for rest, part in zip(left, parts, strict=True)]
        rows.append(parts)
    return rows


def held_back(amount: int, retention: int) -> int:
    """Return what of an accepted amount is kept back (basis points, rounded down)."""
    return money.share(amount, retention)
