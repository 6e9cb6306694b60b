"""Forms of orders check shapes and lose nothing that was typed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.orders.forms import DisclosureForm, NeedForm, TargetsForm, TermsForm, plain
from marketplace.orders.terms import TargetTerms
from marketplace.orders.workflow import Comparator, ContractType

PLACES = [("3:7", "Enterprise · Alliance")]


def sent(app: Flask, form: Any, data: dict[str, str], **kwargs: Any) -> Any:
    with app.test_request_context("/", method="POST", data=MultiDict(data)):
        made = form(**kwargs)
        made.is_fine = made.validate_on_submit()
        made.messages = {name: [str(e) for e in errors] for name, errors in made.errors.items()}
        return made


def test_the_first_step_hands_over_plain_values(app: Flask) -> None:
    data = {"place": "3:7", "title": "  涂层\x00 ", "problem": "a\r\nb", "field": "chemistry"}
    form = sent(app, NeedForm, data, place_choices=PLACES)
    assert form.is_fine
    terms = form.to_terms()
    assert (form.organisation_id, terms.alliance_id) == (3, 7)
    assert (terms.title, terms.problem, terms.field) == ("涂层", "a\nb", Field.CHEMISTRY)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"place": "4:7", "field": ""}, "place"),
        ({"place": "", "field": ""}, "place"),
        ({"place": "3:7", "title": "涂" * 201}, "title"),
        ({"place": "3:7", "field": "alchemy"}, "field"),
        ({"place": "3:7", "problem": "x" * 20_001}, "problem"),
    ],
)
def test_a_wrong_first_step_names_the_place(app: Flask, data: dict[str, str], field: str) -> None:
    form = sent(app, NeedForm, data, place_choices=PLACES)
    assert not form.is_fine
    assert set(form.messages) == {field}


def test_target_rows_may_have_gaps_and_empty_rows_are_left_out(app: Flask) -> None:
    data = {
        "trl_now": "3",
        "trl_wanted": "",
        "targets-0-name": "",
        "targets-0-comparator": "at_least",
        "targets-5-name": "粒径",
        "targets-5-comparator": "between",
        "targets-5-value": "1.80",
        "targets-5-value_to": "2.20",
        "targets-5-unit": "μm",
        "targets-5-must_have": "y",
        "targets-9-name": "产率",
        "targets-9-comparator": "at_least",
        "targets-9-value": "尽可能高",
        "targets-9-value_to": "7",
    }
    form = sent(app, TargetsForm, data)
    assert form.is_fine, form.messages
    terms = form.to_terms()
    assert (terms.trl_now, terms.trl_wanted) == (3, None)
    assert terms.targets == (
        TargetTerms("粒径", Comparator.BETWEEN, "1.80", "2.20", "μm", "", True),
        TargetTerms("产率", Comparator.AT_LEAST, "尽可能高", "", "", "", False),
    )


def test_more_target_rows_than_allowed_are_cut(app: Flask) -> None:
    data = {f"targets-{i}-name": f"n{i}" for i in range(40)} | {"targets-99999999999999999999-name": "x"}
    data |= {f"targets-{i}-comparator": "at_least" for i in range(40)}
    form = sent(app, TargetsForm, {"trl_now": "", "trl_wanted": "", **data})
    assert len(form.to_terms().targets) == 30


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"own_funds": "many"}, "own_funds"),
        ({"price_ceiling": "0"}, "price_ceiling"),
        ({"price_ceiling": "9" * 30}, "price_ceiling"),
        ({"price_ceiling": "1.234"}, "price_ceiling"),
        ({"bid_deadline": "tomorrow"}, "bid_deadline"),
        ({"bid_deadline": "9999-12-31T23:59"}, "bid_deadline"),
        ({"delivery_on": "0001-01-01"}, "delivery_on"),
        ({"delivery_on": "2027-02-30"}, "delivery_on"),
        ({"contract_type": "marriage"}, "contract_type"),
        ({"ip_wish": "\x00"}, "ip_wish"),
    ],
)
def test_wrong_terms_name_the_place_and_keep_what_was_typed(app: Flask, data: dict[str, str], field: str) -> None:
    form = sent(app, TermsForm, data)
    assert not form.is_fine
    assert set(form.messages) == {field}


def test_terms_are_whole_fen_and_utc(app: Flask) -> None:
    data = {"own_funds": "0", "price_ceiling": "48万", "bid_deadline": "2027-02-01T10:00", "contract_type": "joint"}
    terms = sent(app, TermsForm, data).to_terms()
    assert (terms.own_funds, terms.price_ceiling, terms.contract_type) == (0, 48_000_000, ContractType.JOINT)
    assert terms.bid_deadline.isoformat() == "2027-02-01T02:00:00+00:00"
    assert terms.bidding_from is None


def test_an_unknown_visibility_is_refused(app: Flask) -> None:
    assert not sent(app, DisclosureForm, {"visibility": "world"}).is_fine
    assert sent(app, DisclosureForm, {"visibility": "centre"}).to_terms().visibility is Visibility.CENTRE


@pytest.mark.parametrize(("typed", "kept"), [(None, ""), (" a\x00b \r\n", "ab"), ("\x00", "")])
def test_nul_never_reaches_the_database(typed: str | None, kept: str) -> None:
    assert plain(typed) == kept
