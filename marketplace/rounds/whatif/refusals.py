"""What the engine refuses, as codes that have words: its own texts name places of a file, and are English. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Place(StrEnum):
    """The numbers of a problem that may be out of bounds, by the last word of the engine's place."""

    BUDGET = "budget"
    COST = "cost"
    AMOUNT_MIN = "amount_min"
    AMOUNT_MAX = "amount_max"
    SHARE_MAX = "share_max"
    MATCH_MAX = "match_max"
    ENTERPRISE_MAX = "enterprise_max"
    OWN_FUNDS = "own_funds"
    CAPACITY = "capacity"
    PRICE = "price"
    VALUE = "value"
    USES = "uses"
    MATCHED = "matched"
    PUBLIC_SHARE_MAX = "public_share_max"


_KEY = r"'?(?P<key>[\w@.-]+)'?"
_TEXTS: tuple[tuple[str, str], ...] = (
    (r"(?P<at>\S+): -?\d+ is above -?\d+", "rounds.engine_above"),
    (r"(?P<at>\S+): -?\d+ is below -?\d+", "rounds.engine_below"),
    (rf"price: {_KEY} would cost nothing", "rounds.engine_free"),
    (rf"order: {_KEY} takes part already", "rounds.engine_there"),
    (rf"order: {_KEY} cannot be added any more", "rounds.engine_gone"),
    (rf"\S+: {_KEY} is (?:used|named) twice", "rounds.engine_twice"),
    (rf"\S+: unknown \w+ {_KEY}", "rounds.engine_unknown"),
)
"""The engine's texts that a stored round or a change to it can cause, and the code of the sentence for each."""


def refusal_of(text: str) -> tuple[str, Mapping[str, object]]:
    """Return the code and values of the sentence for a text of the engine; whatever it is, no reader gets it raw."""
    for pattern, code in _TEXTS:
        found = re.fullmatch(pattern, text)
        if found is None:
            continue
        if "key" in found.groupdict():
            return code, {"key": found["key"]}
        if (place := _place(found["at"])) is not None:
            return code, {"place": place}
    return "rounds.engine_else", {}


def _place(at: str) -> Place | None:
    """offers[3].uses.t12@2027Q1 → USES; rules.at_least[0].matched → MATCHED."""
    return next((Place(part) for part in at.split(".") if part in set(Place)), None)
