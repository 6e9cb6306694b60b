"""Names of choices, and sentences for refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.kernel.policy import YES, no
from marketplace.orders.workflow import ORDER, OrderState
from marketplace.web import words
from marketplace.web.actions import transition_actions
from marketplace.web.dates import from_iso


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


def test_a_choice_without_a_name_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"Colour: no label for .*blue"):
        words.labels(Colour, {Colour.RED: "Red"})


def test_a_refusal_names_states_as_people_do() -> None:
    said = words.sentence("workflow.not_now", {"state": OrderState.DRAFT})
    assert said == f"This is not possible in the present state ({words.label(OrderState.DRAFT)})."


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (date(2027, 1, 12), "Tue 12 Jan 2027", "2027年1月12日 周二"),
        (datetime(2027, 1, 12, 2, tzinfo=UTC), "Tue 12 Jan 2027, 10:00", "2027年1月12日 周二 10:00"),
        ("2027-01-12", "2027-01-12", "2027-01-12"),
    ],
)
def test_a_refusal_writes_days_as_the_reader_does(value: object, english: str, chinese: str) -> None:
    said = words.sentence("patents.shares_day", {"day": value})
    assert said == f"Shares can only change after the last change, on {english}."
    with force_locale("zh_Hans_CN"):
        assert chinese in words.sentence("patents.shares_day", {"day": value})


@pytest.mark.parametrize("text", ["2027-01-12", "2027-01-12T02:00:00+00:00", "2027-02-30", "RD-2027-0001", ""])
def test_a_day_stored_as_text_is_written_as_one(text: str) -> None:
    told = {"2027-01-12": "Tue 12 Jan 2027", "2027-01-12T02:00:00+00:00": "Tue 12 Jan 2027, 10:00"}
    assert from_iso(text) == told.get(text, text)


def test_a_refusal_without_words_or_without_its_values_still_says_something() -> None:
    assert words.sentence("no.such", {}) == "This cannot be done: no.such."
    assert "%(limit)s" in words.sentence("file.too_large", {"other": 1})
    assert not words.has_sentence("no.such")


def test_nothing_chosen_has_no_name_and_an_unknown_state_no_tone() -> None:
    assert words.label(None) == ""
    assert words.tone(Colour.RED) == "neutral"


def test_buttons_follow_the_workflow_and_the_policy() -> None:
    asked: list[str] = []

    def url() -> str:
        asked.append("x")
        return "/go"

    offers = {
        "publish": (YES, url),
        "send_back": (no("role_needed"), url),
        "submit": (YES, url),
        "cancel": (no("hidden"), url),
    }
    found = transition_actions(ORDER, OrderState.SCREENING, offers, primary="publish")
    assert [(a.url, a.kind, bool(a.disabled_reason)) for a in found] == [
        ("/go", "primary", False),
        ("", "secondary", True),
    ]
    assert asked == ["x"]


def test_no_state_is_called_by_the_heading_of_its_time(app: Flask) -> None:
    """One English word for a state and for the time of it had one translation: a licence stood there as “终止时间”."""
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        called = {kind.__name__: {str(name) for name in names.values()} for kind, names in words._LABELS.items()}
    assert {kind: names for kind, names in called.items() if any(name.endswith("时间") for name in names)} == {}
