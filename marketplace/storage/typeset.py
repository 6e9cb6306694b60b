"""PDF by Typst with a font of our own, so that Chinese prints on a machine without any; the same input gives the same bytes."""

from __future__ import annotations

import json
import re
import unicodedata
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
LAST_LATIN = 0x24F
"""Letters up to here are replaced one by one: that a rare one is lacking says nothing of the others."""
CLINGING = frozenset({"Mn", "Me", "Cf", "Sk"})
"""Categories of signs that join the one before: accents, skin tones, joiners. Beside a square they would lack a glyph again."""
CONTROLS = {chr(code) for code in range(32)} - set("\t\n\r")
MOST_KINDS = 12
"""After so many kinds of signs without a glyph every one that is not common in Chinese print becomes a square."""


def render(template: Path, values: dict[str, Any], at: datetime) -> bytes:
    """Return a Typst file filled with ``values`` as PDF/A-2b dated ``at``; values are data and never run.

    PDF/A shows every character or none at all: one that no font here has is printed as an empty square, so that a rare sign in
    one clause does not take the whole contract away. Raises ``typst.TypstError`` for everything else.
    """
    text = json.dumps(values, ensure_ascii=False)
    for _ in range(MOST_KINDS):
        try:
            return _compile(template, text, at)
        except typst.TypstError as error:
            told = LACKING.search(str(error))
            if told is None:
                raise
            lacking = ESCAPED.sub(lambda code: chr(int(code[1], 16)), told[1])
            kinds = {*lacking, *map(_kind, lacking)}
            text = json.dumps(_without(kinds, json.loads(text)), ensure_ascii=False)
    unusual = {sign for sign in text if not _is_common(sign)} | CONTROLS
    return _compile(template, json.dumps(_without(unusual, json.loads(text)), ensure_ascii=False), at)


def _compile(template: Path, data: str, at: datetime) -> bytes:
    made = typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        sys_inputs={"data": data},
        pdf_standards="a-2b",
        timestamp=at.replace(microsecond=0),  # a PDF knows whole seconds only
    )
    assert isinstance(made, bytes)
    return made


def _kind(sign: str) -> str:
    """Return what lacks a glyph together with ``sign``: its whole script, but of Chinese characters and pictures just itself."""
    if unicodedata.category(sign) in {"Cc", "Cn", "Co", "So"}:
        return sign
    name = unicodedata.name(sign, sign)
    return sign if name.startswith("CJK") else name.split()[0]


def _without(kinds: set[str], value: Any) -> Any:
    """Return the value with every sign of ``kinds`` in its texts replaced."""
    if isinstance(value, str):
        return _squared(value, {sign for sign in set(value) if sign in kinds or _stands_for_script(sign, kinds)})
    if isinstance(value, dict):
        return {key: _without(kinds, each) for key, each in value.items()}
    return [_without(kinds, each) for each in value] if isinstance(value, list) else value


def _is_common(sign: str) -> bool:
    """Whether our own font surely has the sign."""
    try:
        return sign.isprintable() and bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _stands_for_script(sign: str, kinds: set[str]) -> bool:
    return ord(sign) > LAST_LATIN and _kind(sign) in kinds


def _squared(text: str, lacks: set[str]) -> str:
    shown: list[str] = []
    for sign in text:
        if shown and shown[-1] == MISSING and unicodedata.category(sign) in CLINGING:
            continue
        shown.append(MISSING if sign in lacks else sign)
    return "".join(shown)
