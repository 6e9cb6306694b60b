"""What tests of pages share."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[\w-]{20,}\.[\w-]{5,8}\.[\w-]{20,}")


def without_tokens(page: str) -> str:
    """Return a page without the tokens against forged requests: two that were made in different seconds differ."""
    return _TOKEN.sub("TOKEN", page)
