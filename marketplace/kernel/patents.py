"""Numbers of patents and applications, checked the way their offices make them.

China National Intellectual Property Administration, standard ZC 0006-2003: since October 2003 ``yyyy K SSSSSSS . C`` (kind K:
1 invention, 2 utility model, 3 design, 8 and 9 international applications), before that eight digits ``yy K SSSSS . C``.
The check digit is the weighted sum of the digits modulo 11, 10 written as X.
"""

from __future__ import annotations

import re
import unicodedata

from marketplace.kernel.errors import Invalid

SEPARATOR = "；"
"""Between the IPC symbols of one thing."""
KINDS = frozenset("12389")
OLD_KINDS = frozenset("12389")
FIRST_YEAR = 1985
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_APPLICATION = re.compile(r"^(?:ZL|CN)?([0-9]{12}|[0-9]{8})\.?([0-9X])$")
_PUBLICATION = re.compile(r"^CN[0-9]{7,9}[ABCUYS][0-9]?$")
_INTERNATIONAL = re.compile(r"^PCT/[A-Z]{2}[0-9]{4}/[0-9]{6}$")
_IPC = re.compile(r"^([A-H][0-9]{2}[A-Z])(?:([0-9]{1,4})/([0-9]{2,6}))?(?:\([0-9.]+\))?$")
_FOREIGN = re.compile(r"^(?!CN|ZL)[A-Z]{2}[0-9A-Z/.-]{4,20}$")


def check_digit(digits: str) -> str:
    """Return the check digit of the 8 or 12 digits of an application number: "201710601862" → "3"."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "X" if total % 11 == 10 else str(total % 11)


def application_number(text: str) -> str:
    """Return ``text`` as ``yyyyKSSSSSSS.C``, with "ZL" kept where it was given (a granted patent).

    Raises Invalid ``patent.form`` when it is no such number, ``patent.kind`` or ``patent.check_digit`` when it cannot be one.
    """
    compact = _compact(text)
    found = _APPLICATION.match(compact)
    if found is None:
        raise Invalid("patent.form", {"number": text}, field="reference")
    digits, given = found[1], found[2]
    kind = digits[4] if len(digits) == 12 else digits[2]
    if kind not in KINDS or (len(digits) == 12 and int(digits[:4]) < FIRST_YEAR):
        raise Invalid("patent.kind", {"number": text}, field="reference")
    if check_digit(digits) != given:
        raise Invalid("patent.check_digit", {"number": text, "right": check_digit(digits)}, field="reference")
    return f"{'ZL' if compact.startswith('ZL') else ''}{digits}.{given}"


def patent_reference(text: str) -> str:
    """Return a patent's number in one spelling: Chinese application numbers are checked, Chinese publication and foreign
    numbers (``CN107346452B``, ``US9876543B2``) have no check digit and only need the right form.

    Raises Invalid as ``application_number`` does.
    """
    compact = _compact(text)
    if _PUBLICATION.match(compact) or _FOREIGN.match(compact):
        return compact
    return application_number(text)


def application(text: str) -> tuple[str, str]:
    """Return (office, number in one spelling) of an application: ("CN", "201710601862.3"), ("WO", "PCT/CN2024/123456").

    A Chinese number is checked by its digit, others by their form. Raises Invalid as ``application_number`` does.
    """
    compact = _compact(text)
    if _INTERNATIONAL.match(compact):
        return "WO", compact
    if _FOREIGN.match(compact):
        return compact[:2], compact
    return "CN", application_number(compact).removeprefix("ZL")


def classification(text: str) -> str:
    """Return an IPC symbol in one spelling, "C09D 5/08"; raises Invalid ``patent.ipc``."""
    found = _IPC.match(_compact(text))
    if found is None:
        raise Invalid("patent.ipc", {"symbol": text}, field="ipc")
    return found[1] + (f" {found[2]}/{found[3]}" if found[2] else "")


def classifications(text: str, most: int) -> str:
    """Return IPC symbols, separated by semicolons, commas or line breaks, in one spelling, each once.

    Raises Invalid as ``classification`` does, and ``patent.ipc_long`` when they are more than ``most`` characters in that
    spelling, which may be longer than what was typed.
    """
    for sign in (";", "；", ",", "，", "、", "|"):
        text = text.replace(sign, "\n")
    symbols = SEPARATOR.join(dict.fromkeys(classification(part) for part in text.splitlines() if part.strip()))
    if len(symbols) > most:
        raise Invalid("patent.ipc_long", {"most": most, "count": len(symbols)}, field="ipc")
    return symbols


def _compact(text: str) -> str:
    return re.sub(r"[\s　]+", "", unicodedata.normalize("NFKC", text)).upper()
