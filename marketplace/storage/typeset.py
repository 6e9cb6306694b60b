"""PDF by Typst with a font of our own, so that Chinese prints on a machine without any; the same input gives the same bytes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
"""Tripool Hans: the characters of GB 2312 and common ones of names and chemistry, cut from Noto Sans Hans (licence beside it).

Other characters are taken from the machine's fonts where it has them (Debian: fonts-noto-cjk).
"""
LACKING = re.compile(r'the text `"(.+)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
MISSING = "□"
CLINGING = frozenset({"Mn", "Me", "Cf", "Sk"})
"""Categories of signs that join the one before: accents, skin tones, joiners. Beside a square they would lack a glyph again."""
MOST_TOLD = 12
"""After so many signs without a glyph every one that is not common in Chinese print becomes a square."""


def render(template: Path, values: dict[str, Any], at: datetime) -> bytes:
    """Return a Typst file filled with ``values`` as PDF/A-2b dated ``at``; values are data and never run.

    PDF/A shows every character or none at all: one that no font here has is printed as an empty square, so that a rare sign in
    one clause does not take the whole contract away. Raises ``typst.TypstError`` for everything else.
    """
    lacking: set[str] = set()
    for _ in range(MOST_TOLD):
        try:
            return _compile(template, _squared(values, lacking.__contains__), at)
        except typst.TypstError as error:
            told = LACKING.search(str(error))
            if told is None:
                raise
            lacking |= set(ESCAPED.sub(lambda code: chr(int(code[1], 16)), told[1]))
    return _compile(template, _squared(values, _is_uncommon), at)


def _compile(template: Path, values: Any, at: datetime) -> bytes:
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=at.replace(microsecond=0),  # a PDF knows whole seconds only
    )
    assert isinstance(made, bytes)
    return made


def _is_uncommon(sign: str) -> bool:
    """Whether our own font may lack the sign."""
    try:
        return not sign.encode("gb2312") or (unicodedata.category(sign) == "Cc" and sign not in "\t\n\r")
    except UnicodeEncodeError:
        return True


def _squared(value: Any, lacks: Callable[[str], bool]) -> Any:
    """Return the value with a square for every sign of its texts that ``lacks`` a glyph, and for what clings to it."""
    if isinstance(value, dict):
        return {key: _squared(each, lacks) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_squared(each, lacks) for each in value]
    if not isinstance(value, str):
        return value
    shown: list[str] = []
    for sign in value:
        if shown and shown[-1] == MISSING and unicodedata.category(sign) in CLINGING:
            continue
        shown.append(MISSING if lacks(sign) else sign)
    return "".join(shown)
