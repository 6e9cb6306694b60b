"""Money: whole fen (1/100 yuan, CNY) as int, shares as basis points (1/10,000). No float ever touches an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from marketplace.kernel.numbers import GROUPED, decimal, narrow

FEN_PER_YUAN = 100
BASIS = 10_000
MAX_FEN = 10**15
"""Largest amount accepted anywhere (ten trillion yuan): keeps every sum well inside 64 bits."""

_UNITS = {
    "": 1,
    "元": 1,
    "千": 1_000,
    "千元": 1_000,
    "万": 10_000,
    "万元": 10_000,
    "亿": 100_000_000,
    "亿元": 100_000_000,
}
_AMOUNT = re.compile(rf"¥?\s*({GROUPED}(?:\.[0-9]+)?)\s*(元|千元|千|万元|万|亿元|亿)?")


class TooLarge(ValueError):
    """An amount above MAX_FEN."""


def parse(text: str) -> int:
    """Return the fen meant by ``text``: ``48万``, ``480,000``, ``¥0.5亿``, ``1234.56``.

    Raises ValueError for anything else, for fractions of a fen, and TooLarge for amounts above MAX_FEN.
    """
    found = _AMOUNT.fullmatch(narrow(text))
    if found is None:
        raise ValueError(f"not an amount: {text!r}")
    fen = decimal(found[1]) * _UNITS[found[2] or ""] * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise ValueError(f"less than a fen: {text!r}")
    if fen > MAX_FEN:
        raise TooLarge(f"too large: {text!r}")
    return int(fen)


def parse_signed(text: str) -> int:
    """Return the fen meant by ``text`` with the sign before it, if any: ``-48万``, ``＋1,200``."""
    plain = narrow(text)
    return -parse(plain[1:]) if plain.startswith("-") else parse(plain.removeprefix("+"))


def yuan(fen: int) -> Decimal:
    """Return ``fen`` in yuan, exactly."""
    return Decimal(fen).scaleb(-2)


def plain(fen: int) -> str:
    """Return ``fen`` as people type it, ``480000`` or ``1234.56``: what an amount field shows again."""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return ("-" if fen < 0 else "") + (f"{whole}.{rest:02d}" if rest else str(whole))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` (fen, person-days, …) by ``weights`` with largest remainders, so that the parts sum to it exactly.

    Ties go to the earlier part. Raises ValueError for a negative total or weight, or weights that are all zero.
    """
    whole = sum(weights)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("split needs a total and weights of at least 0, not all 0")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def share(amount: int, basis_points: int) -> int:
    """Return the largest whole fen that is at most ``basis_points``/10,000 of ``amount``."""
    return amount * basis_points // BASIS
