"""Tables of later rooms by name, and the fingerprint of what people stood for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Select, Table

from marketplace.db.base import Base, db


def table(name: str) -> Table:
    return Base.metadata.tables[name]


def rows(query: Select[Any]) -> list[dict[str, Any]]:
    """Return plain dictionaries: the identity map of the session takes no part in an audit."""
    return [dict(row) for row in db.session.execute(query).mappings()]


def fingerprint(content: Any) -> str:
    """The SHA-256 of canonical JSON, as two people stood for it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
