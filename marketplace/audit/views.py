"""The journal's page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from marketplace.audit import queries, words
from marketplace.audit.models import AuditRecord
from marketplace.audit.terms import JournalFilter
from marketplace.kernel import days, numbers
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from marketplace.web.filters import CITY
from marketplace.web.guards import access
from marketplace.web.pages import paginate

bp = Blueprint("audit", __name__)
PAGE = 50
LONGEST_ID = 9


@bp.get("/audit")
@access(Role.AUDITOR, Role.CENTRE_OFFICER, Role.ADMINISTRATOR)
def index() -> str:
    """Who did what and when, newest first."""
    wanted = _wanted()
    page = paginate(queries.journal(wanted), size=PAGE)
    return render_template(
        "audit/index.html",
        page=page,
        rows=[_line(record) for record in page.items],
        asked={key: value for key, value in request.args.items() if value and key != "page"},
        verification=queries.last_verification(),
        rooms=words.ROOMS,
        subjects=words.SUBJECTS,
    )


def _line(record: AuditRecord) -> dict[str, Any]:
    return {
        "at": record.at,
        "who": words.actor(record.actor_kind, record.actor_name),
        "what": words.command(record.command),
        "command": record.command,
        "subject": words.subject(record.subject_kind, record.subject_id),
        "detail": words.detail(record.detail),
    }


def _wanted() -> JournalFilter:
    """The filters of the address; what is not understood is left out."""
    room, kind = request.args.get("room", ""), request.args.get("subject", "")
    last = _day(request.args.get("until", ""))
    number = numbers.narrow(request.args.get("number", ""))
    return JournalFilter(
        room=room if room in words.ROOMS else "",
        who=request.args.get("who", "").replace("\x00", "").strip()[:100],
        subject_kind=kind if kind in words.SUBJECTS else "",
        subject_id=int(number) if number.isascii() and number.isdigit() and len(number) <= LONGEST_ID else None,
        since=_midnight(_day(request.args.get("since", ""))),
        until=_midnight(last + timedelta(days=1) if last else None),
        with_routine=request.args.get("show") == "all",
    )


def _day(text: str) -> date | None:
    try:
        return days.parse(text)
    except Invalid:
        return None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, tzinfo=CITY) if day else None
