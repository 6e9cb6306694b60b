"""Asking to join, admitting, refusing, ending."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.alliances import queries, service
from marketplace.alliances.models import Alliance
from marketplace.alliances.workflow import MembershipState
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox.models import Message
from tests.factories import Make


def secretary(make: Make, alliance: Alliance) -> Call:
    return make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=alliance))


def test_a_request_reaches_the_secretary_and_the_answer_the_owner(make: Make) -> None:
    alliance, row = make.alliance(), make.enterprise()
    owner, deciding = make.owner(row), secretary(make, alliance)
    membership = service.request(make.call(owner), alliance.id, row.id)
    assert membership.state is MembershipState.REQUESTED
    for reader, count in ((deciding, 1), (make.call(make.officer()), 1), (secretary(make, make.alliance()), 0)):
        assert len(queries.waiting_for(reader)) == count
    assert queries.waiting_for(make.call(owner)) == []
    service.admit(deciding, membership.id)
    assert (membership.state, membership.decided_at) == (MembershipState.ACTIVE, deciding.now)
    assert queries.waiting_for(deciding) == []
    assert [m.template for m in db.session.scalars(select(Message).order_by(Message.id))] == [
        "alliance_requested",
        "alliance_decided",
    ]
    commands = list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.sequence)))
    assert commands == ["alliances.request", "alliances.admit"]


def test_one_may_ask_again_after_a_refusal_or_an_end(make: Make) -> None:
    alliance, row = make.alliance(), make.enterprise()
    owner, deciding = make.call(make.owner(row)), secretary(make, alliance)
    membership = service.request(owner, alliance.id, row.id)
    with pytest.raises(Conflict):
        service.request(owner, alliance.id, row.id)
    service.refuse(deciding, membership.id, "行业不符")
    assert membership.reason == "行业不符"
    assert service.request(owner, alliance.id, row.id).id == membership.id
    assert (membership.reason, membership.decided_at) == ("", None)
    service.admit(deciding, membership.id)
    service.end(deciding, membership.id, "自愿退出")
    service.request(owner, alliance.id, row.id)
    assert membership.state is MembershipState.REQUESTED


def test_only_owners_of_verified_organisations_ask(make: Make) -> None:
    alliance, row = make.alliance(), make.enterprise()
    new = make.enterprise(state=OrganisationState.REGISTERED)
    cases = [
        (make.account(Role.ENTERPRISE_MEMBER, organisation=row), row, "owners_only"),
        (make.owner(make.enterprise()), row, "owners_only"),
        (make.owner(new), new, "not_verified"),
    ]
    for account, organisation, code in cases:
        with pytest.raises(Forbidden, match=code):
            service.request(make.call(account), alliance.id, organisation.id)


def test_the_secretary_of_another_alliance_sees_no_request(make: Make) -> None:
    alliance, row = make.alliance(), make.enterprise()
    membership = make.membership(alliance, row, MembershipState.REQUESTED)
    stranger = secretary(make, make.alliance())
    for number in (membership.id, membership.id + 1000, 10**30):
        with pytest.raises(NotFound):
            service.admit(stranger, number)
    with pytest.raises(Forbidden, match=r"alliances\.own"):
        service.admit(make.call(make.owner(row)), membership.id)


def test_nobody_decides_about_the_own_organisation(make: Make) -> None:
    row = make.enterprise()
    membership = make.membership(make.alliance(), row, MembershipState.REQUESTED)
    both = make.account(Role.CENTRE_OFFICER, Role.ENTERPRISE_OWNER, organisation=row)
    with pytest.raises(Forbidden, match=r"alliances\.own"):
        service.admit(make.call(both), membership.id)


def test_refusing_and_ending_need_words(make: Make) -> None:
    alliance = make.alliance()
    asked = make.membership(alliance, make.enterprise(), MembershipState.REQUESTED)
    member = make.membership(alliance, make.enterprise())
    deciding = secretary(make, alliance)
    for use_case, row in ((service.refuse, asked), (service.end, member)):
        with pytest.raises(Invalid, match="reason_needed"):
            use_case(deciding, row.id, " \x00")


def test_a_suspended_organisation_is_not_admitted(make: Make) -> None:
    alliance = make.alliance()
    row = make.enterprise(state=OrganisationState.SUSPENDED)
    membership = make.membership(alliance, row, MembershipState.REQUESTED)
    with pytest.raises(Conflict, match="not_verified"):
        service.admit(secretary(make, alliance), membership.id)
