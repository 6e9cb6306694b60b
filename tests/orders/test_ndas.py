"""The confidential part opens under a live agreement only: in every state of it, for every role, on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import AccountGrant
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from marketplace.kernel.policy import YES
from marketplace.orders import agreement, jobs, ndas, policy, queries, service
from marketplace.orders.models import Nda
from marketplace.orders.workflow import NDA, NDA_ALIVE, NdaState
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox.models import Message
from tests.conftest import START, Clock
from tests.factories import Make
from tests.orders.nda_scene import CONTENT, FILE, SECRET, N, Scene


@pytest.fixture
def scene(make: Make) -> Scene:
    return Scene(make)


ALWAYS = {"owner", "member", "secretary", "officer"}
UNDER = {"lead", "signatory", "colleague"}
STATES: list[NdaState | None] = [None, *N]


def pages(client: Any, scene: Scene, nda: Nda | None) -> str:
    """Everything the order and its agreement can show to one reader, as one text."""
    order = scene.order.id
    file = queries.all_attachments(scene.order)[0].file_id
    addresses = [
        f"/orders/{order}", "/orders", "/orders?q=QX7731", f"/orders?q={SECRET[:6]}", "/orders/mine", "/orders/screening",
        f"/orders/{order}/files/{file}", f"/orders/{order}/edit/disclosure", f"/orders/{order}/check",
        f"/orders/{order}/nda", f"/orders/{order}/ndas", "/ndas", f"/orders/{order}/bid", f"/orders/{order}/amend",
        f"/orders/{order}/opening", f"/orders/{order}/bids", "/home", "/", "/audit", f"/orders/{order}/cancel",
    ]  # fmt: skip
    addresses += [f"/ndas/{nda.id}"] if nda else []
    return "".join(client.get(address).text for address in addresses)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_text_and_files_are_open_to_exactly_those_whom_the_agreement_names(
    scene: Scene, app: Flask, sign_in: Any, state: NdaState | None
) -> None:
    nda = scene.bring(state)
    readers, downloaders, named = set(), set(), set()
    for who, account in scene.people.items():
        client = sign_in(account) if account else app.test_client()
        seen = pages(client, scene, nda)
        readers |= {who} if SECRET in seen else set()
        downloaders |= {who} if CONTENT.decode() in seen else set()
        named |= {who} if FILE in seen else set()
    expected = ALWAYS | (UNDER if state is N.SIGNED else set())
    assert readers == downloaders == named == expected


def test_with_the_protection_off_every_reader_of_the_order_would_read_it(
    scene: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "may_see_confidential", lambda *_: YES)
    for who in ("lead", "sister lead", "rival enterprise", "auditor"):
        assert SECRET in pages(sign_in(scene.people[who]), scene, None)


def test_mail_jobs_and_journal_hold_nothing_of_it(scene: Scene) -> None:
    nda = scene.signed()
    service.revoke_nda(scene.call("owner"), nda.id, "泄密风险")
    for table in ("outbox_messages", "job_runs", "audit_records"):
        rows = db.session.execute(text(f"SELECT * FROM {table}")).all()
        assert not any("QX7731" in str(value) or SECRET in str(value) for row in rows for value in row), table
    sent = list(db.session.scalars(select(Message.template).order_by(Message.id)))
    assert sent == [
        "nda_requested",
        "nda_signed",
        "nda_signed",
        "nda_signed",
        "nda_given",
        "nda_given",
        *["nda_ended"] * 3,
    ]


def test_lists_never_load_it(scene: Scene, sign_in: Any, count_statements: list[str]) -> None:
    scene.signed()
    client = sign_in(scene.people["lead"])
    count_statements.clear()
    for address in ("/orders", "/orders?q=QX", "/ndas"):
        client.get(address)
    assert not any("order_confidential_parts.text" in s and "!=" not in s for s in count_statements)


@pytest.mark.parametrize(
    ("moment", "reads"),
    [
        (timedelta(seconds=-1), False),
        (timedelta(0), True),
        (agreement.ACCESS - timedelta(seconds=1), True),
        (agreement.ACCESS, False),
    ],
)
def test_access_begins_and_ends_to_the_second(scene: Scene, moment: timedelta, reads: bool) -> None:
    scene.signed()
    call = Call(scene.call("lead").actor, START + moment)
    assert queries.sees_confidential(call, scene.order) is reads
    assert bool(queries.attachments_of(call, scene.order)) is reads


def test_the_clock_notes_the_end_of_a_term(scene: Scene, clock: Clock) -> None:
    nda = scene.signed()
    jobs.expire_ndas(scene.make.call())
    assert fresh(nda).state is N.SIGNED
    clock.advance(days=365)
    jobs.expire_ndas(scene.make.call())
    assert fresh(nda).state is N.EXPIRED
    jobs.expire_ndas(scene.make.call())


def fresh(nda: Nda) -> Nda:
    found = db.session.get(Nda, nda.id, populate_existing=True)
    assert found is not None
    return found


def test_a_right_that_ends_ends_the_reading_at_once(scene: Scene, sign_in: Any) -> None:
    scene.signed()
    lead = scene.people["lead"]
    client = sign_in(lead)
    assert SECRET in client.get(f"/orders/{scene.order.id}").text
    db.session.execute(text("UPDATE account_grants SET state = 'ended' WHERE account_id = :a"), {"a": lead.id})  # type: ignore[union-attr]
    db.session.commit()
    assert SECRET not in client.get(f"/orders/{scene.order.id}").text


# Who does what: every state × event × role through the services.
def act(scene: Scene, event: str, who: str, nda: Nda) -> Nda:
    call = scene.make.call() if who == "system" else scene.call(who)
    doing: dict[str, Callable[[], Nda]] = {
        "sign": lambda: service.sign_nda(call, nda.id, scene.mark(nda)),
        "decline": lambda: service.decline_nda(call, nda.id, "words"),
        "withdraw": lambda: service.withdraw_nda(call, nda.id),
        "revoke": lambda: service.revoke_nda(call, nda.id, "words"),
        "expire": lambda: service.expire_nda(Call(call.actor, START + agreement.ACCESS), nda.id),
    }
    return doing[event]()


MAY = {
    "sign": {"signatory"},
    "decline": {"owner", "member"},
    "revoke": {"owner", "member"},
    "withdraw": {"lead", "signatory", "colleague"},
    "expire": {"system"},
}
ALLOWED = {
    (N.REQUESTED, "sign"): N.SIGNED,
    (N.REQUESTED, "decline"): N.DECLINED,
    (N.REQUESTED, "withdraw"): N.WITHDRAWN,
    (N.SIGNED, "expire"): N.EXPIRED,
    (N.SIGNED, "revoke"): N.REVOKED,
}
WHO = ["owner", "member", "lead", "signatory", "colleague", "sister lead", "other signatory", "rival enterprise",
       "secretary", "other secretary", "officer", "fund manager", "auditor", "administrator", "system"]  # fmt: skip


@pytest.mark.parametrize("event", sorted(MAY))
@pytest.mark.parametrize("state", list(N))
def test_every_event_in_every_state_by_every_role(scene: Scene, state: NdaState, event: str) -> None:
    nda = scene.bring(state)
    assert nda is not None
    for who in WHO:
        if who == "system" and event != "expire":
            continue  # the system signs for nobody: its actor has no institution
        before = fresh(nda)
        kept = {c.key: getattr(before, c.key) for c in Nda.__table__.columns if c.key not in {"id", "version"}}
        if (state, event) in ALLOWED and who in MAY[event]:
            assert act(scene, event, who, nda).state is ALLOWED[state, event], who
            db.session.execute(update(Nda).where(Nda.id == nda.id).values(**kept))
            db.session.commit()
            db.session.expire_all()
        else:
            with pytest.raises(Refused):
                act(scene, event, who, nda)
            assert fresh(nda).state is state, who


def test_the_table_is_this_one() -> None:
    assert {(s, t.event): t.target for t in NDA.transitions for s in t.sources} == ALLOWED
    assert NDA.terminal == set(N) - NDA_ALIVE


@pytest.mark.parametrize("state", list(N))
def test_the_database_refuses_states_without_their_facts(scene: Scene, state: NdaState) -> None:
    nda = scene.requested()
    lacking = {"signed_at": None, "signed_by": None, "expires_at": None, "ended_at": None, "digest": ""}
    if state is N.REQUESTED:
        return
    with pytest.raises(IntegrityError):
        db.session.execute(update(Nda).where(Nda.id == nda.id).values(state=state, **lacking))
    db.session.rollback()


def test_the_database_refuses_a_second_agreement_an_unknown_state_and_a_term_that_ends_before_it_begins(
    scene: Scene,
) -> None:
    nda = scene.signed()
    wrong: list[dict[str, object]] = [{"expires_at": START}, {"digest": "short"}]
    for values in wrong:
        with pytest.raises(IntegrityError):
            db.session.execute(update(Nda).where(Nda.id == nda.id).values(**values))
        db.session.rollback()
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE order_ndas SET state = 'forged' WHERE id = :id"), {"id": nda.id})
    db.session.rollback()
    twin = Nda(
        order_id=nda.order_id, team_id=nda.team_id, organisation_id=nda.organisation_id, state=N.REQUESTED,
        requested_by=nda.requested_by, requested_at=START,
    )  # fmt: skip
    db.session.add(twin)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_signature_is_bound_to_the_text_that_was_shown(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    nda = scene.requested()
    shown = scene.mark(nda)
    monkeypatch.setattr(agreement, "EDITION", agreement.EDITION + 1)
    with pytest.raises(Conflict, match=r"orders\.nda_changed"):
        service.sign_nda(scene.call("signatory"), nda.id, shown)
    assert fresh(nda).state is N.REQUESTED
    signed = service.sign_nda(scene.call("signatory"), nda.id, scene.mark(nda))
    assert (signed.digest, signed.signatory) == (scene.mark(nda), scene.call("signatory").actor.name)


def test_an_ended_agreement_can_be_asked_for_again(scene: Scene) -> None:
    first = scene.bring(N.DECLINED)
    second = scene.signed()
    assert first is not None
    assert first.id != second.id
    with pytest.raises(Conflict, match=r"orders\.nda_already"):
        scene.requested()


def test_ending_needs_words(scene: Scene) -> None:
    nda = scene.signed()
    with pytest.raises(Invalid, match=r"orders\.reason_needed"):
        service.revoke_nda(scene.call("owner"), nda.id, "  ")


def test_who_may_not_ask(scene: Scene, clock: Clock) -> None:
    make = scene.make
    unverified = make.university(state=OrganisationState.REGISTERED)
    team = make.team(unverified)
    with pytest.raises(Forbidden, match=r"orders\.institution_not_verified"):
        service.request_nda(make.call(make.lead(team)), scene.order.id, team.id)
    insider = make.account(Role.UNIVERSITY_OWNER, organisation=scene.university)
    role = Role.ENTERPRISE_MEMBER
    make.save(AccountGrant(account_id=insider.id, role=role, organisation_id=scene.enterprise.id, created_at=START))
    with pytest.raises(Forbidden, match=r"orders\.nda_not_for_you"):
        service.request_nda(make.call(insider), scene.order.id, scene.team.id)
    with pytest.raises(NotFound):
        service.request_nda(scene.call("other signatory"), scene.order.id, scene.team.id)
    plain = make.order(scene.enterprise, alliance_id=scene.alliance.id)
    with pytest.raises(Conflict, match=r"orders\.no_secret"):
        service.request_nda(scene.call("lead"), plain.id, scene.team.id)
    clock.advance(days=21)
    with pytest.raises(Conflict, match=r"orders\.nda_too_late"):
        scene.requested()


def test_other_teams_never_learn_who_asked(scene: Scene, sign_in: Any) -> None:
    nda = scene.signed()
    for who in ("sister lead", "other signatory", "rival enterprise", "other secretary"):
        client = sign_in(scene.people[who])
        assert client.get(f"/ndas/{nda.id}").status_code in {403, 404}, who
        assert client.get(f"/orders/{scene.order.id}/ndas").status_code in {403, 404}, who
        assert scene.team.name not in client.get("/ndas").text
    for who in ("owner", "secretary", "officer", "auditor"):
        assert scene.team.name in sign_in(scene.people[who]).get(f"/orders/{scene.order.id}/ndas").text


def test_ask_sign_read_and_revoke_through_the_pages(scene: Scene, sign_in: Any) -> None:
    order = f"/orders/{scene.order.id}"
    lead, signatory, owner = (sign_in(scene.people[w]) for w in ("lead", "signatory", "owner"))
    assert f'href="{order}/nda"' in lead.get(order).text
    answer = lead.post(f"{order}/nda", data={"team": scene.team.id})
    page = answer.headers["Location"]
    assert "disabled" in lead.get(page).text  # the lead reads why only the signatory signs
    assert page in signatory.get("/home").text
    shown = signatory.get(page).text
    mark = agreement.fingerprint(scene.order, scene.team)
    assert f'action="{page}/sign/{mark}"' in shown
    assert signatory.post(f"{page}/sign/{'0' * 64}").status_code == 409
    assert signatory.post(f"{page}/sign/{mark}").status_code == 303
    assert SECRET in lead.get(order).text
    assert owner.post(f"{page}/revoke", data={"reason": ""}).status_code == 422
    assert owner.post(f"{page}/revoke", data={"reason": "项目调整"}).status_code == 303
    assert SECRET not in lead.get(order).text
    assert "项目调整" in lead.get(page).text
    commands = list(db.session.scalars(select(AuditRecord.command).where(AuditRecord.subject_kind == "nda")))
    assert commands == ["orders.request_nda", "orders.sign_nda", "orders.revoke_nda"]


def test_the_list_of_agreements_takes_a_bounded_number_of_statements(
    scene: Scene, sign_in: Any, count_statements: list[str]
) -> None:
    client = sign_in(scene.people["owner"])

    def asked() -> int:
        count_statements.clear()
        client.get(f"/orders/{scene.order.id}/ndas")
        return len(count_statements)

    scene.requested()
    one = asked()
    for _ in range(4):
        team = scene.make.team()
        service.request_nda(scene.make.call(scene.make.lead(team)), scene.order.id, team.id)
    assert asked() <= one
    assert isinstance(ndas.due_to_expire(datetime.now(START.tzinfo)), list)
