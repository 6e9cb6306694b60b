"""Registering, verifying, inviting, ending."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marketplace.accounts import attempts
from marketplace.accounts.models import Account, AccountGrant, Person
from marketplace.accounts.passwords import identity_digest
from marketplace.accounts.queries import actor_of, find_account
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.organisations import directory, queries, service
from marketplace.organisations.models import Invitation, Organisation
from marketplace.organisations.terms import InvitationTerms, OrganisationTerms, PersonTerms
from marketplace.organisations.workflow import InvitationState, OrganisationKind, OrganisationState, Size
from marketplace.outbox.models import Message
from tests.conftest import Clock
from tests.factories import PASSWORD, Make, uscc_number

IDENTITY = "11010519491231002X"
TERMS = OrganisationTerms(
    kind=OrganisationKind.ENTERPRISE,
    name="东莞市青枫精密五金有限公司",
    name_en="Qingfeng Hardware",
    uscc=uscc_number(900_001),
    region="441900",
    industry="C",
    size=Size.SMALL,
    introduction="",
)
PERSON = PersonTerms("陈晓", IDENTITY, "Chen@Example.test", PASSWORD, "zh_Hans_CN")


@pytest.fixture
def visitor(make: Make) -> Call:
    return Call(Actor.visitor(), make.clock(), "test")


def mails(template: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.template == template)))


def test_a_registration_waits_and_opens_an_unconfirmed_owner(visitor: Call) -> None:
    service.register(visitor, TERMS, PERSON)
    row = directory.find_code(TERMS.uscc)
    account = find_account(PERSON.email)
    assert row is not None
    assert account is not None
    assert row.state is OrganisationState.REGISTERED
    assert account.state is AccountState.UNCONFIRMED
    assert actor_of(account).has_for(row.id, Role.ENTERPRISE_OWNER)


def test_the_identity_number_is_stored_nowhere(visitor: Call) -> None:
    service.register(visitor, TERMS, PERSON)
    assert db.session.scalar(select(Person.identity)) == identity_digest(IDENTITY)
    kept = [str(r.detail) for r in db.session.scalars(select(AuditRecord))]
    kept += [str(m.values) for m in db.session.scalars(select(Message))]
    assert not any(IDENTITY in text or PASSWORD in text for text in [*kept, repr(PERSON)])


def test_a_known_address_gets_the_same_answer_and_a_mail(make: Make, visitor: Call) -> None:
    known = make.account(email="chen@example.test")
    service.register(visitor, TERMS, PERSON)
    assert directory.find_code(TERMS.uscc) is None
    assert db.session.scalar(select(func.count()).select_from(Account)) == 1
    assert [m.recipient for m in mails("organisation_known_address")] == [known.email]


def test_a_foreign_identity_is_refused_alike_for_known_and_unknown_addresses(make: Make, visitor: Call) -> None:
    make.account(person=make.person(), email="known@example.test")
    service.register(visitor, TERMS, PERSON)
    terms = replace(TERMS, uscc=uscc_number(900_002))
    for email in ("known@example.test", "new@example.test"):
        with pytest.raises(Invalid, match=r"accounts\.identity_name") as refused:
            service.register(visitor, terms, replace(PERSON, name="李四", email=email))
        assert refused.value.field == "person_name"


def test_nobody_is_flooded_with_mails_by_registrations(make: Make, visitor: Call) -> None:
    make.account(email="chen@example.test")
    for _ in range(attempts.PER_EMAIL):
        service.register(visitor, TERMS, PERSON)
    with pytest.raises(Conflict, match="too_often"):
        service.register(visitor, TERMS, PERSON)
    assert len(mails("organisation_known_address")) == attempts.PER_EMAIL


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"uscc": "91441900"}, "uscc.length", "uscc"),
        ({"region": "000000"}, "organisations.region", "region"),
        ({"industry": "Z"}, "organisations.industry", "industry"),
        ({"size": None}, "organisations.size_needed", "size"),
    ],
)
def test_a_wrong_registration_keeps_nothing(visitor: Call, changes: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.register(visitor, replace(TERMS, **changes), PERSON)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == (code, field)
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_a_university_has_no_size(visitor: Call) -> None:
    service.register(visitor, replace(TERMS, kind=OrganisationKind.UNIVERSITY), PERSON)
    row = directory.find_code(TERMS.uscc)
    assert row is not None
    assert row.size is None


def test_a_code_is_registered_once(make: Make, visitor: Call) -> None:
    make.enterprise(uscc=TERMS.uscc)
    with pytest.raises(Conflict, match=r"organisations\.known"):
        service.register(visitor, TERMS, PERSON)
    assert find_account(PERSON.email) is None


def test_staff_verifies_and_the_owner_hears_of_it(make: Make) -> None:
    row = make.enterprise(state=OrganisationState.REGISTERED)
    owner = make.owner(row)
    officer = make.call(make.officer())
    assert [task.subject for task in queries.waiting_for(officer)] == [row.name]
    service.verify(officer, row.id)
    assert row.state is OrganisationState.VERIFIED
    assert row.verified_at == officer.now
    assert [m.recipient for m in mails("organisation_verified")] == [owner.email]
    assert queries.waiting_for(officer) == []
    assert queries.waiting_for(make.call(owner)) == []


def test_sending_back_and_suspending_need_words(make: Make) -> None:
    officer = make.call(make.officer())
    new, old = make.enterprise(state=OrganisationState.REGISTERED), make.enterprise()
    for use_case, row in ((service.reject, new), (service.suspend, old)):
        with pytest.raises(Invalid, match="reason_needed"):
            use_case(officer, row.id, " \x00 ")
    service.reject(officer, new.id, "证照名称不一致")
    service.suspend(officer, old.id, "证照过期")
    assert (new.state, new.reason) == (OrganisationState.REJECTED, "证照名称不一致")
    assert old.state is OrganisationState.SUSPENDED
    service.restore(officer, old.id)
    assert (old.state, old.reason) == (OrganisationState.VERIFIED, "")


def test_an_owner_corrects_what_was_sent_back_and_it_waits_again(make: Make) -> None:
    row, officer = make.enterprise(state=OrganisationState.REGISTERED), make.officer()
    owner = make.owner(row)
    service.reject(make.call(officer), row.id, "名称与执照不符")
    assert [task.endpoint for task in directory.waiting_for(make.call(owner))] == ["organisations.correct_form"]
    code = uscc_number(900_777)
    service.correct(make.call(owner), row.id, replace(TERMS, uscc=code))
    assert (row.state, row.reason, row.uscc) == (OrganisationState.REGISTERED, "", code)
    assert directory.waiting_for(make.call(owner)) == []
    assert row.name in [task.subject for task in directory.waiting_for(make.call(officer))]


def test_a_correction_cannot_take_anothers_code_nor_touch_a_verified_organisation(make: Make) -> None:
    other, row = make.enterprise(), make.enterprise(state=OrganisationState.REJECTED)
    owner = make.owner(row)
    with pytest.raises(Conflict, match=r"organisations\.known"):
        service.correct(make.call(owner), row.id, replace(TERMS, uscc=other.uscc))
    with pytest.raises(Forbidden, match="owners_only"):
        service.correct(make.call(make.officer()), row.id, TERMS)
    verified = make.enterprise()
    with pytest.raises(Conflict, match="not_now"):
        service.correct(make.call(make.owner(verified)), verified.id, TERMS)


def test_strangers_verify_nothing(make: Make) -> None:
    row = make.enterprise(state=OrganisationState.REGISTERED)
    with pytest.raises(Forbidden):
        service.verify(make.call(make.owner(row)), row.id)
    with pytest.raises(NotFound):
        service.verify(make.call(make.owner(make.enterprise())), row.id)


def _invite(make: Make, row: Organisation, email: str = "li@example.test", role: Role | None = None) -> str:
    owner = make.call(make.owner(row))
    invitation = service.invite(owner, row.id, InvitationTerms(email, role or Role.ENTERPRISE_MEMBER))
    return service.invitation_token(invitation.id)


def test_an_invited_person_opens_a_confirmed_account_once(make: Make, visitor: Call) -> None:
    row = make.enterprise()
    token = _invite(make, row)
    newcomer = PersonTerms("李明", IDENTITY, "somebody@else.test", PASSWORD, "en")
    service.accept(visitor, token, newcomer)
    account = find_account("li@example.test")
    assert account is not None
    assert account.state is AccountState.ACTIVE
    assert actor_of(account).has_for(row.id, Role.ENTERPRISE_MEMBER)
    with pytest.raises(Conflict, match=r"workflow\.not_now"):
        service.accept(visitor, token, newcomer)


def test_the_queued_mail_does_not_hold_the_link(make: Make) -> None:
    token = _invite(make, make.enterprise())
    (message,) = mails("organisation_invited")
    assert token not in str(message.values)
    assert db.session.scalar(select(Invitation.token_digest)) != token


def test_an_invitation_runs_out_after_a_week(make: Make, clock: Clock) -> None:
    token = _invite(make, make.enterprise())
    clock.advance(days=7)
    with pytest.raises(Conflict, match="invitation_over"):
        service.accept(Call(Actor.visitor(), clock.now), token, PERSON)


def test_an_invitation_is_for_one_address(make: Make, visitor: Call) -> None:
    row = make.enterprise()
    invited, other = make.account(email="li@example.test"), make.account()
    token = _invite(make, row)
    with pytest.raises(Conflict, match="sign_in_first"):
        service.accept(visitor, token, PERSON)
    with pytest.raises(Conflict, match="invitation_other"):
        service.accept(make.call(other), token)
    service.accept(make.call(invited), token)
    assert actor_of(invited).has_for(row.id, Role.ENTERPRISE_MEMBER)


def test_a_withdrawn_or_made_up_link_is_worthless(make: Make, visitor: Call) -> None:
    row = make.enterprise()
    owner = make.call(make.owner(row))
    invitation = service.invite(owner, row.id, InvitationTerms("li@example.test", Role.ENTERPRISE_OWNER))
    service.withdraw_invitation(owner, row.id, invitation.id)
    assert invitation.state is InvitationState.WITHDRAWN
    with pytest.raises(Conflict, match=r"workflow\.not_now"):
        service.accept(visitor, service.invitation_token(invitation.id), PERSON)
    with pytest.raises(NotFound):
        service.accept(visitor, "made-up", PERSON)


@pytest.mark.parametrize("role", [Role.CENTRE_OFFICER, Role.UNIVERSITY_OWNER, Role.TEAM_LEAD])
def test_an_enterprise_gives_only_its_own_roles(make: Make, role: Role) -> None:
    with pytest.raises(Invalid, match=r"organisations\.role"):
        _invite(make, make.enterprise(), role=role)


def test_nobody_is_invited_twice(make: Make) -> None:
    row = make.enterprise()
    _invite(make, row)
    with pytest.raises(Conflict, match="invited_already"):
        _invite(make, row, "LI@example.test")
    with pytest.raises(Conflict, match="member_already"):
        _invite(make, row, make.owner(row).email)


def test_only_owners_invite(make: Make) -> None:
    row = make.enterprise()
    for account in (make.account(Role.ENTERPRISE_MEMBER, organisation=row), make.officer()):
        with pytest.raises(Forbidden, match="owners_only"):
            service.invite(make.call(account), row.id, InvitationTerms("x@y.test", Role.ENTERPRISE_MEMBER))


def test_a_membership_ends_at_once_and_the_last_owner_stays(make: Make) -> None:
    row = make.enterprise()
    owner, member = make.owner(row), make.account(Role.ENTERPRISE_MEMBER, organisation=row)
    call = make.call(owner)
    service.end_membership(call, row.id, member.id)
    assert not actor_of(member).organisations
    assert db.session.scalar(select(AccountGrant.state).where(AccountGrant.account_id == member.id)) == GrantState.ENDED
    with pytest.raises(Conflict, match="last_owner"):
        service.end_membership(call, row.id, owner.id)
    with pytest.raises(Conflict, match="not_member"):
        service.end_membership(call, row.id, make.account().id)
    second = make.owner(row)
    service.end_membership(call, row.id, owner.id)
    assert [a.id for a in directory.owners_of(row.id)] == [second.id]


def test_whoever_leaves_cannot_come_back_by_an_invitation_of_their_own(make: Make, visitor: Call) -> None:
    row = make.enterprise()
    staying, leaving = make.owner(row), make.owner(row)
    theirs = service.invite(make.call(leaving), row.id, InvitationTerms("li@example.test", Role.ENTERPRISE_OWNER))
    other = service.invite(make.call(staying), row.id, InvitationTerms("wu@example.test", Role.ENTERPRISE_MEMBER))
    service.end_membership(make.call(staying), row.id, leaving.id)
    with pytest.raises(Conflict, match=r"workflow\.not_now"):
        service.accept(visitor, service.invitation_token(theirs.id), PERSON)
    assert other.state is InvitationState.OPEN


def test_an_owner_who_cannot_sign_in_does_not_count_as_the_last(make: Make) -> None:
    row = make.enterprise()
    owner, locked = make.owner(row), make.owner(row)
    locked.state = AccountState.SUSPENDED
    make.save(locked)
    with pytest.raises(Conflict, match="last_owner"):
        service.end_membership(make.call(owner), row.id, owner.id)
