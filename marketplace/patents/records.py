"""Making a patent's rows from terms, checked; what registering and importing share. Inside the running use case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid
from marketplace.kernel.money import BASIS
from marketplace.kernel.patents import application, classifications
from marketplace.patents import schedule
from marketplace.patents.models import Patent, PatentEvent, PatentShare
from marketplace.patents.terms import PatentTerms, ShareTerms
from marketplace.patents.workflow import EventKind, LegalState, PatentKind, Route, SharePart

_KIND_DIGITS = {
    "1": PatentKind.INVENTION,
    "2": PatentKind.UTILITY,
    "3": PatentKind.DESIGN,
    "8": PatentKind.INVENTION,
    "9": PatentKind.UTILITY,
}


def number_of(terms: PatentTerms) -> tuple[str, str]:
    """Return (office, number); Invalid when the number is wrong or says another kind of right."""
    office, number = application(terms.number)
    if office == "CN":
        said = kind_of(number)
        if said is not terms.kind:
            raise Invalid("patents.kind", {"kind": said}, field="kind")
    elif terms.kind is PatentKind.UTILITY:
        raise Invalid("patents.foreign_kind", field="kind")
    return office, number


def kind_of(number: str) -> PatentKind:
    """Return the kind that a Chinese application number names."""
    return _KIND_DIGITS[number[4] if len(number) > 12 else number[2]]


def route_of(office: str, number: str, route: Route) -> Route:
    """International applications, and Chinese numbers of kind 8 and 9, came through the treaty whatever was ticked."""
    through = office == "WO" or (office == "CN" and len(number) > 12 and number[4] in "89")
    return Route.PCT if through else route


def check_days(terms: PatentTerms, today: date) -> None:
    """Raise Invalid for days that contradict each other or lie ahead."""
    days = {name: getattr(terms, name) for name in ("filed_on", "published_on", "granted_on")}
    for name, day in days.items():
        if day is not None and day > today:
            raise Invalid("patents.future", field=name)
        if day is not None and day < terms.filed_on:
            raise Invalid("patents.order_of_days", field=name)
    if terms.priority_on is not None and terms.priority_on > terms.filed_on:
        raise Invalid("patents.priority", field="priority_on")


def check_shares(shares: Sequence[ShareTerms], field: str) -> None:
    """Raise Invalid unless the shares are each above 0 and together exactly the whole; nobody at all is allowed."""
    if any(not 0 < one.share <= BASIS for one in shares):
        raise Invalid("patents.share", field=field)
    total = sum(one.share for one in shares)
    if shares and total != BASIS:
        whole, rest = divmod(total, 100)
        raise Invalid("patents.shares", {"sum": f"{whole}.{rest:02d}" if rest else str(whole)}, field=field)


def claim_count(claims: str) -> int:
    """Return how many claims a text has: its lines that begin with a number and a stop, or 1 when none does."""
    numbered = [line for line in claims.splitlines() if line.strip().partition(".")[0].partition("、")[0].isdigit()]
    return len(numbered) or (1 if claims.strip() else 0)


def state_of(terms: PatentTerms) -> LegalState:
    if terms.granted_on is not None:
        return LegalState.GRANTED
    return LegalState.PUBLISHED if terms.published_on is not None else LegalState.FILED


def fill(patent: Patent, terms: PatentTerms) -> None:
    """Write what the owner describes into the row; state and shares are written elsewhere."""
    patent.office, patent.number = number_of(terms)
    patent.kind, patent.route = terms.kind, route_of(patent.office, patent.number, terms.route)
    patent.title, patent.title_en, patent.abstract = terms.title, terms.title_en, terms.abstract
    patent.claims, patent.claim_count = terms.claims, claim_count(terms.claims)
    patent.field, patent.ipc = terms.field, classifications(terms.ipc, 400)
    patent.applicants, patent.family, patent.citations = terms.applicants, terms.family, terms.citations
    patent.inventor_share = terms.inventor_share
    patent.priority_on, patent.filed_on = terms.priority_on, terms.filed_on
    patent.publication_number = terms.publication_number


def new_patent(call: Call, owner_id: int, terms: PatentTerms, today: date) -> Patent:
    """Return a new row with its shares, not saved; Invalid when something is wrong with the terms."""
    check_days(terms, today)
    check_shares(terms.inventors, "inventors")
    check_shares(terms.owners, "owners")
    patent = Patent(owner_id=owner_id, created_at=call.now)
    fill(patent, terms)
    patent.state = state_of(terms)
    patent.published_on, patent.granted_on = terms.published_on, terms.granted_on
    patent.disclosed_on = terms.published_on or terms.granted_on
    owners = terms.owners or (ShareTerms("", BASIS, owner_id),)
    patent.shares = [
        *(share_row(SharePart.OWNER, one, terms.filed_on) for one in owners),
        *(share_row(SharePart.INVENTOR, one, terms.filed_on) for one in terms.inventors),
    ]
    schedule.refresh(patent, (), (), today)
    return patent


def share_row(part: SharePart, terms: ShareTerms, day: date) -> PatentShare:
    return PatentShare(
        part=part,
        name=terms.name,
        organisation_id=terms.organisation_id,
        orcid=terms.orcid,
        share=terms.share,
        valid_from=day,
    )


def first_events(call: Call, patent: Patent) -> list[PatentEvent]:
    """Return the history that a new row's dates tell, not saved."""
    told = (
        (EventKind.FILE, patent.filed_on),
        (EventKind.PUBLISH, patent.published_on),
        (EventKind.GRANT, patent.granted_on),
    )
    return [
        PatentEvent(patent_id=patent.id, kind=kind, on=on, account_id=call.actor.account, recorded_at=call.now)
        for kind, on in told
        if on is not None
    ]
