"""Pages of evaluations: the committee's, the centre's, the enterprise's and the bidders', and what each must not show."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.evaluation import queries, service
from marketplace.evaluation.workflow import EvaluationState
from marketplace.kernel.call import Role
from marketplace.orders.workflow import OrderState
from tests.evaluation.court import Court


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_from_the_criteria_to_the_result(court: Court, sign_in: Any, locale: str) -> None:
    scene = court.opened().scene
    first, second = (sign_in(account, locale) for account in scene.officers)
    path = f"/orders/{court.order_id}/evaluation"
    assert first.get(path).status_code == 200
    for judge in court.judges:
        answer = first.post(f"{path}/members", data={"email": judge.email, "expert": "y"})
        assert answer.status_code == 303
    clients = {judge.id: sign_in(judge, locale) for judge in court.judges}
    seat = f"/evaluations/{court.evaluation().id}"
    for client in clients.values():
        assert seat in client.get("/evaluations").text
        assert client.get(f"{seat}/bids/{court.bids[0].id}").status_code == 404, "nobody reads bids before accepting"
        assert client.post(f"{seat}/accept").status_code == 303
    assert first.post(f"{path}/begin").status_code == 303
    criteria = court.evaluation().criteria
    for number, client in enumerate(clients.values()):
        for bid in court.bids:
            page = client.get(f"{seat}/bids/{bid.id}")
            assert scene.terms().plan in page.text
            assert "420,000" not in page.text
            points = {f"rows-{place}-points": str(70 + number) for place in range(len(criteria))}
            data = {**points, "remark": f"意见{number}"}
            assert client.post(f"{seat}/bids/{bid.id}", data=data).status_code == 303
        assert client.post(f"{seat}/submit").status_code == 303
    assert second.post(f"{path}/lock").status_code == 303
    assert "710 / 1000" in second.get(path).text
    result = sign_in(scene.owner, locale).get(f"{path}/result").text
    assert "710 / 1000" in result
    assert court.judges[0].person.name not in result
    own = sign_in(scene.lead, locale).get(f"/bids/{court.bids[0].id}/evaluation").text
    assert "710 / 1000" in own
    assert "意见0" in own
    assert court.judges[0].person.name not in own


def test_a_member_sees_the_others_points_only_after_the_own_are_handed_in(court: Court, sign_in: Any) -> None:
    court.begun()
    one, two, _three = court.judges
    court.score(one, 97, 3)
    service.submit_scores(court.call(one), court.evaluation().id)
    court.score(two, 50, 51)
    seat = f"/evaluations/{court.evaluation().id}"
    page = sign_in(two).get(seat).text
    assert ">97<" not in page
    assert one.person.name not in page
    assert ">50<" in page
    service.submit_scores(court.call(two), court.evaluation().id)
    page = sign_in(two).get(seat).text
    assert ">97<" in page
    assert one.person.name in page


def test_without_the_rule_the_others_points_would_show(
    court: Court, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    court.begun()
    one, two, _three = court.judges
    court.score(one, 97, 3)
    service.submit_scores(court.call(one), court.evaluation().id)
    monkeypatch.setattr("marketplace.evaluation.policy.may_see_others", lambda _member: True)
    assert ">97<" in sign_in(two).get(f"/evaluations/{court.evaluation().id}").text


def test_before_the_lock_nobody_outside_the_committee_sees_points_or_names(court: Court, sign_in: Any) -> None:
    court.handed_in((97, 3), (96, 4), (95, 5))
    scene, path = court.scene, f"/orders/{court.order_id}/evaluation"
    for account in (scene.owner, scene.lead):
        client = sign_in(account)
        assert client.get(path).status_code == 403
        assert client.get(f"{path}/result").status_code in {403, 404}
        assert client.get(f"/evaluations/{court.evaluation().id}").status_code == 404
        assert client.get(f"/bids/{court.bids[0].id}/evaluation").status_code in {403, 404}
    officer = sign_in(scene.officers[0]).get(path).text
    assert court.judges[0].person.name in officer
    for points in (">97<", ">96<", ">95<"):
        assert points not in officer


def test_a_bidder_reads_the_own_result_only(court: Court, sign_in: Any) -> None:
    court.locked()
    team = sign_in(court.scene.lead)
    assert team.get(f"/bids/{court.bids[0].id}/evaluation").status_code == 200
    assert team.get(f"/bids/{court.bids[1].id}/evaluation").status_code == 404


def test_criteria_are_public_with_the_order_and_edited_on_a_page(court: Court, sign_in: Any, app: Any) -> None:
    order = court.make.order(court.scene.enterprise, OrderState.PUBLISHED, alliance_id=court.scene.alliance.id)
    owner, path = sign_in(court.scene.owner), f"/orders/{order.id}/criteria"
    assert app.test_client().get(path).status_code == 200
    assert owner.get(f"{path}/edit").status_code == 200
    rows = {"criteria-0-name": "路线", "criteria-0-weight": "60", "criteria-1-name": "团队", "criteria-1-weight": "30"}
    assert owner.post(f"{path}/edit", data=rows).status_code == 422
    assert owner.post(f"{path}/edit", data={**rows, "criteria-1-weight": ""}).status_code == 422
    assert owner.post(f"{path}/edit", data={**rows, "add_row": "criteria"}).status_code == 200
    assert owner.post(f"{path}/edit", data={**rows, "criteria-1-weight": "40"}).status_code == 303
    assert "路线" in app.test_client().get(path).text


@pytest.mark.parametrize("points", ["101", "-1", "1.5", "viel", "9" * 40])
def test_wrong_points_are_refused_beside_their_field(court: Court, sign_in: Any, points: str) -> None:
    court.begun()
    path = f"/evaluations/{court.evaluation().id}/bids/{court.bids[0].id}"
    answer = sign_in(court.judges[0]).post(path, data={"rows-0-points": points})
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_the_links_that_stand_in_the_way_are_named(court: Court, sign_in: Any) -> None:
    court.opened().appoint(court.judges[0])
    answer = sign_in(court.scene.officers[0]).post(
        f"/orders/{court.order_id}/evaluation/members", data={"email": court.scene.lead.email}
    )
    assert answer.status_code == 422
    assert court.scene.lead.person.name in answer.text
    assert "/conflicts/overrides/new/evaluation/" in answer.text


def test_members_replace_decline_and_exclusions_have_their_pages(court: Court, sign_in: Any) -> None:
    court.seated()
    first, second = (sign_in(account) for account in court.scene.officers)
    path = f"/orders/{court.order_id}/evaluation"
    member = court.evaluation().members[0]
    assert first.get(f"{path}/members/{member.id}/replace").status_code == 200
    assert first.post(f"{path}/members/{member.id}/replace", data={"reason": ""}).status_code == 422
    assert first.post(f"{path}/members/{member.id}/replace", data={"reason": "出差"}).status_code == 303
    assert first.get(f"{path}/members/999/replace").status_code == 404
    judge = sign_in(court.judges[1])
    seat = f"/evaluations/{court.evaluation().id}"
    assert judge.post(f"{seat}/decline", data={"reason": ""}).status_code == 422
    assert judge.post(f"{seat}/decline", data={"reason": "没有时间"}).status_code == 303
    bid = court.bids[0].id
    assert first.get(f"/bids/{bid}/exclude").status_code == 200
    assert first.post(f"/bids/{bid}/exclude", data={"reason": ""}).status_code == 422
    assert first.post(f"/bids/{bid}/exclude", data={"reason": "缺少资质"}).status_code == 303
    assert "缺少资质" in second.get(path).text
    assert "/exclude" in second.get(path).text
    overseen = sign_in(court.make.account(Role.AUDITOR)).get(path).text
    assert "缺少资质" in overseen
    assert "/exclude" not in overseen, "who only reads is offered nothing to decide"
    assert first.post(f"/bids/{bid}/exclude/confirm").status_code == 403
    assert second.post(f"/bids/{bid}/exclude/confirm").status_code == 303
    assert second.get(path).status_code == 200


def test_what_waits_for_whom(court: Court) -> None:
    court.opened().appoint(*court.judges)
    judge = court.call(court.judges[0])
    assert [task.endpoint for task in queries.waiting_for(judge)] == ["evaluation.seat"]
    for account in court.judges:
        service.accept_seat(court.call(account), court.evaluation().id)
    assert queries.waiting_for(judge) == []
    service.begin_scoring(court.officer, court.order_id)
    assert len(queries.waiting_for(judge)) == 1
    for account in court.judges:
        court.score(account, 80, 60)
        service.submit_scores(court.call(account), court.evaluation().id)
    assert queries.waiting_for(judge) == []
    assert [task.endpoint for task in queries.waiting_for(court.officer)] == ["evaluation.show"]
    service.lock_scores(court.officer, court.order_id)
    assert queries.waiting_for(court.officer) == []
    assert court.evaluation().state is EvaluationState.LOCKED


def test_an_auditor_reads_and_leads_nothing(court: Court, sign_in: Any) -> None:
    court.handed_in()
    auditor = sign_in(court.make.account(Role.AUDITOR))
    path = f"/orders/{court.order_id}/evaluation"
    assert auditor.get(path).status_code == 200
    assert auditor.post(f"{path}/lock").status_code == 403
