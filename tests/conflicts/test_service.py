"""Declaring, deciding, identifying, and overrides by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from marketplace.accounts.models import Person
from marketplace.approvals import service as approvals
from marketplace.audit.models import AuditRecord
from marketplace.conflicts import queries, service
from marketplace.conflicts.models import ConflictOverride, Relation
from marketplace.conflicts.terms import End, OverrideTerms
from marketplace.conflicts.workflow import (
    ENDS,
    OVERRIDE,
    RELATION,
    EndKind,
    OverrideState,
    RelationKind,
    RelationState,
    Subject,
)
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.conflicts.conftest import Scene
from tests.factories import Make

TODAY = date(2027, 1, 12)
SUBJECT = (Subject.ORDER, 7)


def override(scene: Scene, by: Call | None = None) -> ConflictOverride:
    (link,) = scene.found()
    terms = OverrideTerms(*SUBJECT, link.key, "合作早于订单且内容无关")
    return service.propose_override(by or scene.officer, terms)


def test_every_step_leaves_one_record_without_the_evidence(scene: Scene) -> None:
    row = scene.declared(other_at="")
    service.identify(scene.officer, row.id, scene.owner.person_id)
    service.confirm(scene.officer, row.id)
    service.refuse(scene.second, row.id, "理由一二三")
    records = db.session.scalars(select(AuditRecord).order_by(AuditRecord.sequence)).all()
    assert [r.command for r in records] == [
        "conflicts.declare",
        "conflicts.identify",
        "conflicts.confirm",
        "conflicts.refuse",
    ]
    assert "户口" not in str([r.detail for r in records])
    assert "理由一二三" not in str([r.detail for r in records])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"evidence": " 无 "}, "evidence"),
        ({"other_name": "  "}, "other_name"),
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "until"),
        ({"other_kind": EndKind.ORGANISATION}, "other_kind"),
    ],
)
def test_a_declaration_that_nobody_could_check_is_refused(scene: Scene, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        scene.declared(**values)
    assert error.value.field == field
    assert db.session.scalars(select(Relation)).all() == []


@pytest.mark.parametrize("kind", RelationKind)
def test_each_kind_holds_only_between_the_ends_of_its_row(scene: Scene, make: Make, kind: RelationKind) -> None:
    officer = scene.officer
    nears = {
        EndKind.PERSON: End(EndKind.PERSON, scene.lead.person_id),
        EndKind.ORGANISATION: End(EndKind.ORGANISATION, scene.team.organisation_id),
    }
    for near in EndKind:
        for other in EndKind:
            terms = scene.terms(nears[near], kind=kind, other_kind=other, other_name="某某", other_at="")
            if (near, other) in ENDS[kind]:
                assert service.declare(officer, terms).state is RelationState.DECLARED
            else:
                with pytest.raises(Invalid, match="wrong_ends"):
                    service.declare(officer, terms)


def test_people_declare_for_themselves_and_owners_for_their_organisation(scene: Scene, make: Make) -> None:
    others_self = End(EndKind.PERSON, scene.owner.person_id)
    organisation = End(EndKind.ORGANISATION, scene.enterprise.id)
    member = make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise)
    shares: dict[str, Any] = {"kind": RelationKind.SHARES, "other_kind": EndKind.ORGANISATION, "other_name": "某公司"}
    cases: list[tuple[Call, End, str | None]] = [
        (scene.call(scene.lead), others_self, "own_only"),
        (scene.call(member), organisation, "owners_only"),
        (scene.call(scene.lead), organisation, "owners_only"),
        (scene.call(scene.owner), organisation, None),
        (scene.officer, organisation, None),
        (make.call(make.account(Role.AUDITOR)), organisation, "owners_only"),
    ]
    for call, near, code in cases:
        if code is None:
            service.declare(call, scene.terms(near, **shares))
        else:
            with pytest.raises(Forbidden, match=code):
                service.declare(call, scene.terms(near, **shares))


def test_nobody_is_close_to_himself(scene: Scene) -> None:
    with pytest.raises(Invalid, match="with_itself"):
        scene.declared(other_name=scene.lead.person.name, other_at=scene.team.organisation.name)


def test_a_name_is_recognised_only_where_it_is_certain(scene: Scene, make: Make) -> None:
    twin = make.person(scene.owner.person.name)
    assert scene.declared().other_person_id == scene.owner.person_id
    assert scene.declared(other_at="").other_person_id is None
    assert scene.declared(other_at="别的单位").other_person_id is None
    make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise, person=twin)
    assert scene.declared().other_person_id is None
    assert len(queries.unidentified()) == 3
    assert [(d.name, d.persons) for d in queries.doubles()] == [(twin.name, 2)]


def test_an_unidentified_name_is_found_once_an_officer_said_who_it_is(scene: Scene, make: Make) -> None:
    row = scene.declared(other_at="")
    assert scene.found() == []
    assert [r.id for r in queries.unidentified(scene.sides[1])] == [row.id]
    assert queries.unidentified(scene.sides[0]) == []
    stranger = make.person()
    with pytest.raises(Invalid, match="no_candidate"):
        service.identify(scene.officer, row.id, stranger.id)
    service.identify(scene.officer, row.id, scene.owner.person_id)
    assert [link.relation_id for link in scene.found()] == [row.id]
    with pytest.raises(Conflict, match="known"):
        service.identify(scene.officer, row.id, scene.owner.person_id)


def test_whoever_is_meant_decides_nothing_about_it(scene: Scene, make: Make) -> None:
    person = db.session.get_one(Person, scene.owner.person_id)
    involved = make.call(make.account(Role.CENTRE_OFFICER, person=person))
    row = scene.declared()
    for act in (service.confirm, lambda c, i: service.refuse(c, i, "不实")):
        with pytest.raises(Forbidden, match="about_you"):
            act(involved, row.id)
    with pytest.raises(Forbidden, match="about_you"):
        override(scene, involved)


def test_a_file_is_kept_and_harmful_kinds_are_refused(scene: Scene) -> None:
    row = scene.declared(upload=FileStorage(BytesIO(b"%PDF-1.7 proof"), "proof.pdf"))
    assert row.file is not None
    assert row.file.name == "proof.pdf"
    with pytest.raises(Invalid, match=r"file\.kind"):
        scene.declared(upload=FileStorage(BytesIO(b"MZ"), "proof.exe"))


EVENTS: dict[str, Callable[[Call, int], Any]] = {
    "confirm": lambda call, key: service.confirm(call, key),
    "refuse": lambda call, key: service.refuse(call, key, "理由"),
    "withdraw": lambda call, key: service.withdraw(call, key, "理由"),
}
WHO = ["declarer", "officer", "auditor", "secretary", "fund_manager", "administrator", "stranger"]
MAY = {("declarer", "withdraw"), ("officer", "confirm"), ("officer", "refuse")}
KNOWS = {"declarer", "officer", "auditor"}


def caller(scene: Scene, make: Make, who: str) -> Call:
    if who == "declarer":
        return scene.call(scene.lead)
    if who == "stranger":
        return scene.call(scene.owner)
    role = Role.CENTRE_OFFICER if who == "officer" else next(r for r in Role if r.value.endswith(who))
    return make.call(make.account(role, alliance=make.alliance() if who == "secretary" else None))


@pytest.mark.parametrize("who", WHO)
def test_every_state_event_and_role_of_a_declaration(scene: Scene, make: Make, who: str) -> None:
    call = caller(scene, make, who)
    row = scene.declared()
    for state in RelationState:
        for event, act in EVENTS.items():
            row = db.session.get_one(Relation, row.id)
            row.state, row.decided_at = state, scene.make.clock()
            scene.make.save(row)
            allowed = (who, event) in MAY
            if allowed and RELATION.allows(state, event):
                assert act(call, row.id).state is RELATION.require(state, event)
            else:
                kind: type[Refused] = NotFound if who not in KNOWS else Conflict if allowed else Forbidden
                with pytest.raises(kind):
                    act(call, row.id)
                assert db.session.get_one(Relation, row.id, populate_existing=True).state is state


@pytest.mark.parametrize(
    "change",
    [
        "state = 'gone'",
        "state = 'confirmed'",
        "state = 'refused', decided_at = NULL",
        "person_id = NULL",
        "organisation_id = 1",
        "other_person_id = person_id",
        "since = '2027-01-02', until = '2027-01-01'",
        "evidence = ''",
        "other_kind = 'organisation'",
        "other_organisation_id = 1",
    ],
)
def test_the_database_itself_refuses_a_crooked_declaration(scene: Scene, change: str) -> None:
    scene.declared()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"UPDATE relations SET {change}"))


def test_two_people_pass_over_a_link_for_one_subject_only(scene: Scene) -> None:
    scene.declared()
    row = override(scene)
    found = scene.found()
    assert queries.uncovered(found, *SUBJECT) == found
    service.approve_override(scene.second, row.id, row.content_hash)
    assert queries.uncovered(found, *SUBJECT) == []
    assert queries.uncovered(found, Subject.ORDER, 8) == found
    assert queries.uncovered(found, Subject.EVALUATION, 7) == found


def test_the_same_person_does_not_approve_through_another_account(scene: Scene, make: Make) -> None:
    scene.declared()
    row = override(scene)
    person = db.session.get_one(Person, scene.officers[0].person_id)
    for call in (scene.officer, make.call(make.account(Role.CENTRE_OFFICER, person=person))):
        with pytest.raises((Forbidden, Conflict)):
            service.approve_override(call, row.id, row.content_hash)
    assert queries.uncovered(scene.found(), *SUBJECT) != []


def test_the_twin_without_the_check_of_persons_one_human_being_is_enough(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.declared()
    row = override(scene)
    monkeypatch.setattr(approvals, "approve", lambda *_a: None)
    service.approve_override(scene.officer, row.id, row.content_hash)
    assert queries.uncovered(scene.found(), *SUBJECT) == []


def test_a_link_that_changed_is_not_covered_any_more(scene: Scene, make: Make) -> None:
    row = scene.declared()
    given = override(scene)
    row.evidence = "另有证据表明为夫妻"
    make.save(row)
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_override(scene.second, given.id, given.content_hash)
    row.evidence = "户口登记载明为兄弟"
    make.save(row)
    service.approve_override(scene.second, given.id, given.content_hash)
    row.evidence = "又变了又变了"
    make.save(row)
    assert queries.uncovered(scene.found(), *SUBJECT) != []


def test_an_officers_confirmation_changes_nothing_about_an_override(scene: Scene) -> None:
    row = scene.declared()
    given = override(scene)
    service.confirm(scene.officer, row.id)
    service.approve_override(scene.second, given.id, given.content_hash)
    assert queries.uncovered(scene.found(), *SUBJECT) == []


def test_one_override_of_a_link_at_a_time_and_a_refused_one_may_be_proposed_again(scene: Scene) -> None:
    scene.declared()
    first = override(scene)
    with pytest.raises(Conflict, match="override_exists"):
        override(scene, scene.second)
    service.refuse_override(scene.second, first.id, "理由不足")
    second = override(scene, scene.second)
    service.approve_override(scene.officer, second.id, second.content_hash)
    service.refuse_override(scene.officer, second.id, "情况有变")
    assert queries.uncovered(scene.found(), *SUBJECT) != []


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.CENTRE_OFFICER])
def test_nobody_else_touches_overrides(scene: Scene, make: Make, role: Role) -> None:
    scene.declared()
    row = override(scene)
    call = make.call(make.account(role))
    link = scene.found()[0]
    with pytest.raises(Forbidden):
        service.propose_override(call, OverrideTerms(Subject.ORDER, 9, link.key, "理由"))
    with pytest.raises((Forbidden, NotFound)):
        service.approve_override(call, row.id, row.content_hash)
    with pytest.raises((Forbidden, NotFound)):
        service.refuse_override(call, row.id, "理由")


@pytest.mark.parametrize("state", OverrideState)
def test_every_state_and_event_of_an_override(scene: Scene, state: OverrideState) -> None:
    scene.declared()
    for event in ("approve", "refuse"):
        row = override(scene)
        row.state, row.decided_at = state, scene.make.clock()
        scene.make.save(row)
        act = (
            (lambda key, seen: service.approve_override(scene.second, key, seen))
            if event == "approve"
            else (lambda key, _seen: service.refuse_override(scene.second, key, "理由"))
        )
        if OVERRIDE.allows(state, event):
            assert act(row.id, row.content_hash).state is OVERRIDE.require(state, event)
        else:
            with pytest.raises(Conflict):
                act(row.id, row.content_hash)
        row = db.session.get_one(ConflictOverride, row.id)
        row.state, row.decided_at = OverrideState.REFUSED, scene.make.clock()
        scene.make.save(row)


def test_the_dashboard_leads_officers_to_what_is_new(scene: Scene) -> None:
    row = scene.declared()
    assert [t.endpoint for t in queries.waiting_for(scene.officer)] == ["conflicts.show"]
    service.confirm(scene.officer, row.id)
    override(scene)
    assert queries.waiting_for(scene.officer) == []
    assert [t.endpoint for t in queries.waiting_for(scene.second)] == ["conflicts.override"]
    assert queries.waiting_for(scene.call(scene.lead)) == []
