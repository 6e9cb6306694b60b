"""Roles of staff need two natural persons."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace.accounts import granting, queries, service
from marketplace.accounts.commands import accounts
from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import ACCOUNT, GRANT, AccountState, GrantState
from marketplace.db.base import db
from marketplace.kernel.call import STAFF, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, Refused
from tests.factories import PASSWORD, Make


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.code


@pytest.fixture
def first(make: Make) -> Account:
    return make.account(Role.ADMINISTRATOR)


@pytest.fixture
def second(make: Make) -> Account:
    return make.account(Role.ADMINISTRATOR)


@pytest.fixture
def proposed(make: Make, first: Account) -> AccountGrant:
    account = make.account(email="new@example.test")
    return granting.propose_grant(make.call(first), account.email, Role.CENTRE_OFFICER, "接替")


def test_a_role_comes_into_force_by_a_second_person(make: Make, second: Account, proposed: AccountGrant) -> None:
    account = proposed.account
    assert not queries.actor_of(account).has(Role.CENTRE_OFFICER)
    granting.approve_grant(make.call(second), proposed.id)
    assert queries.actor_of(account).has(Role.CENTRE_OFFICER)
    granting.end_grant(make.call(second), proposed.id)
    assert not queries.actor_of(account).has(Role.CENTRE_OFFICER)


def test_the_proposer_may_not_approve_by_a_second_account(make: Make, first: Account, proposed: AccountGrant) -> None:
    again = make.account(Role.ADMINISTRATOR, person=first.person)
    for account in (first, again):
        assert code_of(lambda a=account: granting.approve_grant(make.call(a), proposed.id)) == "approvals.same_person"


def test_what_was_changed_since_its_proposal_is_not_approved(
    make: Make, second: Account, proposed: AccountGrant
) -> None:
    proposed.role = Role.ADMINISTRATOR
    make.save(proposed)
    assert code_of(lambda: granting.approve_grant(make.call(second), proposed.id)) == "approvals.changed"


def test_nobody_decides_about_a_role_of_their_own(make: Make, first: Account, second: Account) -> None:
    assert (
        code_of(lambda: granting.propose_grant(make.call(first), first.email, Role.AUDITOR, "x"))
        == "accounts.not_yourself"
    )
    grant = granting.propose_grant(make.call(first), second.email, Role.AUDITOR, "x")
    assert code_of(lambda: granting.approve_grant(make.call(second), grant.id)) == "accounts.not_yourself"


@pytest.mark.parametrize("role", [role for role in Role if role not in STAFF])
def test_roles_of_organisations_are_not_given_here(make: Make, first: Account, role: Role) -> None:
    account = make.account()
    with pytest.raises(Invalid, match=r"accounts\.staff_roles_only"):
        granting.propose_grant(make.call(first), account.email, role, "x")


def test_a_secretary_needs_an_alliance_and_others_take_none(make: Make, first: Account) -> None:
    account, alliance = make.account(), make.alliance()
    for role, number in ((Role.ALLIANCE_SECRETARY, None), (Role.ALLIANCE_SECRETARY, 9999), (Role.AUDITOR, alliance.id)):
        with pytest.raises(Invalid, match=r"accounts\.alliance_needed"):
            granting.propose_grant(make.call(first), account.email, role, "x", number)
    grant = granting.propose_grant(make.call(first), account.email, Role.ALLIANCE_SECRETARY, "x", alliance.id)
    assert grant.alliance_id == alliance.id


def test_a_role_is_not_proposed_twice(make: Make, first: Account, proposed: AccountGrant) -> None:
    with pytest.raises(Conflict, match=r"accounts\.role_held"):
        granting.propose_grant(make.call(first), proposed.account.email, Role.CENTRE_OFFICER, "x")


def test_unknown_accounts_get_no_role(make: Make, first: Account) -> None:
    with pytest.raises(Invalid, match=r"accounts\.no_such_account"):
        granting.propose_grant(make.call(first), "nobody@example.test", Role.AUDITOR, "x")


def test_two_administrators_always_remain(make: Make, first: Account, second: Account) -> None:
    third = make.account(Role.ADMINISTRATOR)
    [grant] = queries.active_grants(third.id)
    granting.end_grant(make.call(first), grant.id)
    [grant] = queries.active_grants(second.id)
    assert code_of(lambda: granting.end_grant(make.call(first), grant.id)) == "accounts.last_administrator"
    refused = code_of(lambda: service.suspend(make.call(first), second.id, "x"))
    assert refused == "accounts.last_administrator"
    assert queries.actor_of(second).has(Role.ADMINISTRATOR)
    assert db.session.get_one(Account, second.id).state is AccountState.ACTIVE


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_decide(make: Make, proposed: AccountGrant, role: Role) -> None:
    call = make.call(make.account(role))
    with pytest.raises(Forbidden):
        granting.propose_grant(call, proposed.account.email, Role.AUDITOR, "x")
    with pytest.raises(Refused):
        granting.approve_grant(call, proposed.id)


def test_a_refused_role_stays_refused(make: Make, second: Account, proposed: AccountGrant) -> None:
    granting.reject_grant(make.call(second), proposed.id, "不需要")
    for action in (granting.approve_grant, granting.end_grant):
        assert code_of(lambda a=action: a(make.call(second), proposed.id)) == "workflow.not_now"
    assert db.session.get_one(AccountGrant, proposed.id).ended_at is not None


def test_it_waits_for_the_other_administrators_only(
    make: Make, first: Account, second: Account, proposed: AccountGrant
) -> None:
    assert queries.waiting_for(make.call(first)) == []
    assert queries.waiting_for(make.call(proposed.account)) == []
    [task] = queries.waiting_for(make.call(second))
    assert (task.endpoint, task.values) == ("accounts.grant", {"grant_id": proposed.id})


def test_the_operator_founds_two_administrators_and_no_third(make: Make) -> None:
    people = [("甲", "A1"), ("乙", "A2"), ("丙", "A3")]
    values = [{"name": n, "identity_number": i, "email": f"{i}@example.test", "password": PASSWORD} for n, i in people]
    with pytest.raises(Forbidden):
        granting.found(make.call(make.account()), **values[0])
    for given in values[:2]:
        account = granting.found(make.call(), **given)
        assert account.state is AccountState.UNCONFIRMED
        assert queries.actor_of(account).has(Role.ADMINISTRATOR)
    assert code_of(lambda: granting.found(make.call(), **values[2])) == "accounts.founded"


def test_the_command_founds_an_administrator_and_explains_a_refusal(app: Flask, make: Make) -> None:
    runner = app.test_cli_runner()
    asked = ["--name", "甲", "--email", "a@example.test", "--identity", "A1", "--password"]
    assert "account" in runner.invoke(accounts, ["found", *asked, PASSWORD]).output
    refused = runner.invoke(accounts, ["found", *asked, "short"])
    assert refused.exit_code == 1
    assert "accounts.password_length" in refused.output


ACCOUNT_MOVES = {
    (AccountState.UNCONFIRMED, "confirm"): AccountState.ACTIVE,
    (AccountState.ACTIVE, "suspend"): AccountState.SUSPENDED,
    (AccountState.SUSPENDED, "restore"): AccountState.ACTIVE,
}
GRANT_MOVES = {
    (GrantState.PROPOSED, "approve"): GrantState.ACTIVE,
    (GrantState.PROPOSED, "reject"): GrantState.REJECTED,
    (GrantState.ACTIVE, "end"): GrantState.ENDED,
}


@pytest.mark.parametrize("state", AccountState)
@pytest.mark.parametrize("event", ["confirm", "suspend", "restore"])
def test_an_account_moves_only_so(state: AccountState, event: str) -> None:
    if (state, event) in ACCOUNT_MOVES:
        assert ACCOUNT.require(state, event) is ACCOUNT_MOVES[state, event]
    else:
        with pytest.raises(Conflict):
            ACCOUNT.require(state, event)


@pytest.mark.parametrize("state", GrantState)
@pytest.mark.parametrize("event", ["approve", "reject", "end"])
def test_a_grant_moves_only_so(state: GrantState, event: str) -> None:
    if (state, event) in GRANT_MOVES:
        assert GRANT.require(state, event) is GRANT_MOVES[state, event]
    else:
        with pytest.raises(Conflict):
            GRANT.require(state, event)
