"""What happens to organisations and to the people who act for them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from marketplace.accounts import attempts
from marketplace.accounts import service as accounts
from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.passwords import hash_password, new_token, token_digest
from marketplace.accounts.queries import find_account
from marketplace.accounts.workflow import ACCOUNT, GRANT, AccountState
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import OWNERS, Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.organisations import directory, numbers, policy
from marketplace.organisations.facts import REGIONS, is_industry
from marketplace.organisations.models import Invitation, Organisation
from marketplace.organisations.queries import get_organisation
from marketplace.organisations.terms import InvitationTerms, OrganisationTerms, PersonTerms
from marketplace.organisations.workflow import INVITATION, ORGANISATION, OrganisationKind, Size
from marketplace.outbox import service as outbox

INVITATION_LIFE = timedelta(days=7)


def register(call: Call, terms: OrganisationTerms, person: PersonTerms, address: str = "") -> None:
    """Register an organisation and open its first owner's account.

    Whoever gives an e-mail address that has an account gets the same answer as everybody, in the same time: its owner is told
    by mail. ``address`` is the network address asked from: each registration sends a mail, so they are limited.
    """
    attempts.count("register.address", address, attempts.PER_ADDRESS, call.now)
    attempts.count("register.email", person.email.strip().casefold(), attempts.PER_EMAIL, call.now)
    _register(call, terms, person)


@use_case
def _register(call: Call, terms: OrganisationTerms, person: PersonTerms) -> None:
    uscc = numbers.credit_code(terms.uscc)
    identity = numbers.identity_number(person.identity_number)
    accounts.check_password(person.password)
    size = _checked_size(terms)
    _require_new_code(uscc, None)
    # Everything that can be refused comes before the e-mail address, or a refusal would tell that it is unknown.
    accounts.known_person(person.name, identity)
    known = find_account(person.email)
    if known is not None:
        hash_password(person.password)  # as long as opening an account would take
        outbox.enqueue(call, known.email, "organisation_known_address", {"name": terms.name}, known.locale)
        audit.record(call, "organisations.register", "organisation", None, {"uscc": uscc, "known_address": True})
        return
    row = Organisation(kind=terms.kind, registered_at=call.now)
    _write(row, terms, uscc, size)
    db.session.add(row)
    db.session.flush()
    account = _open(call, person, identity)
    accounts.add_grant(call, account, policy.owner_role(terms.kind), organisation_id=row.id)
    detail = {"uscc": uscc, "kind": terms.kind, "account": account.id}
    audit.record(call, "organisations.register", "organisation", row.id, detail)


@use_case
def verify(call: Call, organisation_id: int) -> Organisation:
    """Confirm that the registration is true; its people may now submit orders and bids."""
    row = get_organisation(call, organisation_id)
    policy.may_verify(call.actor, row).require()
    row.state = ORGANISATION.require(row.state, "verify")
    row.verified_at, row.reason = call.now, ""
    _tell_owners(call, row, "organisation_verified")
    audit.record(call, "organisations.verify", "organisation", row.id, {"uscc": row.uscc})
    return row


@use_case
def reject(call: Call, organisation_id: int, reason: str) -> Organisation:
    """Send a registration back with words; it can still be verified later."""
    row = get_organisation(call, organisation_id)
    policy.may_verify(call.actor, row).require()
    row.state, row.reason = ORGANISATION.require(row.state, "reject"), _given(reason)
    _tell_owners(call, row, "organisation_rejected")
    audit.record(call, "organisations.reject", "organisation", row.id, {"reason": row.reason})
    return row


@use_case
def correct(call: Call, organisation_id: int, terms: OrganisationTerms) -> Organisation:
    """An owner mends a registration that is not verified yet, and it waits for the centre again; its kind stays."""
    row = _managed(call, organisation_id)
    state = ORGANISATION.require(row.state, "correct")
    uscc = numbers.credit_code(terms.uscc)
    _require_new_code(uscc, row.id)
    _write(row, terms, uscc, _checked_size(terms))
    row.state, row.reason = state, ""
    audit.record(call, "organisations.correct", "organisation", row.id, {"uscc": uscc})
    return row


@use_case
def suspend(call: Call, organisation_id: int, reason: str) -> Organisation:
    """Stop an organisation: it is no longer shown, and submits nothing until it is restored."""
    row = get_organisation(call, organisation_id)
    policy.may_suspend(call.actor, row).require()
    row.state, row.reason = ORGANISATION.require(row.state, "suspend"), _given(reason)
    _tell_owners(call, row, "organisation_suspended")
    audit.record(call, "organisations.suspend", "organisation", row.id, {"reason": row.reason})
    return row


@use_case
def restore(call: Call, organisation_id: int) -> Organisation:
    """Let a suspended organisation work again."""
    row = get_organisation(call, organisation_id)
    policy.may_suspend(call.actor, row).require()
    row.state, row.reason = ORGANISATION.require(row.state, "restore"), ""
    _tell_owners(call, row, "organisation_verified")
    audit.record(call, "organisations.restore", "organisation", row.id)
    return row


@use_case
def invite(call: Call, organisation_id: int, terms: InvitationTerms) -> Invitation:
    """Ask a person by mail to act for the organisation; the link works once, for a week."""
    row = _managed(call, organisation_id)
    if terms.role not in policy.roles_in(row.kind):
        raise Invalid("organisations.role", field="role")
    email = terms.email.strip().casefold()
    if any(member.email == email for member in directory.members_of(row.id)):
        raise Conflict("organisations.member_already", field="email")
    if any(other.email == email for other in directory.open_invitations(row.id, call.now)):
        raise Conflict("organisations.invited_already", field="email")
    invitation = Invitation(
        organisation_id=row.id,
        email=email,
        role=terms.role,
        token_digest=token_digest(new_token()),
        invited_by=call.actor.account,
        created_at=call.now,
        expires_at=call.now + INVITATION_LIFE,
    )
    db.session.add(invitation)
    db.session.flush()
    invitation.token_digest = token_digest(invitation_token(invitation.id))
    outbox.enqueue(call, email, "organisation_invited", {"name": row.name, "invitation": invitation.id})
    detail = {"invitation": invitation.id, "role": terms.role}
    audit.record(call, "organisations.invite", "organisation", row.id, detail)
    return invitation


@use_case
def withdraw_invitation(call: Call, organisation_id: int, invitation_id: int) -> None:
    """Make an invitation's link worthless."""
    row = _managed(call, organisation_id)
    invitation = db.session.get(Invitation, invitation_id) if 0 < invitation_id < 2**31 else None
    if invitation is None or invitation.organisation_id != row.id:
        raise NotFound("invitation")
    invitation.state = INVITATION.require(invitation.state, "withdraw")
    detail = {"invitation": invitation.id}
    audit.record(call, "organisations.withdraw_invitation", "organisation", row.id, detail)


