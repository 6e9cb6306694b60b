"""When two people write the same name of an organisation. Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 400
"""How many characters of a folded name are compared: one may fold into eighteen, and an index holds no more."""


def folded(name: str) -> str:
    """Return a name as two people would write the same one: width, case and spaces do not tell names apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())[:LONGEST]
