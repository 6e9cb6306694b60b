"""What waits for somebody: rooms list theirs in ``queries.waiting_for(call)``, the dashboard sorts them by due time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """``verb`` is a lazy text ("Screen this order"), ``subject`` its name, ``endpoint`` and ``values`` its page."""

    verb: Any
    subject: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    due: datetime | None = None