@use_case
def accept(call: Call, token: str, person: PersonTerms | None = None) -> Organisation:
    """Take up an invitation: with the account that is signed in, or with a new one for the invited address.

    The link came by mail, so a new account needs no second mail to be confirmed. Raises Conflict
    ``organisations.invitation_over``, and Conflict for people signed in with another address than the invited one.
    """
    invitation = directory.invitation_of(token)
    state = INVITATION.require(invitation.state, "accept")
    if invitation.expires_at <= call.now:
        raise Conflict("organisations.invitation_over")
    account = _accepting(call, invitation, person)
    accounts.add_grant(call, account, invitation.role, organisation_id=invitation.organisation_id)
    invitation.state = state
    detail = {"invitation": invitation.id, "account": account.id, "role": invitation.role}
    audit.record(call, "organisations.accept", "organisation", invitation.organisation_id, detail)
    return invitation.organisation


@use_case
def end_membership(call: Call, organisation_id: int, account_id: int) -> None:
    """End every role of an account in the organisation, at once, and its open invitations; the last owner stays."""
    row = _managed(call, organisation_id)
    db.session.execute(select(Organisation.id).where(Organisation.id == row.id).with_for_update())
    grants = directory.grants_in(row.id)
    theirs = [grant for grant in grants if grant.account_id == account_id]
    if not theirs:
        raise Conflict("organisations.not_member")
    if not any(_owns(grant) and grant.account_id != account_id for grant in grants):
        raise Conflict("organisations.last_owner")
    for grant in theirs:
        grant.state, grant.ended_at = GRANT.require(grant.state, "end"), call.now
    for invitation in directory.open_invitations(row.id, call.now):
        if invitation.invited_by == account_id:  # or whoever leaves could come back by an invitation of their own
            invitation.state = INVITATION.require(invitation.state, "withdraw")
    audit.record(call, "organisations.end_membership", "organisation", row.id, {"account": account_id})


