"""Numbers as people type them: every field and every import reads them here."""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥", 0x2212: "-"}
GROUPED = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"
"""Separators stand between groups of three only: ``1,5`` may mean one and a half, so it means nothing."""
_NUMBER = re.compile(rf"[+-]?{GROUPED}(?:\.[0-9]+)?")
_LONGEST = 1_000


def narrow(text: str) -> str:
    """Return ``text`` with the full-width signs of an input method as the plain ones, and no space around it.

    Compatibility forms at large (NFKC) would go too far: they make 52 of "5²".
    """
    return text.translate(_PLAIN).strip()


def decimal(text: str) -> Decimal:
    """Return the number that ``text`` writes ("1,200", "－0.5", "１２．５"); raises ValueError when it is not one."""
    plain = narrow(text)
    if len(plain) > _LONGEST or _NUMBER.fullmatch(plain) is None:
        raise ValueError(f"not a number: {text[:40]!r}")
    return Decimal(plain.replace(",", ""))


def whole(text: str) -> int:
    """Return the whole number that ``text`` writes; raises ValueError when it is not one."""
    if "." in narrow(text):
        raise ValueError(f"not a whole number: {text[:40]!r}")
    return int(decimal(text))


def basis_points(text: str) -> int:
    """Return the 1/10,000 of a share typed as "30", "12.5" or "１２．５％"; raises ValueError when it is none at all."""
    share = decimal(narrow(text).removesuffix("%").rstrip())
    if not 0 <= share < 10**6 or share * 100 % 1:
        raise ValueError(f"not a share: {text[:40]!r}")
    return int(share * 100)
