"""What migrations compare with the models, and what they leave alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FULLTEXT = "search_fts"
"""Full-text indexes: SQLite keeps them in tables of its own, and no model describes them (``search/fulltext``)."""


def include_name(name: str | None, kind: str, _parents: Mapping[str, Any]) -> bool:
    """Return False for the full-text indexes of search and the tables that SQLite keeps them in."""
    return not (kind in {"table", "index"} and name is not None and name.removeprefix("ix_").startswith(FULLTEXT))
