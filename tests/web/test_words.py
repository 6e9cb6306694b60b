"""Names of choices, and sentences for refusals."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.kernel.policy import YES, no
from marketplace.orders.workflow import ORDER, OrderState
from marketplace.web import words
from marketplace.web.actions import transition_actions


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
