"""Lists in pages of a fixed size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for
from sqlalchemy import Select, func, select

from marketplace.db.base import db

T = TypeVar("T")
MAX_PAGE = 100_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: ``number`` counts from 1, ``total`` rows over all pages."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    def url(self, number: int) -> str:
        """Return this list's address at page ``number``, other query values kept."""
        values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {}), "page": number}
        return url_for(request.endpoint or "home.landing", **values)


def page_number() -> int:
    """Return the page asked for in the address (1 for anything that is no sensible number)."""
    text = request.args.get("page", "1")
    return min(max(int(text), 1), MAX_PAGE) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def paginate(query: Select[T], *, size: int = 20, number: int | None = None) -> Page[T]:
    """Run ``query`` for one page: two statements, the rows and their count."""
    number = page_number() if number is None else number
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(number, max(1, -(-total // size)))
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total)
