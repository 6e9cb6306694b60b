"""What an organisation's patents need and when, on a page and for calendar programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, redirect, render_template, url_for
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from marketplace.accounts.passwords import token_digest
from marketplace.accounts.queries import actor_of
from marketplace.accounts.workflow import AccountState
from marketplace.kernel.errors import NotFound
from marketplace.patents import ics, policy, queries, service
from marketplace.patents.deadlines.calendar import add_months
from marketplace.patents.queries import Entry
from marketplace.patents.views.blueprint import bp
from marketplace.web.actions import Action
from marketplace.web.filters import money
from marketplace.web.guards import PUBLIC, access

MONTHS = 12
MEMBERS = access(*sorted(policy.MEMBERS))


@bp.get("/patents/calendar")
@MEMBERS
def calendar() -> str:
    return _calendar_page()


@bp.post("/patents/feeds/<int:organisation_id>")
@MEMBERS
def open_feed(organisation_id: int) -> str:
    """The address is shown on the answer to this very request, and never again."""
    token = service.open_feed(g.call, organisation_id)
    return _calendar_page(url_for("patents.feed", token=token, _external=True))


@bp.post("/patents/feeds/<int:feed_id>/revoke")
@MEMBERS
def revoke_feed(feed_id: int) -> Answer:
    service.revoke_feed(g.call, feed_id)
    flash(_("The subscription is over: its address no longer answers."), "success")
    return redirect(url_for("patents.calendar"), 303)


@bp.get("/patents/calendar/<token>.ics")
@access(PUBLIC)
def feed(token: str) -> Response:
    """Whoever knows the address reads the deadlines, as long as the person who made it still may."""
    row = queries.find_feed(token_digest(token))
    if row is None or row.account.state is not AccountState.ACTIVE:
        raise NotFound("feed")
    if not policy.may_see_calendar(actor_of(row.account), row.organisation_id):
        raise NotFound("feed")
    today = queries.today(g.call)
    entries = queries.calendar([row.organisation_id], today, add_months(today, 2 * MONTHS))
    host = urlsplit(current_app.extensions["config"].base_url).hostname or "tripool"
    content = ics.calendar(entries, g.call.now, f"专利期限 · {row.organisation.name}", host)
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'inline; filename="patents.ics"'}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _calendar_page(address: str = "") -> str:
    today = queries.today(g.call)
    organisations = sorted(g.call.actor.organisations)
    entries = queries.calendar(organisations, today, add_months(today, MONTHS))
    chart = _by_month(entries, today)
    return render_template(
        "patents/calendar.html",
        lines=entries,
        late=sum(entry.late for entry in entries),
        soon=sum(not entry.late and entry.due.due_on <= today + timedelta(days=30) for entry in entries),
        fees=sum(entry.due.fee for entry in entries),
        today=today,
        chart_data=chart,
        rows=[
            [name, money(value)] for name, value in zip(chart["categories"], chart["series"][0]["values"], strict=True)
        ],
        subscribe=_subscribe(organisations),
        feeds=queries.feeds_of(g.call.actor.account),
        address=address,
    )


def _subscribe(organisations: Sequence[int]) -> list[Action]:
    many = len(organisations) > 1
    return [
        Action(
            _("Subscribe to organisation no. %(number)s", number=key) if many else _("Subscribe"),
            url_for("patents.open_feed", organisation_id=key),
        )
        for key in organisations
    ]


def _by_month(entries: Sequence[Entry], today: date) -> dict[str, Any]:
    """Fees by month of their last day; what is late counts into the present month."""
    months = [add_months(today.replace(day=1), n) for n in range(MONTHS + 1)]
    fees: Counter[date] = Counter()
    for entry in entries:
        fees[max(entry.due.due_on, today).replace(day=1)] += entry.due.fee
    pattern = "M月" if str(get_locale()).startswith("zh") else "MMM"
    names = [format_date(month, pattern) for month in months]
    return {
        "unit": "fen",
        "categories": names,
        "series": [{"name": _("Fees"), "values": [fees[month] for month in months]}],
    }
