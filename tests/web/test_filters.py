"""Money, numbers, dates and names in both languages, in the city's time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from flask_babel import force_locale

from marketplace.kernel.call import Actor, Call
from marketplace.web import filters

NOW = datetime(2027, 1, 12, 2, 0, tzinfo=UTC)  # Tuesday, 10:00 in the city
LATE = datetime(2027, 1, 12, 16, 30, tzinfo=UTC)  # already Wednesday in the city


@contextmanager
def reading(app: Flask, locale: str) -> Iterator[None]:
    with app.test_request_context(), force_locale(locale):
        g.call = Call(Actor.visitor(), NOW)
        yield


@pytest.mark.parametrize(
    ("show", "value", "chinese", "english"),
    [
        (filters.money, 48_000_000, "¥480,000", "¥480,000"),
        (filters.money, 123_456, "¥1,234.56", "¥1,234.56"),
        (filters.money, 0, "¥0", "¥0"),
        (filters.money, None, "—", "—"),
        (filters.money_words, 48_000_000, "肆拾捌万元整", ""),
        (filters.money_words, 125_000_000, "壹佰贰拾伍万元整", "1.25 million yuan"),
        (filters.money_words, None, "", ""),
        (
            filters.ipc,
            "C09D 5/08；H99Z",
            "C09D 5/08（染料、涂料、粘合剂）；H99Z（电学）",
            "C09D 5/08 (dyes, paints, adhesives); H99Z (electricity)",
        ),
        (filters.ipc, "", "", ""),
        (filters.percent, 3000, "30\N{NO-BREAK SPACE}%", "30\N{NO-BREAK SPACE}%"),
        (filters.percent, 1250, "12.5\N{NO-BREAK SPACE}%", "12.5\N{NO-BREAK SPACE}%"),
        (filters.percent, 10_000, "100\N{NO-BREAK SPACE}%", "100\N{NO-BREAK SPACE}%"),
        (filters.percent, None, "—", "—"),
        (filters.number, 1234567, "1,234,567", "1,234,567"),
        (filters.typed, 480_000, "48万", "480,000"),
        (filters.typed, 12_345, "12,345", "12,345"),
        (filters.number, None, "—", "—"),
        (filters.day, date(2027, 1, 12), "2027年1月12日 周二", "Tue 12 Jan 2027"),
        (filters.moment, LATE, "2027年1月13日 周三 00:30", "Wed 13 Jan 2027, 00:30"),
        (filters.moment, None, "—", "—"),
    ],
)
def test_a_value_is_written_in_the_readers_language(
    app: Flask, show: Callable[[Any], str], value: Any, chinese: str, english: str
) -> None:
    for locale, expected in (("zh_Hans_CN", chinese), ("en", english)):
        with reading(app, locale):
            assert show(value) == expected


@pytest.mark.parametrize(
    ("value", "english"),
    [
        (NOW, "over"),
        (datetime(2027, 1, 12, 15, 59, tzinfo=UTC), "today"),
        (LATE, "1 day left"),
        (date(2027, 1, 12), "today"),
        (date(2027, 1, 15), "3 days left"),
        (date(2027, 1, 11), "over"),
        (None, ""),
    ],
)
def test_days_are_counted_in_the_citys_calendar(app: Flask, value: Any, english: str) -> None:
    with reading(app, "en"):
        assert filters.days_left(value) == english


@pytest.mark.parametrize(
    ("due", "english"),
    [(date(2027, 1, 15), "3 days left"), (date(2027, 1, 12), "today"), (date(2027, 1, 11), "1 day late")],
)
def test_money_that_is_owed_is_late_and_not_over(app: Flask, due: date, english: str) -> None:
    with reading(app, "en"):
        assert filters.days_to_pay(due) == english


def test_an_example_is_worked_out_for_each_reader_and_not_once(app: Flask) -> None:
    """Jinja works constants out when it compiles a template, which is in the language of its first reader."""
    template = app.jinja_env.from_string("{{ 480000|typed }} {{ 'end'|event_label('licence') }}")
    chinese, english = "48万 终止许可", "480,000 End the licence"
    for locale, expected in (("zh_Hans_CN", chinese), ("en", english), ("zh_Hans_CN", chinese)):
        with reading(app, locale):
            assert template.render() == expected


@dataclass
class Named:
    name: str
    name_en: str


def test_a_name_is_in_the_readers_language_or_the_only_one_there_is(app: Flask) -> None:
    with reading(app, "zh_Hans_CN"):
        assert [filters.in_language(Named(*pair)) for pair in (("资金", "Fund"), ("", "Fund"))] == ["资金", "Fund"]
    with reading(app, "en"):
        assert [filters.in_language(Named(*pair)) for pair in (("资金", "Fund"), ("资金", ""))] == ["Fund", "资金"]


def test_templates_know_the_readers_language(app: Flask) -> None:
    with reading(app, "en"):
        assert render_template_string("{{ get_locale() }}") == "en"


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 5, "0 %"), (1, 3, "33.3 %"), (2, 3, "66.7 %"), (5, 5, "100 %"), (1, 10_000, "< 0.1 %"), (1, 0, "")],
)
def test_a_part_of_a_whole_has_one_decimal_everywhere(part: int, whole: int, shown: str) -> None:
    assert filters.share(part, whole).replace("\N{NO-BREAK SPACE}", " ") == shown
