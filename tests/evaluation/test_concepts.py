"""The committee's vote on concepts: each member alone, once, before anybody chooses; a departure from it needs a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import Account
from marketplace.audit.models import AuditRecord
from marketplace.bids import policy, recommending, shortlists
from marketplace.bids import service as bids
from marketplace.db.base import db
from marketplace.evaluation import concepts, queries, service
from marketplace.evaluation.models import Evaluation, Member
from marketplace.evaluation.terms import VoteTerms
from marketplace.evaluation.workflow import ACTIVE
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.bids.scene import Scene
from tests.bids.test_two_stages import Stage
from tests.conftest import Clock
from tests.factories import Make


class Panel:
    """Three concepts are open; ``judges`` have accepted their seats."""

    def __init__(self, make: Make, clock: Clock) -> None:
        self.stage = Stage(Scene(make, clock))
        self.scene, self.make = self.stage.scene, make
        self.scene.opened()
        self.judges = [make.account() for _ in range(3)]
        self.officer = self.scene.call(self.scene.officers[0])
        for judge in self.judges:
            self.key = service.appoint(self.officer, self.order_id, judge.email, expert=True).evaluation_id
            service.accept_seat(make.call(judge), self.key)

    @property
    def order_id(self) -> int:
        return self.scene.order.id

    def terms(self, *goes: bool) -> list[VoteTerms]:
        pairs = zip(self.stage.bids, goes or (True, True, False), strict=True)
        return [VoteTerms(bid.id, go, 80 if go else 41, "依据见方案") for bid, go in pairs]

    def vote(self, judge: Account, *goes: bool) -> None:
        service.cast_votes(self.make.call(judge), self.key, self.terms(*goes))

    def counted(self) -> dict[int, recommending.Vote] | None:
        return recommending.vote_on(self.scene.fresh_order())

    def propose(self, *goes: bool, departure: str = "") -> None:
        choices = [replace(each, departure=departure) for each in self.stage.choices(*goes)]
        bids.propose_shortlist(self.officer, self.order_id, choices, self.stage.deadline)


@pytest.fixture
def panel(make: Make, clock: Clock) -> Panel:
    return Panel(make, clock)


def test_the_vote_counts_once_every_member_has_voted(panel: Panel) -> None:
    for judge, goes in zip(panel.judges, ((True, True, False), (True, False, False), (True, True, True)), strict=True):
        assert panel.counted() is None
        with pytest.raises(Conflict, match=r"bids\.vote_first"):
            panel.propose()
        panel.vote(judge, *goes)
    votes = panel.counted()
    assert votes is not None
    told = [
        (votes[b.id].favour, votes[b.id].against, votes[b.id].points, votes[b.id].recommended) for b in panel.stage.bids
    ]
    assert told == [(3, 0, 80, True), (2, 1, 67, True), (1, 2, 54, False)]


def test_a_shortlist_that_departs_from_the_vote_needs_a_reason_on_record(panel: Panel) -> None:
    for judge in panel.judges:
        panel.vote(judge)
    with pytest.raises(Invalid, match=r"bids\.departure_reason"):
        panel.propose(True, False, True)
    panel.propose(True, False, True, departure="第三家的中试条件经现场核实")
    assert [part.departure != "" for part in shortlists.concepts_of(panel.scene.order)] == [False, True, True]
    panel.propose(departure="没有不同意见")
    assert [part.departure for part in shortlists.concepts_of(panel.scene.order)] == [""] * 3, "nothing departs"
    panel.stage.confirm()
    details = db.session.scalars(
        select(AuditRecord.detail).where(AuditRecord.command.endswith("_shortlist")).order_by(AuditRecord.id)
    ).all()
    assert [len(detail["departures"]) for detail in details] == [2, 0, 0]


def test_without_the_rule_anybody_would_choose_before_the_vote(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommending, "needs_vote", lambda _order: False)
    panel.propose()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda terms: terms[:2], "vote_incomplete"),
        (lambda terms: [*terms[:2], replace(terms[2], points=101)], "points"),
        (lambda terms: [*terms[:2], replace(terms[2], why=" ")], "vote_reason"),
    ],
)
def test_a_vote_names_every_concept_with_points_and_a_reason(panel: Panel, change: Any, code: str) -> None:
    with pytest.raises(Invalid, match=rf"evaluation\.{code}"):
        service.cast_votes(panel.make.call(panel.judges[0]), panel.key, change(panel.terms()))


def test_a_vote_is_given_once_and_stays(panel: Panel) -> None:
    panel.vote(panel.judges[0])
    with pytest.raises(Forbidden, match=r"evaluation\.voted"):
        panel.vote(panel.judges[0])
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("UPDATE evaluation_concept_votes SET points = 0"))
    db.session.rollback()
    member = queries.get_seat(panel.make.call(panel.judges[0]), panel.key)
    with pytest.raises(Conflict, match=r"evaluation\.voted_stays"):
        service.replace_member(panel.officer, panel.order_id, member.id, "换人")


def test_a_complete_vote_is_not_turned_by_who_steps_down_and_nobody_joins_it(panel: Panel) -> None:
    for judge in panel.judges:
        panel.vote(judge)
    votes, late = panel.counted(), panel.make.account()
    service.decline_seat(panel.make.call(panel.judges[2]), panel.key, "发现与投标团队有合作")
    assert panel.counted() == votes is not None
    with pytest.raises(Conflict, match=r"evaluation\.voted_all"):
        service.appoint(panel.officer, panel.order_id, late.email, expert=True)


def test_counting_only_who_is_seated_the_centre_would_turn_the_vote(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concepts, "electorate", lambda _order, row: [m for m in row.members if m.state in ACTIVE])
    for judge in panel.judges:
        panel.vote(judge)
    service.decline_seat(panel.make.call(panel.judges[2]), panel.key, "改变主意")
    assert panel.counted() is None
    service.appoint(panel.officer, panel.order_id, panel.make.account().email, expert=True)


def test_the_vote_of_who_stepped_down_before_it_was_complete_counts_too(panel: Panel) -> None:
    panel.vote(panel.judges[0], False, False, True)
    service.decline_seat(panel.make.call(panel.judges[0]), panel.key, "出差")
    for judge in panel.judges[1:]:
        assert panel.counted() is None
        panel.vote(judge)
    votes = panel.counted()
    assert votes is not None
    assert [(votes[bid.id].favour, votes[bid.id].against) for bid in panel.stage.bids] == [(2, 1), (2, 1), (1, 2)]


def test_the_vote_stays_on_record_when_the_committee_changes_after_the_shortlist(panel: Panel) -> None:
    for judge in panel.judges:
        panel.vote(judge)
    votes = panel.counted()
    panel.propose()
    panel.stage.confirm()
    evaluation, late = db.session.get_one(Evaluation, panel.key), panel.make.account()
    panel.make.save(
        Member(
            evaluation_id=evaluation.id, account_id=late.id, person_id=late.person_id, appointed_at=panel.make.clock()
        )
    )
    service.decline_seat(panel.make.call(panel.judges[0]), panel.key, "出差")
    assert panel.counted() == votes is not None


def test_only_a_seated_member_votes_and_none_of_a_bidder_sits(panel: Panel) -> None:
    with pytest.raises(NotFound):
        panel.vote(panel.make.account())
    with pytest.raises(Conflict, match=r"evaluation\.conflict"):
        service.appoint(panel.officer, panel.order_id, panel.stage.leads[1].email, expert=True)


def test_scoring_does_not_begin_on_concepts(panel: Panel) -> None:
    with pytest.raises(Conflict, match=r"evaluation\.not_open"):
        service.begin_scoring(panel.officer, panel.order_id)


def test_members_vote_on_pages_and_see_the_others_afterwards(panel: Panel, sign_in: Any) -> None:
    first, second, officer = (sign_in(who) for who in (*panel.judges[:2], panel.scene.officers[0]))
    path = f"/evaluations/{panel.key}/concepts"
    assert [task.endpoint for task in queries.waiting_for(panel.make.call(panel.judges[0]))] == ["evaluation.vote"]
    page = first.get(path).text
    assert all(bid.team.name in page for bid in panel.stage.bids)
    data: dict[str, str] = {}
    for place, vote in enumerate(panel.terms()):
        data |= {
            f"votes-{place}-bid": str(vote.bid),
            f"votes-{place}-goes": "yes",
            f"votes-{place}-why": f"理由{place}",
        }
        data[f"votes-{place}-points"] = "120" if place else "90"
    db.session.rollback()
    wrong = first.post(path, data=data)
    assert wrong.status_code == 422
    assert "理由2" in wrong.text
    data |= {f"votes-{place}-points": "70" for place in (1, 2)}
    assert first.post(path, data=data).status_code == 303
    assert "理由1" not in second.get(path).text
    panel.vote(panel.judges[1])
    assert "理由1" in second.get(path).text
    assert "仍计入表决" in second.get(f"/evaluations/{panel.key}").text
    assert "理由1" not in officer.get(f"/orders/{panel.order_id}/concepts").text
    panel.vote(panel.judges[2])
    shown = officer.get(f"/orders/{panel.order_id}/concepts").text
    assert "理由1" in shown
    assert panel.judges[0].person.name not in shown
    assert "理由1" not in sign_in(panel.scene.owner).get(f"/orders/{panel.order_id}/concepts").text
    assert sign_in(panel.stage.leads[0]).get(path).status_code == 404


def test_what_members_wrote_and_why_a_shortlist_departs_is_read_by_the_centre_and_the_auditor_alone(
    panel: Panel, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for judge in panel.judges:
        panel.vote(judge)
    panel.propose(True, False, True, departure="第三家的中试条件经现场核实")
    panel.stage.confirm()
    path, secrets = f"/orders/{panel.order_id}/concepts", ("依据见方案", "第三家的中试条件经现场核实")
    auditor = panel.make.account(Role.AUDITOR)
    pages = [sign_in(who).get(path).text for who in (panel.scene.owner, panel.scene.officers[0], auditor)]
    assert [[secret in page for secret in secrets] for page in pages] == [[False] * 2, [True] * 2, [True] * 2]
    assert all("3票赞成" in page for page in pages), "how many were for it is read by all of them"
    monkeypatch.setattr(policy, "reads_votes", lambda *_: True)
    assert all(secret in sign_in(panel.scene.owner).get(path).text for secret in secrets)


def test_who_has_voted_is_not_offered_for_replacing_and_the_page_says_why(panel: Panel, sign_in: Any) -> None:
    panel.vote(panel.judges[0])
    page = sign_in(panel.scene.officers[0]).get(f"/orders/{panel.order_id}/evaluation").text
    members = [queries.get_seat(panel.make.call(judge), panel.key).id for judge in panel.judges]
    assert [f"/members/{member}/replace" in page for member in members] == [False, True, True]
    assert page.count("该委员已表决；") == 1
