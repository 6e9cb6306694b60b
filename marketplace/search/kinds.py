"""What can be found: each room's things as search sees them. A room that comes later registers its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select

from marketplace.db.base import Base
from marketplace.kernel.call import Actor
from marketplace.kernel.fields import Field


@dataclass(frozen=True, slots=True)
class Text:
    """A subject's text: only what whoever may see the subject may read of it, never a confidential part."""

    subject_id: int
    title: str
    title_en: str
    body: str
    field: Field | None
    alliance_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """Rows whose change changes a subject's text: which columns count, and whose text it is."""

    columns: frozenset[str]
    subjects: Callable[[Any], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of subject. ``visible`` selects, with the ids in its first column, what an actor may see: the room's own rule.

    ``texts`` reads subjects by id, all when None; those that are gone are left out. ``endpoint`` and ``argument`` lead to
    a subject's page.
    """

    name: str
    label: Any
    icon: str
    endpoint: str
    argument: str
    visible: Callable[[Actor], Select[Any]]
    texts: Callable[[Sequence[int] | None], Iterator[Text]]
    watches: Mapping[type[Base], Watch]


KINDS: dict[str, Kind] = {}
"""By name, in the order in which they are shown; ``indexing.register`` adds to it."""
