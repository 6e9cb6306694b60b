"""What the forms of this room accept and what they say otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.funds.forms import ContributionForm, FundForm
from marketplace.funds.terms import ContributionTerms, FundTerms
from marketplace.funds.workflow import FundKind

FUND = {
    "code": "DE-2027",
    "name": "创新资金",
    "kind": "alliance",
    "share_max": "12.5 %",
    "match_max": "100",
    "amount_min": "1万",
    "amount_max": "20万",
    "enterprise_max": "",
    "cost": "",
    "fields": ["software", "energy"],
    "sizes": ["micro"],
    "regions": "441900，440100 441900",
    "valid_from": "2027-01-01",
    "valid_to": "",
}


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Any:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def filled(values: dict[str, Any]) -> FundForm:
    form = FundForm(formdata=MultiDict(values))
    form.choose_alliance([])
    return form


def test_a_fund_form_becomes_terms_in_fen_and_basis_points() -> None:
    form = filled(FUND)
    assert form.validate(), form.errors
    assert form.to_terms() == FundTerms(
        code="DE-2027",
        name="创新资金",
        kind=FundKind.ALLIANCE,
        public=False,
        share_max=1250,
        match_max=10_000,
        amount_min=1_000_000,
        amount_max=20_000_000,
        fields=("software", "energy"),
        sizes=("micro",),
        regions=("441900", "440100"),
        valid_from=date(2027, 1, 1),
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "a b"}, "code"),
        ({"code": ""}, "code"),
        ({"name": "\x00 "}, "name"),
        ({"kind": "gift"}, "kind"),
        ({"share_max": "a third"}, "share_max"),
        ({"share_max": "-1"}, "share_max"),
        ({"share_max": "1.234"}, "share_max"),
        ({"share_max": "9" * 30}, "share_max"),
        ({"match_max": "١٠"}, "match_max"),
        ({"amount_min": "-5"}, "amount_min"),
        ({"amount_max": "9" * 30}, "amount_max"),
        ({"cost": "9" * 30}, "cost"),
        ({"cost": "1.5"}, "cost"),
        ({"fields": ["alchemy"]}, "fields"),
        ({"sizes": ["huge"]}, "sizes"),
        ({"regions": "4419"}, "regions"),
        ({"regions": "441900 x" * 50}, "regions"),
        ({"valid_from": "2027-02-30"}, "valid_from"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"valid_to": "9999-12-31"}, "valid_to"),
        ({"effective_on": "9999-12-31"}, "effective_on"),
        ({"alliance_id": "7"}, "alliance_id"),
    ],
)
def test_a_slip_is_named_at_its_field(change: dict[str, Any], field: str) -> None:
    form = filled({**FUND, **change})
    assert not form.validate()
    assert set(form.errors) == {field}


@pytest.mark.parametrize(("basis_points", "typed"), [(3000, "30"), (1250, "12.5"), (1, "0.01"), (0, "0"), (None, "")])
def test_a_share_is_shown_as_people_type_it(basis_points: int | None, typed: str) -> None:
    form = FundForm(formdata=None, data={"share_max": basis_points})
    assert form.share_max._value() == typed


def test_a_contribution_needs_an_amount_and_its_source() -> None:
    good = ContributionForm(formdata=MultiDict({"amount": "500万", "source": " 通知 "}))
    assert good.validate(), good.errors
    assert good.to_terms() == ContributionTerms(amount=500_000_000, source="通知")
    for amount in ("", "0", "much"):
        bad = ContributionForm(formdata=MultiDict({"amount": amount, "source": ""}))
        assert not bad.validate()
        assert set(bad.errors) == {"amount", "source"}
