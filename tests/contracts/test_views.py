"""The pages of this room, as each reader meets them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from marketplace.contracts.documents.content import document_of
from marketplace.contracts.documents.registration import form_of
from marketplace.contracts.forms.after import ChangeStepForm
from marketplace.contracts.forms.text import StepForm
from marketplace.contracts.models import Contract
from marketplace.contracts.turns import present_hash
from marketplace.contracts.workflow import ContractState
from marketplace.db.base import db
from marketplace.outbox.models import Message
from marketplace.web.forms import Form
from tests.contracts.scene import Scene, awarded
from tests.factories import Make

SECRET = "绝密仲裁条款甲子"


def address(scene: Scene, rest: str = "") -> str:
    return f"/contracts/{scene.contract_id}{rest}"


def seen(page: str) -> str:
    return re.findall(r'name="seen"[^>]*value="(\d+)"', page)[0]


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("who", ["enterprise", "lead", "officer", "manager"])
@pytest.mark.parametrize("rest", ["", "/text", "/clauses/plan", "/clauses/disputes"])
def test_the_parties_and_the_centre_read_the_contract(
    scene: Scene, sign_in: Any, locale: str, who: str, rest: str
) -> None:
    scene.draft()
    page = sign_in(scene.accounts[who], locale).get(address(scene, rest))
    assert page.status_code == 200
    assert scene.contract.reference in page.text


@pytest.mark.parametrize("who", ["enterprise", "lead", "officer", "stranger", "visitor"])
def test_the_page_of_an_order_leads_its_parties_to_the_contract(
    scene: Scene, sign_in: Any, app: Flask, who: str
) -> None:
    scene.draft()
    stranger = scene.make.lead(scene.make.team())
    client = app.test_client() if who == "visitor" else sign_in(scene.accounts.get(who, stranger))
    linked = f'href="{address(scene)}"' in client.get(f"/orders/{scene.order.id}").text
    assert linked is (who in {"enterprise", "lead", "officer"})


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "/text",
        "/clauses/plan",
        "/sign",
        "/particulars",
        "/contract.pdf",
        "/contract.docx",
        "/registration.pdf",
        "/abandon",
    ],
)
def test_a_stranger_meets_the_same_404_as_for_nothing(scene: Scene, sign_in: Any, rest: str) -> None:
    scene.draft()
    client = sign_in(scene.accounts["stranger"])
    foreign, missing = client.get(address(scene, rest)), client.get(f"/contracts/{scene.contract_id + 999}{rest}")
    assert foreign.status_code == missing.status_code == 404
    strip = re.compile(r'/contracts/\d+|csrf_token" value="[^"]*"|X-CSRFToken": "[^"]*"')
    assert strip.sub("", foreign.text) == strip.sub("", missing.text)


def test_a_clause_is_asked_for_and_accepted_on_the_pages(scene: Scene, sign_in: Any) -> None:
    scene.draft()
    lead, enterprise = sign_in(scene.accounts["lead"]), sign_in(scene.accounts["enterprise"])
    form = lead.get(address(scene, "/clauses/disputes"))
    new = {"text": "争议由<b>仲裁</b>解决。", "note": "更快", "seen": seen(form.text)}
    assert lead.post(address(scene, "/clauses/disputes"), data=new).status_code == 303
    page = enterprise.get(address(scene, "/clauses/disputes"))
    assert "&lt;b&gt;仲裁" in page.text.replace("</ins><del>", "").replace("<ins>", "").replace("</ins>", "")
    assert "<b>" not in page.text
    assert (
        enterprise.post(address(scene, "/clauses/disputes/accept"), data={"seen": seen(page.text)}).status_code == 303
    )
    assert "争议由" in enterprise.get(address(scene, "/text")).text


def test_a_refused_text_is_shown_again_and_nothing_is_lost(scene: Scene, sign_in: Any) -> None:
    scene.draft()
    client = sign_in(scene.accounts["lead"])
    page = client.post(address(scene, "/clauses/disputes"), data={"text": "x" * 9000, "note": "留住我", "seen": "1"})
    assert page.status_code == 422
    assert "留住我" in page.text


def answered(page: str) -> str:
    """Which version the form with another text answers; the buttons above it carry marks of their own."""
    return re.findall(r'name="seen"[^>]*value="(\d+)"', page)[-1]


def test_a_text_refused_for_a_slip_still_answers_the_version_its_writer_read(scene: Scene, sign_in: Any) -> None:
    scene.draft()
    lead, enterprise = sign_in(scene.accounts["lead"]), sign_in(scene.accounts["enterprise"])
    path = address(scene, "/clauses/disputes")
    read = seen(lead.get(path).text)
    assert enterprise.post(path, data={"text": "提交仲裁。", "note": "", "seen": read}).status_code == 303
    slip = lead.post(path, data={"text": "x" * 9000, "note": "", "seen": read})
    assert (slip.status_code, answered(slip.text)) == (422, read)
    unread = lead.post(path, data={"text": "协商解决。", "note": "", "seen": read})
    assert unread.status_code == 422
    assert int(answered(unread.text)) > int(read), "the refusal and the present text were shown"
    assert "提交仲裁。" in unread.text


def test_a_plan_is_changed_row_by_row(scene: Scene, sign_in: Any) -> None:
    contract = scene.draft()
    client = sign_in(scene.accounts["enterprise"])
    data = {"seen": seen(client.get(address(scene, "/clauses/plan")).text), "note": ""}
    for n, share in enumerate(("33.33", "66.67")):
        data |= {f"steps-{n}-title": f"阶段{n}", f"steps-{n}-deliverables": "报告", f"steps-{n}-share": share}
        data[f"steps-{n}-due_on"] = contract.ends_on.isoformat()
    more = client.post(address(scene, "/clauses/plan"), data={**data, "add_row": "steps"})
    assert "steps-2-title" in more.text
    assert client.post(address(scene, "/clauses/plan"), data={**data, "steps-0-share": "33"}).status_code == 422
    assert client.post(address(scene, "/clauses/plan"), data=data).status_code == 303


def test_both_owners_sign_on_the_page(scene: Scene, sign_in: Any) -> None:
    scene.draft()
    for who in ("enterprise", "institution"):
        client = sign_in(scene.accounts[who])
        assert present_hash(scene.contract) in client.get(address(scene, "/sign")).text
        wrong = client.post(
            address(scene, "/sign"), data={"document_hash": present_hash(scene.contract), "typed_name": "别人"}
        )
        assert (wrong.status_code, "别人" in wrong.text) == (422, True)
        data = {"document_hash": present_hash(scene.contract), "typed_name": scene.accounts[who].person.name}
        assert client.post(address(scene, "/sign"), data=data).status_code == 303
    assert scene.contract.state is ContractState.IN_FORCE


def test_only_a_side_that_has_not_signed_is_led_to_signing(scene: Scene, sign_in: Any) -> None:
    scene.draft()
    enterprise, institution = (sign_in(scene.accounts[who]) for who in ("enterprise", "institution"))
    link = f'href="{address(scene, "/sign")}"'
    assert link in enterprise.get(address(scene)).text
    data = {"document_hash": present_hash(scene.contract), "typed_name": scene.accounts["enterprise"].person.name}
    assert enterprise.post(address(scene, "/sign"), data=data).status_code == 303
    assert link not in enterprise.get(address(scene)).text
    assert link in institution.get(address(scene)).text


def test_the_documents_are_complete_and_stay_the_same_once_signed(scene: Scene, sign_in: Any) -> None:
    scene.in_force()
    client = sign_in(scene.accounts["enterprise"])
    first = client.get(address(scene, "/contract.pdf"))
    assert (first.status_code, first.data[:5]) == (200, b"%PDF-")
    scene.order.organisation.name = "改名后的公司"
    db.session.commit()
    assert client.get(address(scene, "/contract.pdf")).data == first.data
    word = (
        zipfile.ZipFile(io.BytesIO(client.get(address(scene, "/contract.docx")).data))
        .read("word/document.xml")
        .decode()
    )
    for text in ("晨光新材料有限公司", "岭南理工大学", "肆拾贰万元整", "第一条", "保密期限", "Summary in English"):
        assert text in word
    assert client.get(address(scene, "/registration.pdf")).data[:5] == b"%PDF-"


def test_the_registry_reads_chinese_in_whatever_language_the_page_is(scene: Scene, app: Flask) -> None:
    contract = scene.in_force()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        rows = dict(form_of(contract, document_of(contract))["rows"])
    assert rows["技术领域"] == "新材料"
    assert (rows["合同成交额"][:9], rows["其中：技术交易额"][:9]) == ("42.0000万元", "42.0000万元")


def test_the_registry_reads_the_day_that_the_city_had_when_the_contract_was_signed(scene: Scene, app: Flask) -> None:
    contract = scene.in_force()
    contract.signed_at = datetime(2027, 3, 1, 17, 30, tzinfo=UTC)
    with app.test_request_context():
        rows = dict(form_of(contract, document_of(contract))["rows"])
    assert rows["合同签订日期"] == "2027年3月2日"
    assert re.fullmatch(r"20\d\d年\d+月\d+日 至 20\d\d年\d+月\d+日", rows["合同起止时间"])


def test_mails_carry_no_word_of_a_clause(scene: Scene, sign_in: Any) -> None:
    scene.draft()
    client = sign_in(scene.accounts["lead"])
    number = seen(client.get(address(scene, "/clauses/disputes")).text)
    client.post(address(scene, "/clauses/disputes"), data={"text": SECRET, "note": SECRET, "seen": number})
    values = [str(row.values) for row in db.session.scalars(select(Message))]
    assert values
    assert not any(SECRET in value for value in values)


def test_the_list_takes_a_bounded_number_of_statements(make: Make, sign_in: Any, count_statements: list[str]) -> None:
    officer = make.officer()
    counts = []
    for _ in range(2):
        for _ in range(3):
            awarded(make).draft()
        client = sign_in(officer)
        client.get("/contracts")
        before = len(count_statements)
        assert client.get("/contracts").status_code == 200
        counts.append(len(count_statements) - before)
    assert counts[0] == counts[1]
    assert len(db.session.scalars(select(Contract)).all()) == 6


@pytest.mark.parametrize("row", [ChangeStepForm, StepForm])
def test_a_milestone_of_nothing_visible_has_no_title(app: Flask, row: type[Form]) -> None:
    """Rows keep text as the forms around them do."""
    with app.test_request_context():
        form = row(MultiDict({"title": "\u200b", "deliverables": "报告\u200b"}))
        assert not form.validate()
        assert "title" in form.errors
        assert form.data["deliverables"] == "报告"