def invitation_token(invitation_id: int) -> str:
    """Return the token of an invitation's link. Made from the secret key, so the queued mail need not hold it."""
    key = hashlib.sha256(b"invitation:" + current_app.config["SECRET_KEY"].encode()).digest()
    return hmac.new(key, str(invitation_id).encode(), hashlib.sha256).hexdigest()


def _accepting(call: Call, invitation: Invitation, person: PersonTerms | None) -> Account:
    known = find_account(invitation.email)
    if call.actor.account is not None:
        if known is None or known.id != call.actor.account:
            raise Conflict("organisations.invitation_other")
        return known
    if known is not None or person is None:
        raise Conflict("organisations.sign_in_first")
    account = _open(call, person, numbers.identity_number(person.identity_number), invitation.email)
    account.state = ACCOUNT.require(account.state, "confirm")
    return account


def _open(call: Call, person: PersonTerms, identity: str, email: str = "") -> Account:
    return accounts.open_account(
        call,
        name=person.name,
        identity_number=identity,
        email=email or person.email,
        password=person.password,
        locale=person.locale,
    )


def _owns(grant: AccountGrant) -> bool:
    """Return whether this is an owner who can sign in."""
    return grant.role in OWNERS and grant.account.state is AccountState.ACTIVE


def _managed(call: Call, organisation_id: int) -> Organisation:
    row = get_organisation(call, organisation_id)
    policy.may_manage(call.actor, row).require()
    return row


def _require_new_code(uscc: str, own: int | None) -> None:
    known = directory.find_code(uscc)
    if known is not None and known.id != own:
        raise Conflict("organisations.known", field="uscc")


def _write(row: Organisation, terms: OrganisationTerms, uscc: str, size: Size | None) -> None:
    row.name, row.name_en, row.uscc = terms.name, terms.name_en, uscc
    row.region, row.industry, row.size = terms.region, terms.industry, size
    row.introduction = terms.introduction


def _checked_size(terms: OrganisationTerms) -> Size | None:
    """Return the size of an enterprise, None for others; Invalid for codes that are in no list."""
    if terms.region not in REGIONS:
        raise Invalid("organisations.region", field="region")
    if not is_industry(terms.industry):
        raise Invalid("organisations.industry", field="industry")
    if terms.kind is not OrganisationKind.ENTERPRISE:
        return None
    if terms.size is None:
        raise Invalid("organisations.size_needed", field="size")
    return terms.size


def _given(reason: str) -> str:
    text = reason.replace("\x00", "").strip()
    if not text:
        raise Invalid("organisations.reason_needed", field="reason")
    return text


def _tell_owners(call: Call, row: Organisation, template: str) -> None:
    """Queue a mail to every owner: the name and a link; the words of a decision are read after signing in."""
    for owner in directory.owners_of(row.id):
        outbox.enqueue(call, owner.email, template, {"name": row.name, "organisation_id": row.id}, owner.locale)
