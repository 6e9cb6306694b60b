"""What the forms of this room accept and what they say otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.talent.forms import CapabilityForm, EvidenceForm, TeamForm
from marketplace.talent.terms import CapabilityTerms, EvidenceTerms, TeamTerms
from marketplace.talent.workflow import EvidenceKind

TEAM = {"name": " 团队 ", "name_en": "", "introduction": "a\r\nb", "capacity_days": "240", "lead": ""}
OFFER = {
    "title": "涂层",
    "summary": "以硅烷预处理与水性涂层结合，盐雾试验超过一千小时。",
    "field": "new_materials",
    "trl_from": "3",
    "trl_to": "7",
    "price_from": "10万",
    "price_to": "600,000",
    "visibility": "centre",
    "alliance_id": "",
}
PIECE = {"kind": "patent", "title": "一种涂料", "year": "2017", "reference": " ZL201710601862.3 ", "body": ""}


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Any:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def filled(kind: Any, values: dict[str, str]) -> Any:
    form = kind(formdata=MultiDict(values))
    if kind is TeamForm:
        form.choose_lead([])
    if kind is CapabilityForm:
        form.choose_alliance([])
    return form


def test_a_team_form_becomes_terms_without_stray_space() -> None:
    form = filled(TeamForm, TEAM)
    assert form.validate(), form.errors
    assert form.to_terms() == TeamTerms(name="团队", capacity_days=240, introduction="a\nb")


def test_a_capability_form_becomes_terms_in_fen() -> None:
    form = filled(CapabilityForm, OFFER)
    assert form.validate(), form.errors
    assert form.to_terms() == CapabilityTerms(
        title="涂层",
        summary=OFFER["summary"],
        field=Field.NEW_MATERIALS,
        trl_from=3,
        trl_to=7,
        price_from=10_000_000,
        price_to=60_000_000,
        visibility=Visibility.CENTRE,
    )


def test_an_evidence_form_becomes_terms() -> None:
    form = filled(EvidenceForm, PIECE)
    assert form.validate(), form.errors
    assert form.to_terms() == EvidenceTerms(
        kind=EvidenceKind.PATENT, title="一种涂料", year=2017, reference="ZL201710601862.3"
    )


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (TeamForm, {**TEAM, "name": "   "}, "name"),
        (TeamForm, {**TEAM, "name": "x" * 121}, "name"),
        (TeamForm, {**TEAM, "capacity_days": "-1"}, "capacity_days"),
        (TeamForm, {**TEAM, "capacity_days": "1" * 40}, "capacity_days"),
        (TeamForm, {**TEAM, "capacity_days": "many"}, "capacity_days"),
        (TeamForm, {**TEAM, "lead": "17"}, "lead"),
        (CapabilityForm, {**OFFER, "title": ""}, "title"),
        (CapabilityForm, {**OFFER, "title": "\x00"}, "title"),
        (CapabilityForm, {**OFFER, "summary": "too short"}, "summary"),
        (CapabilityForm, {**OFFER, "field": "alchemy"}, "field"),
        (CapabilityForm, {**OFFER, "ipc": "H01M；电池"}, "ipc"),
        (CapabilityForm, {**OFFER, "ipc": "；".join(f"A01B{n}/00" for n in range(10, 30))}, "ipc"),
        (CapabilityForm, {**OFFER, "trl_from": "10"}, "trl_from"),
        (CapabilityForm, {**OFFER, "trl_to": "x"}, "trl_to"),
        (CapabilityForm, {**OFFER, "price_from": "cheap"}, "price_from"),
        (CapabilityForm, {**OFFER, "price_to": ""}, "price_to"),
        (CapabilityForm, {**OFFER, "price_to": "9" * 30}, "price_to"),
        (CapabilityForm, {**OFFER, "visibility": "world"}, "visibility"),
        (CapabilityForm, {**OFFER, "alliance_id": "7"}, "alliance_id"),
        (EvidenceForm, {**PIECE, "kind": ""}, "kind"),
        (EvidenceForm, {**PIECE, "year": "last year"}, "year"),
        (EvidenceForm, {**PIECE, "title": " "}, "title"),
    ],
)
def test_a_slip_is_named_at_its_field(kind: Any, values: dict[str, str], field: str) -> None:
    form = filled(kind, values)
    assert not form.validate()
    assert set(form.errors) == {field}


def test_nul_signs_never_reach_the_database() -> None:
    form = filled(CapabilityForm, {**OFFER, "title": "涂\x00层"})
    assert form.validate()
    assert form.to_terms().title == "涂层"
