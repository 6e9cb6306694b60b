"""Lists in pages: numbers from the address are never trusted."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.alliances.models import Alliance
from marketplace.web.pages import Page, page_number, paginate
from tests.factories import Make


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1", 1),
        ("7", 7),
        ("0", 1),
        ("-3", 1),
        ("x", 1),
        ("", 1),
        ("٣", 1),
        ("²", 1),
        ("99999999", 100_000),
        ("9" * 40, 1),
    ],
)
def test_a_page_number_is_always_sensible(app: Flask, typed: str, number: int) -> None:
    with app.test_request_context(query_string={"page": typed}):
        assert page_number() == number


@pytest.mark.parametrize(("total", "last"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2)])
def test_an_empty_list_has_one_page(total: int, last: int) -> None:
    assert Page([], 1, 20, total).last == last


def test_a_page_beyond_the_end_is_the_last_one(app: Flask, make: Make) -> None:
    rows = [make.alliance() for _ in range(5)]
    query = select(Alliance).order_by(Alliance.id)
    page = paginate(query, size=2, number=9)
    assert ([row.id for row in page.items], page.number, page.total) == ([rows[4].id], 3, 5)
    assert (page.has_previous, page.has_next) == (True, False)


def test_links_between_pages_keep_the_filters(app: Flask) -> None:
    with app.test_request_context("/orders?q=a&field=software&field=energy&page=1"):
        assert Page([], 1, 20, 50).url(2) == "/orders?q=a&field=software&field=energy&page=2"
