"""Split a secret so that any ``threshold`` of its shares give it back and fewer tell nothing: Shamir's scheme, byte by byte.

The field is GF(256) with the polynomial of AES. Pure, and small enough to be read whole: the shares of an opening's key are
worth nothing if this is wrong. A share is one byte with its place (1 to 255) and as many bytes as the secret has.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

_POLYNOMIAL = 0x11B


def split(secret: bytes, shares: int, threshold: int) -> list[bytes]:
    """Return ``shares`` shares of which any ``threshold`` suffice; raises ValueError for a senseless number of either."""
    if not 1 < threshold <= shares <= 255 or not secret:
        raise ValueError("a secret is split into 2 to 255 shares, of which at least 2 are needed")
    random = [secrets.token_bytes(threshold - 1) for _ in secret]
    polynomials = [bytes([byte]) + coefficients for byte, coefficients in zip(secret, random, strict=True)]
    return [bytes([x, *(_value(polynomial, x) for polynomial in polynomials)]) for x in range(1, shares + 1)]


def join(shares: Sequence[bytes]) -> bytes:
    """Return the secret that ``shares`` give together. Too few of them give other bytes, so check what comes out.

    Raises ValueError for shares that are no shares, of different lengths, or two with the same place.
    """
    places = [share[0] for share in shares if len(share) > 1]
    if len(places) != len(shares) or len(set(places)) != len(places) or 0 in places or not shares:
        raise ValueError("these are not different shares")
    if len({len(share) for share in shares}) != 1:
        raise ValueError("the shares are not of one secret")
    factors = [_factor(place, places) for place in places]
    columns = zip(*(share[1:] for share in shares), strict=True)
    return bytes(_sum(_times(factor, y) for factor, y in zip(factors, column, strict=True)) for column in columns)


def _value(polynomial: bytes, x: int) -> int:
    total = 0
    for coefficient in reversed(polynomial):
        total = _times(total, x) ^ coefficient
    return total


def _factor(place: int, places: Sequence[int]) -> int:
    """Lagrange's factor of one place at 0."""
    product = 1
    for other in places:
        if other != place:
            product = _times(product, _times(other, _inverse(other ^ place)))
    return product


def _sum(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total ^= value
    return total


def _times(a: int, b: int) -> int:
    """Multiply without tables and without branches on the bits, so that time tells nothing of the factors."""
    product = 0
    for _ in range(8):
        product ^= -(b & 1) & a
        a = (a << 1) ^ (-(a >> 7) & _POLYNOMIAL)
        b >>= 1
    return product


def _inverse(a: int) -> int:
    """The 254th power: a to the 255 is 1 for every a but 0."""
    result, power = 1, 254
    while power:
        if power & 1:
            result = _times(result, a)
        a = _times(a, a)
        power >>= 1
    return result
