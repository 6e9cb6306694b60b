"""The pages: declaring, reading, deciding, overriding; and that a declaration shows itself to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.conflicts import policy, queries, service
from marketplace.conflicts.models import ConflictOverride, Relation
from marketplace.conflicts.workflow import RelationState
from marketplace.db.base import db
from marketplace.kernel.call import Role
from tests.conflicts.conftest import Scene
from tests.factories import Make


def typed(scene: Scene, **values: str) -> dict[str, str]:
    return {
        "near": "me",
        "kind": "co_authors",
        "other_kind": "person",
        "other_name": scene.owner.person.name,
        "other_at": scene.enterprise.name,
        "evidence": "2025年共同发表论文一篇",
        **values,
    }


def test_a_person_declares_and_withdraws(scene: Scene, sign_in: Any) -> None:
    client = sign_in(scene.lead)
    assert "尚未申报" in client.get("/conflicts/mine").get_data(as_text=True)
    answer = client.post("/conflicts", data=typed(scene))
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "共同作者" in page
    assert "核实成立" not in page
    relation = db.session.scalars(select(Relation)).one()
    assert client.post(f"/conflicts/{relation.id}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"/conflicts/{relation.id}/withdraw", data={"reason": "填错了"}).status_code == 303
    db.session.refresh(relation)
    assert relation.state is RelationState.WITHDRAWN


@pytest.mark.parametrize(
    "values",
    [
        {"evidence": ""},
        {"kind": ""},
        {"kind": "bogus"},
        {"other_name": ""},
        {"since": "2026-02-02", "until": "2026-02-01"},
        {"since": "0001-01-01"},
        {"until": "notadate"},
        {"near": "999"},
        {"near": "another"},
        {"other_kind": "organisation"},
        {"other_kind": "x"},
    ],
)
def test_a_refused_form_keeps_what_was_typed(scene: Scene, sign_in: Any, values: dict[str, str]) -> None:
    answer = sign_in(scene.lead).post("/conflicts", data=typed(scene, **values))
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert scene.enterprise.name in page
    assert 'role="alert"' in page
    assert db.session.scalars(select(Relation)).all() == []


def test_an_officer_registers_on_evidence_for_somebody_else(scene: Scene, sign_in: Any) -> None:
    client = sign_in(scene.officers[0])
    data = typed(scene, near="another", near_name=scene.lead.email)
    assert client.post("/conflicts", data=data).status_code == 303
    assert db.session.scalars(select(Relation)).one().person_id == scene.lead.person_id
    answer = client.post("/conflicts", data=typed(scene, near="another", near_name="nobody@example.test"))
    assert answer.status_code == 422
    assert "未找到该人员或单位" in answer.get_data(as_text=True)


def test_what_one_may_not_see_is_the_same_404_as_nothing(scene: Scene, make: Make, sign_in: Any) -> None:
    row = scene.declared()
    for account in (scene.owner, make.account(Role.FUND_MANAGER), make.account(Role.ADMINISTRATOR)):
        client = sign_in(account)
        hidden, missing = client.get(f"/conflicts/{row.id}"), client.get("/conflicts/999999")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        said = [
            page.text.split("<main")[1].split("</main>")[0].replace(f"/conflicts/{key}", "")
            for page, key in ((hidden, row.id), (missing, 999999))
        ]
        assert said[0] == said[1]
        assert client.get("/conflicts/mine").status_code == 200
    assert sign_in(make.account(Role.AUDITOR)).get(f"/conflicts/{row.id}").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_policy_and_query_say_the_same(scene: Scene, make: Make, role: Role) -> None:
    row, own = scene.declared(), scene.lead
    for account in (make.account(role), own):
        actor = actor_of(account)
        shown = row.id in set(db.session.scalars(queries.visible_to(actor).with_only_columns(Relation.id)))
        assert shown is bool(policy.may_see(actor, row.declared_by))


def test_officers_list_search_identify_and_confirm(scene: Scene, sign_in: Any, count_statements: list[str]) -> None:
    row = scene.declared(other_at="")
    client = sign_in(scene.officers[0])
    page = client.get("/conflicts").get_data(as_text=True)
    assert "待认定" in page
    assert scene.owner.person.name not in client.get("/conflicts?q=无此人").get_data(as_text=True)
    assert scene.lead.person.name in client.get(f"/conflicts?q={scene.lead.person.name}").get_data(as_text=True)
    assert client.get("/conflicts?state=bogus&page=0&q=%00").status_code == 200
    assert scene.owner.person.name in client.get("/conflicts/unidentified").get_data(as_text=True)
    assert client.post(f"/conflicts/{row.id}/identify", data={"other_id": "x"}).status_code == 422
    assert client.post(f"/conflicts/{row.id}/identify", data={"other_id": "1" * 30}).status_code == 422
    answer = client.post(f"/conflicts/{row.id}/identify", data={"other_id": str(scene.owner.person_id)})
    assert answer.status_code == 303
    assert client.post(f"/conflicts/{row.id}/confirm").status_code == 303
    assert client.post(f"/conflicts/{row.id}/confirm").status_code == 409
    before = len(count_statements)
    client.get("/conflicts")
    few = len(count_statements) - before
    for _ in range(5):
        scene.declared(other_at="")
    db.session.expunge_all()
    before = len(count_statements)
    client.get("/conflicts")
    assert len(count_statements) - before <= few + 1


def test_two_officers_pass_over_a_link_on_the_pages(scene: Scene, sign_in: Any) -> None:
    scene.declared()
    (link,) = scene.found()
    first, second = (sign_in(account) for account in scene.officers)
    url = f"/conflicts/overrides/new/order/7/{link.key}"
    assert "户口" in first.get(url).get_data(as_text=True)
    assert first.post(url, data={"reason": ""}).status_code == 422
    assert first.post(url, data={"reason": "合作与订单无关"}).status_code == 303
    row = db.session.scalars(select(ConflictOverride)).one()
    here = f"/conflicts/overrides/{row.id}"
    assert "批准豁免" not in first.get(here).get_data(as_text=True).split("<main", 1)[1].split("action-reason")[0]
    assert first.post(f"{here}/approve", data={"seen": row.content_hash}).status_code == 409
    assert second.post(f"{here}/approve", data={"seen": "x"}).status_code == 409
    assert second.post(f"{here}/approve", data={"seen": row.content_hash}).status_code == 303
    assert "双人已批准" in second.get("/conflicts/overrides").get_data(as_text=True)
    for bad in ("order/7/relation-0", "order/7/nonsense", "bogus/7/" + link.key):
        assert first.get(f"/conflicts/overrides/new/{bad}").status_code == 404
    assert second.post(f"{here}/refuse", data={"reason": "情况有变"}).status_code == 303


def test_evidence_files_are_the_declarers_and_the_centres(scene: Scene, sign_in: Any) -> None:
    import io

    data: dict[str, Any] = {**typed(scene), "upload": (io.BytesIO(b"%PDF-1.7 x"), "证明.pdf")}
    answer = sign_in(scene.lead).post("/conflicts", data=data)
    url = f"{answer.location}/file"
    assert sign_in(scene.lead).get(url).data.startswith(b"%PDF")
    assert sign_in(scene.officers[0]).get(url).status_code == 200
    assert sign_in(scene.owner).get(url).status_code == 404
    service.declare(scene.call(scene.lead), scene.terms())
    bare = db.session.scalars(select(Relation).where(Relation.file_id.is_(None))).one()
    assert sign_in(scene.lead).get(f"/conflicts/{bare.id}/file").status_code == 404
