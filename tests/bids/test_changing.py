"""Questions without names, answers for everybody, changes word for word, later deadlines by two people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.accounts.models import Account
from marketplace.audit.models import AuditRecord
from marketplace.bids import jobs, service
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from marketplace.orders import agreement, asking
from marketplace.orders import service as ordering
from marketplace.orders.models import DeadlineChange, OrderAmendment, Question
from marketplace.orders.procedures import RULES, Procedure
from marketplace.orders.terms import AmendTerms
from marketplace.orders.workflow import DEADLINE, QUESTION, DeadlineState, QuestionState
from marketplace.outbox.models import Message
from tests.bids.scene import Scene, fresh
from tests.conftest import START, Clock
from tests.factories import Make

WORDS = "涂层是否需要耐蒸汽？"


@pytest.fixture
def scene(make: Make, clock: Clock) -> Scene:
    return Scene(make, clock)


def asked(scene: Scene, account: Account | None = None, *, confidential: bool = False) -> Question:
    ordering.ask_question(scene.call(account), scene.order.id, WORDS, confidential)
    row = db.session.scalars(select(Question).order_by(Question.id.desc())).first()
    assert row is not None
    return row


def again(question: Question) -> Question:
    row = db.session.get(Question, question.id, populate_existing=True)
    assert row is not None
    return row


def test_nobody_learns_who_asked(scene: Scene) -> None:
    """Not the enterprise, not the staff, not who reads the whole database: no row changes with the asker."""
    others = [scene.lead, scene.make.lead(scene.make.team()), scene.make.owner(scene.make.university())]
    left = []
    for account in others:
        asked(scene, account)
        rows = []
        for table in ("order_questions", "audit_records", "outbox_messages", "job_runs", "orders"):
            found = db.session.execute(text(f"SELECT * FROM {table}")).mappings().all()
            rows.append([{k: v for k, v in row.items() if k not in VARIES} for row in found][-1:])
        left.append(str(rows))
    assert left[0] == left[1] == left[2]
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.command == "orders.ask")).first()
    assert record is not None
    assert (record.account_id, record.person_id, record.actor_name, record.request_id) == (None, None, "", "-")


VARIES = {"id", "sequence", "digest", "argument", "subject_id"}


def test_with_the_name_kept_the_comparison_would_notice(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ordering.asking, "Call", lambda _actor, now: Call(scene.call().actor, now, "r"))
    asked(scene)
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.command == "orders.ask")).first()
    assert record is not None
    assert record.account_id == scene.lead.id


def test_a_question_is_published_with_its_answer_and_not_before(scene: Scene, sign_in: Any, app: Any) -> None:
    question = asked(scene)
    page = f"/orders/{scene.order.id}"
    rival = scene.make.lead(scene.make.team())
    readers = {"owner": scene.owner, "secretary": scene.secretary, "officer": scene.officers[0]}
    others = {"asker": scene.lead, "rival": rival, "auditor": scene.make.account(Role.AUDITOR)}
    for who, account in (readers | others).items():
        assert (WORDS in sign_in(account).get(page).text) is (who in readers), who
    assert WORDS not in app.test_client().get(page).text
    service.answer_question(scene.call(scene.owner), question.id, "不需要。")
    for account in (readers | others).values():
        assert WORDS in sign_in(account).get(page).text
    assert "不需要。" in app.test_client().get(page).text


def test_a_question_about_the_confidential_part_stays_among_its_readers(scene: Scene, sign_in: Any, app: Any) -> None:
    with pytest.raises(Forbidden, match=r"orders\.confidential"):
        asked(scene, confidential=True)
    scene.make.confidential(scene.order)
    signatory = scene.make.owner(scene.university)
    nda = ordering.request_nda(scene.call(), scene.order.id, scene.team.id)
    ordering.sign_nda(scene.call(signatory), nda.id, agreement.fingerprint(scene.order, scene.team))
    question = asked(scene, confidential=True)
    service.answer_question(scene.call(scene.owner), question.id, "机密答复")
    page = f"/orders/{scene.order.id}"
    rival = scene.make.lead(scene.make.team())
    seen = {
        who: "机密答复" in sign_in(account).get(page).text
        for who, account in {"lead": scene.lead, "rival": rival, "auditor": scene.make.account(Role.AUDITOR)}.items()
    }
    assert seen == {"lead": True, "rival": False, "auditor": False}
    assert WORDS not in app.test_client().get(page).text


@pytest.mark.parametrize("procedure", list(Procedure))
def test_the_window_closes_as_the_procedure_says(scene: Scene, procedure: Procedure) -> None:
    scene.order.procedure = procedure
    scene.order.bid_deadline = START + timedelta(days=30)
    db.session.commit()
    scene.clock.now = START + timedelta(days=30 - RULES[procedure].clarification_days, seconds=-1)
    asked(scene)
    scene.clock.advance(seconds=1)
    with pytest.raises(Conflict, match=r"orders\.questions_closed"):
        asked(scene)


@pytest.mark.parametrize("procedure", [Procedure.OPEN, Procedure.STRICT])
def test_only_in_strict_mode_a_late_answer_moves_the_deadline(scene: Scene, procedure: Procedure) -> None:
    question, bid = asked(scene), scene.submitted()
    order = scene.fresh_order()
    order.procedure, before = procedure, order.bid_deadline
    db.session.commit()
    scene.clock.advance(days=10)
    service.answer_question(scene.call(scene.owner), question.id, "不需要。")
    after = scene.fresh_order().bid_deadline
    assert after == (scene.clock() + timedelta(days=15) if procedure is Procedure.STRICT else before)
    assert fresh(bid).state is BidState.SUBMITTED
    assert "bid_question_answered" in list(db.session.scalars(select(Message.template)))


def test_an_answer_that_changes_the_order_is_an_amendment(scene: Scene, sign_in: Any) -> None:
    question, bid = asked(scene), scene.submitted()
    owner = sign_in(scene.owner)
    page = owner.get(f"/questions/{question.id}").text
    assert f"/orders/{scene.order.id}/amend?question={question.id}" in page
    problem = scene.order.problem + "须耐蒸汽。"
    form = scene.change_form(problem=problem, note="补充蒸汽要求", question=str(question.id))
    assert WORDS in owner.get(f"/orders/{scene.order.id}/amend?question={question.id}").text
    assert owner.post(f"/orders/{scene.order.id}/amend", data=form).status_code == 303
    kept = again(question)
    assert (kept.state, kept.answer) == (QuestionState.ANSWERED, "补充蒸汽要求")
    assert kept.amendment_id is not None
    assert fresh(bid).state is BidState.NEEDS_RECONFIRM
    changes = sign_in(scene.lead).get(f"/orders/{scene.order.id}/changes").text
    assert '<ins><span class="mark">[+</span>须耐蒸汽。<span class="mark">+]</span></ins>' in changes


def test_an_amendment_answers_questions_of_its_own_order_only(scene: Scene) -> None:
    other = scene.make.order(scene.enterprise, alliance_id=scene.alliance.id)
    ordering.ask_question(scene.call(), other.id, WORDS)
    foreign = db.session.scalars(select(Question)).one()
    terms = AmendTerms("新标题", scene.order.problem, "", "改", foreign.id)
    with pytest.raises(NotFound):
        service.amend_order(scene.call(scene.owner), scene.order.id, terms)


def test_what_was_published_cannot_be_altered(scene: Scene) -> None:
    service.amend_order(scene.call(scene.owner), scene.order.id, AmendTerms("新标题", scene.order.problem, "", "改"))
    (row,) = db.session.scalars(select(OrderAmendment))
    assert (row.before["title"], row.after["title"]) == (row.before["title"], "新标题")
    for statement in ("UPDATE order_amendments SET note = 'x'", "DELETE FROM order_amendments"):
        with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
            db.session.execute(text(statement))


# Questions: every state × event × role.
def people(scene: Scene) -> dict[str, Account]:
    make = scene.make
    return {
        "owner": scene.owner,
        "member": make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise),
        "lead": scene.lead,
        "rival": make.lead(make.team()),
        "signatory": make.owner(scene.university),
        "other enterprise": make.owner(make.enterprise()),
        "secretary": scene.secretary,
        "officer": scene.officers[0],
        "second officer": scene.officers[1],
        "fund manager": make.account(Role.FUND_MANAGER),
        "auditor": make.account(Role.AUDITOR),
        "administrator": make.account(Role.ADMINISTRATOR),
    }


@pytest.mark.parametrize("state", list(QuestionState))
@pytest.mark.parametrize("event", ["answer", "decline"])
def test_only_the_enterprise_answers_and_only_once(scene: Scene, state: QuestionState, event: str) -> None:
    question = asked(scene)
    facts = {"answer": "是", "reason": "与本订单无关", "decided_at": START} if state is not QuestionState.ASKED else {}
    for who, account in people(scene).items():
        values = {"answer": "", "reason": "", "decided_at": None, "state": state, **facts}
        db.session.execute(update(Question).where(Question.id == question.id).values(**values))
        db.session.commit()
        call = scene.call(account)
        run: Callable[[], object] = {
            "answer": lambda call=call: service.answer_question(call, question.id, "不需要。"),
            "decline": lambda call=call: ordering.decline_question(call, question.id, "与本订单无关"),
        }[event]
        if who in {"owner", "member"} and QUESTION.allows(state, event):
            run()
            assert again(question).state is QUESTION.require(state, event), who
        else:
            with pytest.raises(Refused):
                run()
            assert again(question).state is state, who


@pytest.mark.parametrize("state", [QuestionState.ANSWERED, QuestionState.DECLINED])
def test_the_database_refuses_decided_questions_without_words_or_time(scene: Scene, state: QuestionState) -> None:
    question = asked(scene)
    whole: dict[str, object] = {"state": state, "answer": "x", "reason": "x", "decided_at": START}
    word = "answer" if state is QuestionState.ANSWERED else "reason"
    for lacking in ({"decided_at": None}, {word: ""}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(update(Question).where(Question.id == question.id).values(**{**whole, **lacking}))


def test_many_questions_of_one_person_are_slowed_down(scene: Scene, sign_in: Any) -> None:
    lead = sign_in(scene.lead)
    answers = [lead.post(f"/orders/{scene.order.id}/ask", data={"text": WORDS}).status_code for _ in range(7)]
    assert answers == [303] * 5 + [409] * 2
    assert len(asking.all_of(scene.order)) == 5


def test_an_empty_question_names_the_place(scene: Scene, sign_in: Any) -> None:
    assert sign_in(scene.lead).post(f"/orders/{scene.order.id}/ask", data={"text": " "}).status_code == 422
    with pytest.raises(Invalid, match=r"orders\.question_empty"):
        ordering.ask_question(scene.call(), scene.order.id, "  ")


# The deadline alone.
LATER = START + timedelta(days=27)


def proposed(scene: Scene, account: Account | None = None) -> DeadlineChange:
    return service.propose_deadline(scene.call(account or scene.owner), scene.order.id, LATER, "样件晚到一周")


def change_again(change: DeadlineChange) -> DeadlineChange:
    row = db.session.get(DeadlineChange, change.id, populate_existing=True)
    assert row is not None
    return row


def test_two_people_move_the_deadline_and_bids_stay(scene: Scene) -> None:
    bid = scene.submitted()
    before = scene.order.bid_deadline
    change = proposed(scene)
    assert scene.fresh_order().bid_deadline == before
    service.approve_deadline(scene.call(scene.secretary), change.id)
    assert scene.fresh_order().bid_deadline == LATER
    assert fresh(bid).state is BidState.SUBMITTED
    (note,) = db.session.scalars(select(OrderAmendment))
    assert (note.note, note.deadline_before, note.deadline_after, note.before) == ("样件晚到一周", before, LATER, {})
    sent = list(db.session.scalars(select(Message.template)))
    assert sent == ["bid_deadline_moved", "order_deadline_moved"]


def test_one_person_with_two_accounts_is_one_person(scene: Scene) -> None:
    person = scene.make.person()
    one = scene.make.account(Role.CENTRE_OFFICER, person=person)
    two = scene.make.account(Role.CENTRE_OFFICER, person=person)
    change = proposed(scene, one)
    with pytest.raises(Forbidden, match=r"approvals\.same_person"):
        service.approve_deadline(scene.call(two), change.id)
    assert scene.fresh_order().bid_deadline != LATER


def test_without_the_second_person_one_account_could_do_it_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.deadlines.approvals, "approve", lambda *_: None)
    change = proposed(scene, scene.officers[0])
    service.approve_deadline(scene.call(scene.officers[0]), change.id)
    assert scene.fresh_order().bid_deadline == LATER


def test_a_deadline_moves_later_only_before_it_passes_and_before_delivery(scene: Scene) -> None:
    call = scene.call(scene.owner)
    for wrong, code in (
        (scene.order.bid_deadline, "orders.deadline_not_later"),
        (START + timedelta(days=19), "orders.deadline_not_later"),
        (START + timedelta(days=500), "orders.deadline_after_delivery"),
    ):
        with pytest.raises(Invalid, match=code.replace(".", r"\.")):
            service.propose_deadline(call, scene.order.id, wrong, "x")  # type: ignore[arg-type]
    change = proposed(scene)
    with pytest.raises(Conflict, match=r"orders\.deadline_asked"):
        proposed(scene)
    scene.past_deadline()
    with pytest.raises(Conflict, match=r"orders\.over"):
        service.approve_deadline(scene.call(scene.secretary), change.id)
    jobs.lapse_void_deadlines(scene.make.call())
    assert change_again(change).state is DeadlineState.LAPSED


def test_a_change_of_the_text_overtakes_a_request(scene: Scene) -> None:
    scene.clock.advance(days=19)
    change = proposed(scene)
    service.amend_order(scene.call(scene.owner), scene.order.id, AmendTerms("新标题", scene.order.problem, "", "改"))
    with pytest.raises(Conflict, match=r"orders\.deadline_moved"):
        service.approve_deadline(scene.call(scene.secretary), change.id)
    jobs.lapse_void_deadlines(scene.make.call())
    assert change_again(change).state is DeadlineState.LAPSED


@pytest.mark.parametrize("state", list(DeadlineState))
@pytest.mark.parametrize("event", ["approve", "reject", "lapse"])
def test_every_event_of_a_request_in_every_state_by_every_role(scene: Scene, state: DeadlineState, event: str) -> None:
    change = proposed(scene)
    accounts: dict[str, Account | None] = {**people(scene), "system": None}
    before = scene.order.bid_deadline
    for who, account in accounts.items():
        decided = None if state is DeadlineState.PROPOSED else START
        db.session.execute(
            update(DeadlineChange).where(DeadlineChange.id == change.id).values(state=state, decided_at=decided)
        )
        scene.fresh_order().bid_deadline = before
        db.session.commit()
        call = scene.make.call(account)
        run: Callable[[], object] = {
            "approve": lambda call=call: service.approve_deadline(call, change.id),
            "reject": lambda call=call: service.reject_deadline(call, change.id, "不同意"),
            "lapse": lambda call=call: service.lapse_deadline(call, change.id),
        }[event]
        may = who in {"secretary", "officer", "second officer"} and event in {"approve", "reject"}
        if may and DEADLINE.allows(state, event):
            run()
            assert change_again(change).state is DEADLINE.require(state, event), who
        else:
            with pytest.raises(Refused):
                run()
            assert change_again(change).state is state, who


def test_the_database_refuses_an_earlier_deadline_a_second_request_and_a_decision_without_time(scene: Scene) -> None:
    change = proposed(scene)
    for values in ({"deadline_after": change.deadline_before}, {"state": "approved"}, {"state": "forged"}):
        sets = ", ".join(f"{name} = :{name}" for name in values)
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(f"UPDATE order_deadline_changes SET {sets}"), values)
    copy = {c.key: getattr(change, c.key) for c in DeadlineChange.__table__.columns if c.key != "id"}
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(DeadlineChange.__table__.insert().values(**copy))


def test_ask_confirm_and_reject_through_the_pages(scene: Scene, sign_in: Any) -> None:
    page = f"/orders/{scene.order.id}/deadline"
    owner, secretary = sign_in(scene.owner), sign_in(scene.secretary)
    assert owner.post(page, data={"deadline": "", "why": ""}).status_code == 422
    assert owner.post(page, data={"deadline": "2027-02-08T10:00", "why": "样件晚到"}).status_code == 303
    change = db.session.scalars(select(DeadlineChange)).one()
    assert "/deadlines/" not in owner.get(page).text
    assert f"/deadlines/{change.id}/approve" in secretary.get(page).text
    assert page in secretary.get("/home").text
    assert owner.post(f"/deadlines/{change.id}/approve").status_code == 403
    assert secretary.post(f"/deadlines/{change.id}/reject", data={"reason": ""}).status_code == 422
    assert secretary.post(f"/deadlines/{change.id}/reject", data={"reason": "时间足够"}).status_code == 303
    assert owner.post(page, data={"deadline": "2027-02-08T10:00", "why": "样件晚到"}).status_code == 303
    second = db.session.scalars(select(DeadlineChange).order_by(DeadlineChange.id.desc())).first()
    assert second is not None
    assert secretary.post(f"/deadlines/{second.id}/approve").status_code == 303
    assert "样件晚到" in sign_in(scene.lead).get(f"/orders/{scene.order.id}/changes").text
