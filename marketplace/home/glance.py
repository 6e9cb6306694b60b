"""The second half of the desk: how one's own orders, bids, contracts and funds stand, and what one was told lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import render_template
from jinja2 import TemplateNotFound, UndefinedError
from sqlalchemy import Select, func, select
from werkzeug.routing import BuildError

from marketplace.accounts.models import Account
from marketplace.audit import queries as audit
from marketplace.audit.models import AuditRecord
from marketplace.bids import queries as bids
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.contracts import reading
from marketplace.contracts.models import Contract
from marketplace.contracts.queries.contracts import list_contracts
from marketplace.contracts.workflow import ENDED
from marketplace.db.base import db
from marketplace.funds import queries as funds
from marketplace.funds.models import BALANCES
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Actor, Call, Role
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import ORDER
from marketplace.organisations.models import Organisation
from marketplace.outbox import queries as outbox
from marketplace.web.filters import in_language
from marketplace.web.words import label

MOST = 5
"""Rows of each list; the rest stands on the list's own page."""
MOST_NEWS = 8
NEWS_DAYS = 30
PRIVATE = ("account_", "organisation_invited", "organisation_known_address")
"""Mails whose links let somebody in: they are for the mail box alone."""
_OVER = frozenset(
    {BidState.WITHDRAWN, BidState.LAPSED, BidState.PASSED_OVER, BidState.DISQUALIFIED, BidState.LOST, BidState.WON}
)


@dataclass(frozen=True, slots=True)
class News:
    """The subject of a mail that the reader got, when, and the path it leads to."""

    subject: str
    at: datetime
    path: str


@dataclass(frozen=True, slots=True)
class Few:
    """The first rows of a list, and how many it has."""

    rows: Sequence[Any] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Glance:
    """What the reader's roles show; a part that is not theirs is empty."""

    roles: Sequence[str]
    orders: Few | None = None
    bids: Few | None = None
    contracts: Few = field(default_factory=Few)
    money: Mapping[str, int] | None = None
    verification: AuditRecord | None = None
    news: Sequence[News] = ()


def glance(call: Call) -> Glance:
    """Read the parts that the caller's roles have."""
    actor = call.actor
    return Glance(
        roles=_roles(actor),
        orders=_few(orders.list_own(actor).where(Order.state.not_in(ORDER.terminal)))
        if actor.has(*ENTERPRISE)
        else None,
        bids=_few(bids.list_own(actor).where(Bid.state.not_in(_OVER))) if actor.has(*UNIVERSITY) else None,
        contracts=_contracts(actor) if actor.has(*(ENTERPRISE | UNIVERSITY)) else Few(),
        money=_money(call) if actor.has(Role.FUND_MANAGER) else None,
        verification=audit.last_verification() if actor.has(Role.AUDITOR, Role.ADMINISTRATOR) else None,
        news=_news(call),
    )


def _roles(actor: Actor) -> list[str]:
    """ "Enterprise owner · Hengrui Hardware", each role once."""
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(actor.organisations)))
    named = {row.id: in_language(row) for row in rows}
    held = sorted(actor.grants, key=lambda grant: (grant.role.value, grant.organisation or 0))
    told = [
        [str(label(grant.role)), *([named[grant.organisation]] if grant.organisation in named else [])]
        for grant in held
    ]
    return list(dict.fromkeys(" · ".join(parts) for parts in told))


def _few(query: Select[Any]) -> Few:
    count = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return Few(db.session.scalars(query.limit(MOST)).unique().all() if count else [], count)


def _contracts(actor: Actor) -> Few:
    found = _few(list_contracts(actor).where(Contract.state.not_in(ENDED)))
    return Few(reading.rows(found.rows), found.count)


def _money(call: Call) -> dict[str, int]:
    rows = funds.list_funds(call)
    return {name: sum(getattr(fund, name) for fund in rows) for name in BALANCES}


def _news(call: Call) -> list[News]:
    account = db.session.get(Account, call.actor.account) if call.actor.account else None
    if account is None:
        return []
    since = call.now - timedelta(days=NEWS_DAYS)
    messages = outbox.told(account.email, since, PRIVATE, MOST_NEWS)
    told = (_told(message.template, message.values, message.created_at) for message in messages)
    return [each for each in told if each is not None]


def _told(template: str, values: Mapping[str, Any], at: datetime) -> News | None:
    """The mail as it would be written to its reader now: the first line is its subject, the last address where it leads.

    None for a mail that an earlier version of the site sent, with other values than this one writes or under another name.
    """
    try:
        text = render_template(f"mail/{template}.txt", base_url="", **values)
    except (TemplateNotFound, UndefinedError, BuildError, TypeError, ValueError, LookupError):
        return None
    subject, _newline, body = text.partition("\n")
    link = next((line for line in reversed(body.splitlines()) if line.startswith("http")), "")
    return News(subject.strip(), at, _path(link.strip()))


def _path(link: str) -> str:
    """Return where an address leads on this site: two slashes in front would name another one."""
    parts = urlsplit(link)
    path = f"/{parts.path.lstrip('/')}" if parts.path else ""
    return f"{path}?{parts.query}" if parts.query else path
