"""What the forms make of what people type."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.rounds.forms import BidForm, FundsForm, OrdersForm, RoundForm, clean
from marketplace.rounds.terms import BidTreatment, FundPick
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, Part
from marketplace.web.forms import number_or_none
from tests.rounds.conftest import Scene

TYPED = {**{part.value: "10" for part in Part}, "title": " 夏季 ", "alliance_id": "", "time_limit": "45"}


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("7", 7),
        ("", None),
        ("x", None),
        ("-1", None),
        ("٣", None),
        ("1.5", None),
        ("9" * 30, None),
        (None, None),
        (7, 7),
    ],
)
def test_only_plain_numbers_name_a_row(typed: Any, row: int | None) -> None:
    assert number_or_none(typed) == row


def test_text_loses_its_blanks_and_what_a_database_cannot_keep() -> None:
    assert clean(" a\x00b ") == "ab"
    assert clean(None) == ""


@pytest.mark.parametrize(
    ("share", "points"), [("", None), ("0", 0), ("70", 7_000), ("33.33", 3_333), ("12.345", 1_234), ("100", 10_000)]
)
def test_a_share_is_typed_in_per_cent_and_kept_in_basis_points(context: Flask, share: str, points: int | None) -> None:
    with context.test_request_context(method="POST"):
        form = RoundForm([], whole_centre=True, formdata=MultiDict({**TYPED, "public_share_max": share}))
        assert form.validate(), form.errors
        assert form.to_terms().public_share_max == points
        assert form.to_terms().title == "夏季"
        assert form.to_terms().alliance_id is None


def test_a_group_without_a_number_demands_nothing(context: Flask, scene: Scene) -> None:
    rows = {"floors-0-group": "sme", "floors-0-matched": "", "floors-1-group": "alliance:NM", "floors-1-matched": "2"}
    with context.test_request_context(method="POST"):
        form = RoundForm([scene.alliance], whole_centre=True, formdata=MultiDict({**TYPED, **rows}))
        assert form.validate(), form.errors
        assert form.to_terms().at_least == {"alliance:NM": 2}


def test_a_round_comes_back_as_it_was_saved(context: Flask, scene: Scene) -> None:
    row = scene.open(public_share_max=3_050, at_least={"sme": 1})
    with context.test_request_context(method="POST"):
        form = RoundForm([scene.alliance], whole_centre=True, kept=row, data=RoundForm.values_of(row))
        saved = form.to_terms()
        assert saved.weights == DEFAULT_WEIGHTS
        assert (saved.public_share_max, saved.at_least, saved.time_limit) == (3_050, {"sme": 1}, 20)
        assert [choice.value for choice in form.alliance_id.choices] == [""]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ({"part": ""}, BidTreatment(4)),
        ({"part": "locked", "reason": "x"}, BidTreatment(4, locked=True, reason="x")),
        ({"part": "forbidden", "reason": "资质"}, BidTreatment(4, forbidden=True, reason="资质")),
    ],
)
def test_a_bids_part_is_one_of_three(context: Flask, typed: dict[str, str], terms: BidTreatment) -> None:
    with context.test_request_context(method="POST"):
        form = BidForm(formdata=MultiDict(typed))
        assert form.validate(), form.errors
        assert form.to_terms(4) == terms


def test_only_ticked_funds_are_picked(context: Flask) -> None:
    typed = {
        "rows-0-fund_id": "3",
        "rows-0-take": "y",
        "rows-0-ceiling": "48万",
        "rows-1-fund_id": "4",
        "rows-1-ceiling": "1",
    }
    with context.test_request_context(method="POST"):
        form = FundsForm(formdata=MultiDict(typed))
        assert form.validate(), form.errors
        assert form.to_terms() == [FundPick(3, 48_000_000)]


def test_strange_ticks_are_left_out(context: Flask) -> None:
    with context.test_request_context(method="POST"):
        form = OrdersForm(formdata=MultiDict([("orders", "1"), ("orders", "x"), ("orders", "9" * 40), ("orders", "2")]))
        assert form.chosen == [1, 2]
