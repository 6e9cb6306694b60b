"""What a reader of the journal asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """``room`` is the first part of commands, ``since`` and ``until`` are instants (``until`` excluded); None or '' = all.

    ``with_routine`` shows signing in and out as well, which would drown the decisions.
    """

    room: str = ""
    who: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    with_routine: bool = False
