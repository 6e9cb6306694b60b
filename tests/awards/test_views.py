"""The pages, each as its reader sees it, and a whole story from the notice through an objection to the contract."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.alliances.workflow import Visibility
from marketplace.awards import jobs, service
from marketplace.awards.days import CITY
from marketplace.awards.models import Award, Complaint, Reversal
from marketplace.awards.terms import ComplaintTerms, ReversalTerms
from marketplace.awards.workflow import AwardState, ComplaintState, Ground
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from tests.awards.conftest import TEXT, Awarded

WORDS = {"standing": "", "ground": "scoring", "text": TEXT}


def test_the_public_reads_who_and_why_and_nothing_of_the_others(awarded: Awarded, client: Any) -> None:
    award = awarded.announced()
    page = client.get(f"/notices/{award.id}").text
    assert awarded.winner.team.name in page
    assert "300,000" in page
    for loser in awarded.losers:
        assert loser.team.name not in page
        assert loser.team.organisation.name not in page
    assert awarded.winner.content is not None
    assert awarded.winner.content.plan not in page
    assert "400,000" not in page
    assert awarded.winner.team.name in client.get("/notices").text
    assert client.get(f"/orders/{awarded.order.id}/notice").location.endswith(f"/notices/{award.id}")
    assert f'href="/notices/{award.id}"' in client.get(f"/orders/{awarded.order.id}").text


def test_a_price_that_is_not_public_is_on_no_public_page(awarded: Awarded, client: Any) -> None:
    awarded.scene.fund.public = False
    awarded.make.save(awarded.scene.fund)
    award = awarded.announced()
    for url in ("/notices", f"/notices/{award.id}"):
        page = client.get(url).text
        assert "300,000" not in page
        assert "不公开" in page


@pytest.mark.parametrize("visibility", [Visibility.ALLIANCE, Visibility.CENTRE])
def test_a_notice_is_for_those_who_may_see_its_order(
    awarded: Awarded, client: Any, sign_in: Any, visibility: Visibility
) -> None:
    award = awarded.announced()
    awarded.order.visibility = visibility
    awarded.make.save(awarded.order)
    assert client.get(f"/notices/{award.id}").status_code == 404
    assert client.get(f"/orders/{awarded.order.id}/notice").status_code == 404
    assert awarded.order.title not in client.get("/notices").text
    assert sign_in(awarded.account("member")).get(f"/notices/{award.id}").status_code == 200


def test_the_award_itself_is_for_parties_and_staff(awarded: Awarded, sign_in: Any, client: Any) -> None:
    award = awarded.announced()
    seen = {"owner": 200, "lead": 200, "officer": 200, "auditor": 200, "loser": 404, "member": 404, "fund_manager": 404}
    for who, status in seen.items():
        assert sign_in(awarded.account(who)).get(f"/awards/{award.id}").status_code == status, who
    assert client.get(f"/awards/{award.id}").status_code == 303
    assert sign_in(awarded.account("officer")).get("/awards/999999999999999999999").status_code == 404


def test_a_loser_sees_the_own_result_before_objecting(awarded: Awarded, sign_in: Any) -> None:
    award = awarded.announced()
    page = sign_in(awarded.account("loser")).get(f"/awards/{award.id}/objections/new").text
    assert page.index("您的结果") < page.index("提交异议")
    assert "/ 3" in page or "共 3" in page
    other = awarded.losers[1]
    assert other.team.name not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_after_the_standstill_the_page_of_objecting_says_until_when_it_was_possible_and_has_no_form(
    awarded: Awarded, sign_in: Any, language: str
) -> None:
    award = awarded.announced()
    here = f"/awards/{award.id}/objections"
    loser = sign_in(awarded.account("loser"), language)
    assert 'name="ground"' in loser.get(f"{here}/new").text
    awarded.after_standstill(award)
    last = award.standstill_ends_at.astimezone(CITY)
    told = f"异议截止于{last.year}年{last.month}月{last.day}日" if language == "zh" else f"{last.day} {last:%b %Y}"
    answers = [
        loser.get(f"{here}/new"),
        loser.post(here, data={**WORDS, "standing": f"bid:{awarded.losers[0].id}"}),
        loser.post(here, data={}),
    ]
    assert [answer.status_code for answer in answers] == [200, 409, 409]
    for answer in answers:
        assert told in answer.text
        assert 'name="ground"' not in answer.text
    assert db.session.scalars(select(Complaint)).all() == []


def test_after_its_days_the_page_of_a_decision_says_until_when_an_appeal_was_possible(
    awarded: Awarded, sign_in: Any
) -> None:
    row = awarded.complaint(awarded.announced())
    service.reject_complaint(awarded.call("officer"), row.id, "不属于异议范围")
    loser, here = sign_in(awarded.account("loser"), "en"), f"/objections/{row.id}"
    assert f'action="{here}/appeal"' in loser.get(here).text
    until = db.session.get_one(Complaint, row.id, populate_existing=True).appeal_until
    assert until is not None
    awarded.clock.now = until
    loser = sign_in(awarded.account("loser"), "en")
    late = loser.post(f"{here}/appeal", data={"text": TEXT})
    assert late.status_code == 422
    for text in (late.text, loser.get(here).text):
        assert "An appeal was possible until" in text
        assert f'action="{here}/appeal"' not in text


def test_the_scores_before_an_objection_add_up(awarded: Awarded, sign_in: Any) -> None:
    award = awarded.announced()
    page = sign_in(awarded.account("loser"), "en").get(f"/awards/{award.id}/objections/new").text
    cells = re.findall(r'data-label="(Weight|Points)">(?:<div>)?([\d,]+)', page)
    weights, points = (
        [int(n.replace(",", "")) for kind, n in cells if kind == which] for which in ("Weight", "Points")
    )
    assert len(weights) == len(points) > 3
    assert sum(weights[:-1]) == weights[-1] > 0
    assert sum(points[:-1]) == points[-1]
    value = re.search(r"Your score.*?>\s*([\d,]+)\s*<", page, re.DOTALL)
    assert value is not None
    assert value[1] == f"{points[-1]:,}"


def test_from_the_notice_through_an_objection_to_the_contract(awarded: Awarded, sign_in: Any) -> None:
    clients = {who: sign_in(awarded.account(who)) for who in ("officer", "second", "owner", "lead", "loser")}
    assert "发布" in clients["officer"].get("/awards/to-announce").text
    answer = clients["officer"].post(f"/awards/announce/{awarded.proposal.id}")
    award_url = answer.location
    award_id = int(award_url.rsplit("/", 1)[1])
    for who, party in (("owner", "enterprise"), ("lead", "team")):
        assert clients[who].post(f"{award_url}/confirm/{party}").status_code == 303
    data = {**WORDS, "standing": f"bid:{awarded.losers[0].id}"}
    filed = clients["loser"].post(f"{award_url}/objections", data=data)
    assert filed.status_code == 303
    here = filed.location
    for who in ("owner", "lead"):
        page = clients[who].get(here).text
        assert TEXT not in page
        assert awarded.losers[0].team.name not in page
        assert awarded.account("loser").person.name not in page
        assert "异议" in clients[who].get(award_url).text
    assert clients["officer"].post(f"{award_url}/start").status_code == 409
    assert clients["officer"].post(f"{here}/accept").status_code == 303
    found = {"finding": "dismissed", "remedy": "", "answer": "材料属实。", "summary": "不成立。"}
    assert clients["officer"].post(f"{here}/answer", data={**found, "answer": ""}).status_code == 422
    assert clients["officer"].post(f"{here}/answer", data=found).status_code == 303
    row = db.session.scalars(select(Complaint)).one()
    seen = {"seen": row.findings[0].content_hash}
    assert clients["officer"].post(f"{here}/approve", data=seen).status_code == 409
    assert clients["second"].post(f"{here}/approve", data={"seen": "x"}).status_code == 409
    assert clients["second"].post(f"{here}/approve", data=seen).status_code == 303
    assert "材料属实" in clients["loser"].get(here).text
    assert "材料属实" not in clients["owner"].get(here).text
    assert clients["loser"].post(f"{here}/appeal", data={"text": "短"}).status_code == 422
    db.session.refresh(row)
    assert row.appeal_until is not None
    awarded.clock.now = row.appeal_until
    db.session.commit()
    jobs.move_due(Call(Actor.system(), awarded.clock.now, "minute"))
    assert "合同" in clients["owner"].get(award_url).text
    assert awarded.fresh(row.award).state is AwardState.CONTRACTING
    assert award_id == row.award_id


def test_an_appeal_reaches_the_panel(awarded: Awarded, sign_in: Any) -> None:
    row = awarded.decided(awarded.complaint(awarded.announced()))
    here = f"/objections/{row.id}"
    panel = [sign_in(awarded.account(f"panel{n}")) for n in (1, 2)]
    assert panel[0].get(here).status_code == 404
    assert sign_in(awarded.account("loser")).post(f"{here}/appeal", data={"text": TEXT}).status_code == 303
    assert TEXT in panel[0].get(here).text
    assert "异议" in panel[0].get("/objections").text
    found = {"finding": "upheld", "remedy": "reevaluate", "answer": "应重新评审。", "summary": "重新评审。"}
    assert panel[0].post(f"{here}/review", data=found).status_code == 303
    db.session.expire_all()
    seen = {"seen": db.session.get_one(Complaint, row.id).findings[-1].content_hash}
    assert panel[0].post(f"{here}/return", data={"reason": ""}).status_code == 422
    assert panel[1].post(f"{here}/approve", data=seen).status_code == 303
    assert db.session.get_one(Complaint, row.id, populate_existing=True).state is ComplaintState.DECIDED
    page = sign_in(awarded.account("owner")).get(f"/notices/{row.award_id}").text
    assert "重新评审。" in page


def test_two_officers_take_back_and_recall_on_the_pages(awarded: Awarded, sign_in: Any) -> None:
    first, second = sign_in(awarded.account("officer")), sign_in(awarded.account("second"))
    assert first.post(f"/awards/release/{awarded.proposal.run_id}").status_code == 303
    url = f"/awards/recall/{awarded.proposal.run_id}"
    assert awarded.order.reference in first.get(url).text
    assert first.post(url, data={"reason": "旧数据"}).status_code == 422
    answer = first.post(url, data={"reason": "旧数据", "public_reason": "将重新评审"})
    assert answer.status_code == 303
    row = db.session.scalars(select(Reversal)).one()
    for client, seen, status in ((first, row.content_hash, 409), (second, "0", 409), (second, row.content_hash, 303)):
        assert client.post(f"{answer.location}/approve", data={"seen": seen}).status_code == status
    assert "将重新评审" in second.get("/reversals").text
    award = db.session.scalars(select(Award)).one()
    assert "召回整次发布" in second.get(f"/awards/{award.id}").text
    assert first.post(f"{answer.location}/refuse", data={"reason": "晚了"}).status_code == 422


def test_lists_take_a_bounded_number_of_statements(awarded: Awarded, sign_in: Any, count_statements: list[str]) -> None:
    """One award or three, one objection or three: the same statements."""
    award = awarded.announced()
    awarded.complaint(award)
    client = sign_in(awarded.account("officer"))
    counts = []
    for _ in range(2):
        taken = []
        for url in ("/notices", "/awards", "/objections"):
            before = len(count_statements)
            assert client.get(url).status_code == 200
            taken.append(len(count_statements) - before)
        counts.append(taken)
        lead = awarded.make.lead(awarded.losers[1].team)
        if len(counts) == 1:
            terms = ComplaintTerms(Ground.OTHER, TEXT, bid_id=awarded.losers[1].id)
            service.file_complaint(awarded.make.call(lead), award.id, terms)
            awarded.decided(db.session.scalars(select(Complaint).order_by(Complaint.id)).all()[0])
    assert counts[1][:2] == counts[0][:2]
    assert counts[1][2] <= counts[0][2] + 2


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("post", "/awards/{a}/confirm/nobody"),
        ("post", "/awards/{a}/confirm/team"),
        ("post", "/awards/{a}/decline/enterprise"),
        ("post", "/awards/{a}/start"),
        ("post", "/awards/{a}/move-up"),
        ("get", "/awards/{a}/undo"),
        ("post", "/awards/{a}/undo"),
        ("post", "/awards/{a}/objections"),
        ("get", "/awards/recall/{r}"),
        ("get", "/reversals/1"),
        ("post", "/objections/1/approve"),
        ("get", "/objections/1/file"),
    ],
)
@pytest.mark.parametrize("who", ["officer", "owner", "loser", "auditor", "member"])
def test_no_address_answers_with_a_fault(awarded: Awarded, sign_in: Any, method: str, url: str, who: str) -> None:
    award = awarded.announced()
    client = sign_in(awarded.account(who))
    for numbers in ({"a": award.id, "r": awarded.proposal.run_id}, {"a": 10**30, "r": 10**30}):
        assert getattr(client, method)(url.format(**numbers)).status_code < 500


def test_an_undone_award_says_why_on_its_notice_for_ever(awarded: Awarded, client: Any, sign_in: Any) -> None:
    award = awarded.announced()
    row = service.propose_undo(awarded.call("officer"), award.id, ReversalTerms("内部理由", "公开理由"))
    service.approve_reversal(awarded.call("second"), row.id, row.content_hash)
    page = client.get(f"/notices/{award.id}").text
    assert "公开理由" in page
    assert "内部理由" not in page
    officer = sign_in(awarded.account("officer"))
    assert "推荐下一备选方案" in officer.get(f"/awards/{award.id}").text
    moved = officer.post(f"/awards/{award.id}/move-up")
    assert moved.status_code == 303
    assert officer.get(moved.location).status_code == 200
    assert sign_in(awarded.make.account(Role.AUDITOR)).get(f"/awards/{award.id}").status_code == 200
