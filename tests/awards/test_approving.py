"""More persons above an amount, a fresh password, clear interests, and many matches decided on one page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import proving
from marketplace.accounts.models import LoginSession, Person
from marketplace.approvals import levels
from marketplace.approvals.models import ApprovalLevel, Endorsement
from marketplace.approvals.workflow import LEVEL, LevelState
from marketplace.audit.models import AuditRecord
from marketplace.awards import queries, service
from marketplace.awards.terms import LevelTerms
from marketplace.conflicts import service as conflicts
from marketplace.conflicts.terms import End, OverrideTerms, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind, Subject
from marketplace.db.base import db
from marketplace.funds.models import LedgerTransaction
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal
from marketplace.rounds.service import decisions, interests
from marketplace.rounds.workflow import ProposalState
from tests.conftest import Clock
from tests.factories import Make
from tests.rounds.conftest import MILLION, Scene

LIMIT = 20_000_000


@pytest.fixture
def scene(make: Make, app: Flask) -> Scene:
    """Two orders with a bid each, one below and one above 200,000 yuan."""
    made = Scene(make, make.alliance(code="NM"), make.officer(), make.officer(), make.fund(MILLION, share_max=4_000))
    for price in (15_000_000, 30_000_000):
        made.bid(made.order(own_funds=30_000_000), price=price)
    return made


def level(scene: Scene, role: Role = Role.FUND_MANAGER, *, waits: bool = True, above: int = LIMIT) -> ApprovalLevel:
    row = service.propose_level(scene.call, LevelTerms(above, role, waits, "大额须经资金管理员"))
    return service.approve_level(scene.other, row.id, row.content_hash)


def proposals(scene: Scene) -> list[Proposal]:
    """Both matches, proposed by the first officer; the one above the limit second."""
    run = scene.run()
    rows = [scene.proposal(run, order) for order in scene.orders]
    return [rounds.propose(scene.call, row.id, row.options[0].id) for row in rows]


def state_of(row: Proposal) -> ProposalState:
    return db.session.get_one(Proposal, row.id, populate_existing=True).state


def reserved(row: Proposal) -> int:
    query = select(LedgerTransaction).where(
        LedgerTransaction.subject_kind == "proposal", LedgerTransaction.subject_id == row.id
    )
    return len(db.session.scalars(query).all())


def test_below_the_limit_two_persons_are_enough_and_above_it_three_are_needed(scene: Scene, make: Make) -> None:
    level(scene)
    small, large = proposals(scene)
    assert rounds.approve(scene.other, small.id, small.content_hash).state is ProposalState.APPROVED
    rounds.approve(scene.other, large.id, large.content_hash)
    assert (state_of(large), reserved(large)) == (ProposalState.PROPOSED, 0)
    manager = make.call(make.account(Role.FUND_MANAGER))
    assert rounds.approve(manager, large.id, large.content_hash, "资金可承受").state is ProposalState.APPROVED
    assert reserved(large) >= 0
    comments = set(db.session.scalars(select(Endorsement.comment).where(Endorsement.subject_id == large.id)))
    assert comments == {"", "资金可承受"}
    commands = list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.sequence)))
    assert commands[-2:] == ["rounds.endorse", "rounds.approve"]


def test_the_twin_without_the_table_two_persons_are_enough_for_any_amount(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    level(scene)
    _small, large = proposals(scene)
    monkeypatch.setattr(levels, "in_force", list)
    assert rounds.approve(scene.other, large.id, large.content_hash).state is ProposalState.APPROVED


@pytest.mark.parametrize("waits", [True, False])
def test_sequential_levels_wait_and_parallel_ones_do_not(scene: Scene, make: Make, waits: bool) -> None:
    level(scene, waits=waits)
    _small, large = proposals(scene)
    manager = make.call(make.account(Role.FUND_MANAGER))
    if waits:
        with pytest.raises(Forbidden, match="another_first"):
            rounds.approve(manager, large.id, large.content_hash)
        rounds.approve(scene.other, large.id, large.content_hash)
    rounds.approve(manager, large.id, large.content_hash)
    assert state_of(large) is (ProposalState.APPROVED if waits else ProposalState.PROPOSED)
    if not waits:
        assert rounds.approve(scene.other, large.id, large.content_hash).state is ProposalState.APPROVED


def test_a_third_officer_is_a_third_natural_person(scene: Scene, make: Make) -> None:
    level(scene, Role.CENTRE_OFFICER)
    _small, large = proposals(scene)
    rounds.approve(scene.other, large.id, large.content_hash)
    for account in (scene.first, scene.second):
        twin = make.account(Role.CENTRE_OFFICER, person=db.session.get_one(Person, account.person_id))
        with pytest.raises((Forbidden, Conflict)):
            rounds.approve(make.call(twin), large.id, large.content_hash)
    assert state_of(large) is ProposalState.PROPOSED
    third = make.call(make.officer())
    assert rounds.approve(third, large.id, large.content_hash).state is ProposalState.APPROVED


def test_a_fund_manager_finds_what_needs_the_role_and_nothing_else(scene: Scene, make: Make) -> None:
    small, large = proposals(scene)
    manager = make.call(make.account(Role.FUND_MANAGER))
    for row in (small, large):
        with pytest.raises(NotFound):
            rounds.approve(manager, row.id, row.content_hash)
    level(scene)
    with pytest.raises(NotFound):
        rounds.approve(manager, small.id, small.content_hash)
    assert [w.proposal.id for w in queries.desk(manager)] == [large.id]
    assert {w.proposal.id for w in queries.desk(scene.other)} == {small.id, large.id}
    assert queries.desk(scene.call) == []


def test_what_was_approved_in_part_is_void_when_it_is_proposed_anew(scene: Scene, make: Make, clock: Clock) -> None:
    level(scene)
    _small, large = proposals(scene)
    rounds.approve(scene.other, large.id, large.content_hash)
    rounds.take_back(scene.call, large.id)
    clock.advance(minutes=1)
    again = rounds.propose(scene.call, large.id, large.options[0].id)
    manager = make.call(make.account(Role.FUND_MANAGER))
    with pytest.raises(Forbidden, match="another_first"):
        rounds.approve(manager, again.id, again.content_hash)


def test_levels_are_set_and_ended_by_two_people(scene: Scene, make: Make) -> None:
    row = service.propose_level(scene.call, LevelTerms(LIMIT, Role.FUND_MANAGER, True, "理由"))
    assert levels.in_force() == []
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_level(scene.call, row.id, row.content_hash)
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_level(scene.other, row.id, "0" * 64)
    service.approve_level(scene.other, row.id, row.content_hash)
    row = service.propose_level_end(scene.call, row.id)
    assert [each.id for each in levels.in_force()] == [row.id]
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_level(scene.call, row.id, row.content_hash)
    service.refuse_level(scene.other, row.id)
    row = service.propose_level_end(scene.call, row.id)
    service.approve_level(scene.other, row.id, row.content_hash)
    assert levels.in_force() == []
    for bad in (LevelTerms(1, Role.AUDITOR, True, "x"), LevelTerms(1, Role.FUND_MANAGER, True, " ")):
        with pytest.raises(Invalid):
            service.propose_level(scene.call, bad)
    for role in (Role.AUDITOR, Role.ALLIANCE_SECRETARY, Role.ADMINISTRATOR, Role.ENTERPRISE_OWNER):
        with pytest.raises((Forbidden, NotFound)):
            service.propose_level(make.call(make.account(role)), LevelTerms(1, Role.FUND_MANAGER, True, "x"))


LEVEL_ACTS: dict[str, Callable[[Call, ApprovalLevel], Any]] = {
    "approve": lambda call, row: service.approve_level(call, row.id, row.content_hash),
    "propose_end": lambda call, row: service.propose_level_end(call, row.id),
    "refuse": lambda call, row: service.refuse_level(call, row.id),
}


@pytest.mark.parametrize("state", LevelState)
@pytest.mark.parametrize("act", LEVEL_ACTS)
def test_every_state_and_event_of_a_level(scene: Scene, state: LevelState, act: str) -> None:
    row = service.propose_level(scene.call, LevelTerms(LIMIT, Role.FUND_MANAGER, True, "理由"))
    row.state, row.active_from, row.ended_at = state, scene.make.clock(), scene.make.clock()
    scene.make.save(row)
    events = {"approve": ("approve", "end"), "propose_end": ("propose_end",), "refuse": ("reject", "keep")}[act]
    target = next((LEVEL.require(state, event) for event in events if LEVEL.allows(state, event)), None)
    if target is None:
        with pytest.raises(Conflict):
            LEVEL_ACTS[act](scene.other, row)
    else:
        assert LEVEL_ACTS[act](scene.other, row).state is target


@pytest.mark.parametrize(
    "change", ["state = 'gone'", "role = 'auditor'", "above = -1", "state = 'active'", "state = 'ended'"]
)
def test_the_database_itself_refuses_a_crooked_level(scene: Scene, change: str) -> None:
    service.propose_level(scene.call, LevelTerms(LIMIT, Role.FUND_MANAGER, True, "理由"))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"UPDATE approval_levels SET {change}"))


# a fresh password


@pytest.mark.parametrize(
    ("minutes", "fresh"), [(0, True), (4.99, True), (5, True), (5.01, False), (600, False), (None, False)]
)
def test_a_sign_in_is_fresh_for_five_minutes(scene: Scene, minutes: float | None, fresh: bool) -> None:
    small, _large = proposals(scene)
    call = scene.other
    proved = None if minutes is None else call.now - timedelta(minutes=minutes)
    old = replace(call, actor=replace(call.actor, proved_at=proved))
    if fresh:
        assert rounds.approve(old, small.id, small.content_hash).state is ProposalState.APPROVED
    else:
        with pytest.raises(Forbidden, match="prove_again"):
            rounds.approve(old, small.id, small.content_hash)
        assert state_of(small) is ProposalState.PROPOSED


def test_the_twin_without_the_check_an_old_sign_in_is_enough(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    small, _large = proposals(scene)
    call = scene.other
    old = replace(call, actor=replace(call.actor, proved_at=None))
    monkeypatch.setattr(decisions, "require_fresh", lambda _call: None)
    assert rounds.approve(old, small.id, small.content_hash).state is ProposalState.APPROVED


def test_an_old_sign_in_is_asked_for_the_password_and_nothing_typed_is_lost(
    scene: Scene, sign_in: Any, clock: Clock
) -> None:
    small, _large = proposals(scene)
    client = sign_in(scene.second)
    clock.advance(minutes=6)
    url, typed = f"/proposals/{small.id}/approve", {"seen": small.content_hash, "comment": "已核对预算 <甲>"}
    asked = client.post(url, data=typed)
    assert asked.status_code == 403
    assert "已核对预算 &lt;甲&gt;" in asked.text
    assert small.content_hash in asked.text
    wrong = client.post(url, data={**typed, "proof": "wrong password"})
    assert wrong.status_code == 403
    assert "已核对预算" in wrong.text
    assert "wrong password" not in wrong.text
    assert state_of(small) is ProposalState.PROPOSED
    right = client.post(url, data={**typed, "proof": "correct horse battery"})
    assert right.status_code == 303
    assert state_of(small) is ProposalState.APPROVED
    assert "已核对预算 <甲>" in set(db.session.scalars(select(Endorsement.comment)))
    session = db.session.scalars(select(LoginSession).where(LoginSession.account_id == scene.second.id)).one()
    assert session.proved_at == clock.now
    assert "correct horse" not in str(list(db.session.scalars(select(AuditRecord.detail))))


def test_the_password_cannot_be_guessed_there(scene: Scene, sign_in: Any, clock: Clock) -> None:
    small, _large = proposals(scene)
    client = sign_in(scene.second)
    clock.advance(minutes=6)
    url, typed = f"/proposals/{small.id}/approve", {"seen": small.content_hash}
    for _ in range(11):
        client.post(url, data={**typed, "proof": "guess guess guess"})
    assert client.post(url, data={**typed, "proof": "correct horse battery"}).status_code == 403
    assert state_of(small) is ProposalState.PROPOSED


def test_a_proof_belongs_to_its_own_session(scene: Scene, make: Make) -> None:
    token = make.login_session(scene.first)
    with pytest.raises(Forbidden, match="prove_again"):
        proving.prove(scene.other, "correct horse battery", token, "127.0.0.1")


# interests at approval


def declare(scene: Scene, make: Make, near: int, other: int) -> None:
    person = db.session.get_one(Person, other)
    place = make.enterprise()
    make.account(Role.ENTERPRISE_MEMBER, organisation=place, person=person)
    terms = RelationTerms(
        RelationKind.FAMILY, End(EndKind.PERSON, near), EndKind.PERSON, person.name, "户口登记", place.name
    )
    conflicts.declare(make.call(make.officer()), terms)


def test_a_link_between_the_parties_found_after_the_proposal_stops_the_approval(scene: Scene, make: Make) -> None:
    small, _large = proposals(scene)
    owner, lead = make.owner(small.order.organisation), make.lead(small.team)
    declare(scene, make, owner.person_id, lead.person_id)
    with pytest.raises(Conflict, match=r"rounds\.conflict"):
        rounds.approve(scene.other, small.id, small.content_hash)
    assert (state_of(small), reserved(small)) == (ProposalState.PROPOSED, 0)
    (link,) = interests.between_parties(scene.other, small)
    row = conflicts.propose_override(scene.call, OverrideTerms(Subject.ORDER, small.order_id, link.key, "无实际影响"))
    with pytest.raises(Conflict, match=r"rounds\.conflict"):
        rounds.approve(scene.other, small.id, small.content_hash)
    conflicts.approve_override(scene.other, row.id, row.content_hash)
    assert rounds.approve(scene.other, small.id, small.content_hash).state is ProposalState.APPROVED


def test_whoever_is_close_to_a_party_neither_proposes_nor_approves(scene: Scene, make: Make) -> None:
    run = scene.run()
    row = scene.proposal(run, scene.orders[0])
    lead = make.lead(row.team)
    declare(scene, make, lead.person_id, scene.first.person_id)
    with pytest.raises(Forbidden, match="decider_conflict"):
        rounds.propose(scene.call, row.id, row.options[0].id)
    proposed = rounds.propose(scene.other, row.id, row.options[0].id)
    with pytest.raises(Forbidden, match="decider_conflict"):
        rounds.approve(scene.call, row.id, proposed.content_hash)


def test_the_twin_without_the_check_a_relative_approves(
    scene: Scene, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _large = proposals(scene)
    declare(scene, make, make.lead(small.team).person_id, scene.second.person_id)
    monkeypatch.setattr(interests, "require_clear", lambda *_a: None)
    assert rounds.approve(scene.other, small.id, small.content_hash).state is ProposalState.APPROVED


# many at once


def test_many_are_decided_at_once_each_on_its_own(scene: Scene, make: Make, sign_in: Any) -> None:
    third = scene.bid(scene.order(own_funds=30_000_000), price=12_000_000)
    small, large, last = proposals(scene)
    declare(scene, make, make.owner(large.order.organisation).person_id, make.lead(large.team).person_id)
    client = sign_in(scene.second)
    page = client.get("/approvals").text
    assert all(row.content_hash in page for row in (small, large, last))
    rows = [str(row.id) for row in (small, large, last)] + ["999999", "x", "9" * 40]
    data: dict[str, Any] = {"row": rows, "comment": "批量审批"}
    for row in (small, large, last):
        data |= {f"what-{row.id}": "approve", f"seen-{row.id}": row.content_hash}
    data |= {f"what-{last.id}": "reject", f"why-{last.id}": "需求重复", "what-999999": "approve"}
    done = client.post("/approvals", data=data)
    assert done.status_code == 200
    assert (state_of(small), state_of(large), state_of(last)) == (
        ProposalState.APPROVED,
        ProposalState.PROPOSED,
        ProposalState.REJECTED,
    )
    assert "利益冲突" in done.text
    assert third.id == last.bid_id
    again = client.post("/approvals", data=data)
    assert again.status_code == 200
    assert state_of(small) is ProposalState.APPROVED
    assert client.post("/approvals", data={}).status_code == 200


def test_the_page_sent_as_it_stands_approves_nothing(scene: Scene, sign_in: Any) -> None:
    rows = proposals(scene)
    client = sign_in(scene.second)
    ticked = re.findall(r'name="(what-\d+)"[^>]*value="(\w+)" checked', client.get("/approvals").text)
    assert ticked == [(f"what-{row.id}", "later") for row in rows]
    seen = {f"seen-{row.id}": row.content_hash for row in rows}
    client.post("/approvals", data={"row": [str(row.id) for row in rows], **seen, **dict(ticked)})
    assert {state_of(row) for row in rows} == {ProposalState.PROPOSED}


def test_the_desk_takes_the_same_statements_for_one_match_or_three(
    scene: Scene, sign_in: Any, count_statements: list[str]
) -> None:
    level(scene)
    for _ in range(2):
        scene.bid(scene.order(own_funds=30_000_000), price=12_000_000)
    run = scene.run()
    client, counts = sign_in(scene.second), []
    for orders in (scene.orders[:1], scene.orders[1:]):
        for order in orders:
            row = scene.proposal(run, order)
            rounds.propose(scene.call, row.id, row.options[0].id)
        db.session.expire_all()
        before = len(count_statements)
        assert client.get("/approvals").status_code == 200
        counts.append(len(count_statements) - before)
    assert counts[1] <= counts[0] + 1


def test_levels_are_read_by_the_centre_and_changed_on_the_page(scene: Scene, make: Make, sign_in: Any) -> None:
    first, second = sign_in(scene.first), sign_in(scene.second)
    typed = {"above": "100万", "role": "fund_manager", "waits": "1", "reason": "大额"}
    for wrong in ({"above": "很多"}, {"role": "auditor"}, {"reason": ""}, {"waits": "x"}):
        assert first.post("/approvals/levels", data={**typed, **wrong}).status_code == 422
    assert first.post("/approvals/levels", data=typed).status_code == 303
    row = db.session.scalars(select(ApprovalLevel)).one()
    assert (row.above, row.role) == (100_000_000, Role.FUND_MANAGER)
    url = f"/approvals/levels/{row.id}"
    assert "1,000,000" in second.get("/approvals/levels").text
    assert first.post(f"{url}/approve", data={"seen": row.content_hash}).status_code == 403
    assert second.post(f"{url}/approve", data={"seen": row.content_hash}).status_code == 303
    assert second.post(f"{url}/end").status_code == 303
    assert first.post(f"{url}/refuse").status_code == 303
    assert sign_in(make.account(Role.AUDITOR)).get("/approvals/levels").status_code == 200
    assert sign_in(make.account(Role.ADMINISTRATOR)).get("/approvals/levels").status_code == 403
    assert second.post("/approvals/levels/999999/end").status_code == 404
