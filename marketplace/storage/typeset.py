"""PDF by Typst with a font of our own, so that Chinese prints on a machine without any; the same input gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
"""Tripool Hans: the characters of GB 2312 and common ones of names and chemistry, cut from Noto Sans Hans (licence beside it).

Other characters are taken from the machine's fonts where it has them (Debian: fonts-noto-cjk).
"""


def render(template: Path, values: dict[str, Any], at: datetime) -> bytes:
    """Return a Typst file filled with ``values`` as PDF/A-2b dated ``at``; values are data and never run."""
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
