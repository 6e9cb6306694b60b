"""Mails of this room: each carries a link and no content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.awards.models import Award, Complaint
from marketplace.bids.models import Bid
from marketplace.bids.queries import correspondents as bid_correspondents
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.orders.queries import correspondents
from marketplace.outbox import service as outbox


def tell_enterprise(call: Call, award: Award, template: str) -> None:
    owners = correspondents(award.order.organisation_id, [Role.ENTERPRISE_OWNER])
    _send(call, owners, template, {**_values(award), "endpoint": "awards.show", "key": award.id})


def tell_bidder(call: Call, award: Award, bid: Bid, template: str) -> None:
    """The winner is led to the award, every other bidder to the notice."""
    page = "awards.show" if bid.id == award.bid_id else "awards.notice"
    _send(call, bid_correspondents(bid), template, {**_values(award), "endpoint": page, "key": award.id})


def tell_objector(call: Call, complaint: Complaint, template: str) -> None:
    values = {**_values(complaint.award), "complaint_id": complaint.id}
    filer = db.session.get_one(Account, complaint.filed_by)
    active = [filer] if filer.state is AccountState.ACTIVE else []
    _send(call, active, template, values)


def tell_officers(call: Call, complaint: Complaint, template: str) -> None:
    values = {**_values(complaint.award), "complaint_id": complaint.id}
    _send(call, _holding(Role.CENTRE_OFFICER), template, values)


def _values(award: Award) -> dict[str, object]:
    return {"reference": award.order.reference}


def _holding(role: Role) -> list[Account]:
    query = (
        select(Account)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(AccountGrant.role == role, AccountGrant.state == GrantState.ACTIVE, Account.state == AccountState.ACTIVE)
        .order_by(Account.id)
    )
    return list(db.session.scalars(query).unique())


def _send(call: Call, accounts: Iterable[Account], template: str, values: Mapping[str, object]) -> None:
    for account in accounts:
        outbox.enqueue(call, account.email, template, values, account.locale)
