"""Reads of the register and its calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.db.base import db
from marketplace.kernel.call import OWNERS, Actor, Call
from marketplace.kernel.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.organisations.naming import folded
from marketplace.organisations.workflow import OrganisationState
from marketplace.patents import schedule
from marketplace.patents.deadlines.engine import Due
from marketplace.patents.models import CalendarFeed, Patent, PatentEvent, PatentShare, PatentStep
from marketplace.patents.terms import Search
from marketplace.patents.workflow import ALIVE, LegalState, RuleCode, SharePart
from marketplace.web.filters import CITY, in_language
from marketplace.web.tasks import Task

_LARGEST_ID = 2**63 - 1
SOON = timedelta(days=30)
MOST_IN_CALENDAR = 2_000


def today(call: Call) -> date:
    """The day in the city."""
    return call.now.astimezone(CITY).date()


def visible_to(actor: Actor) -> Select[Patent]:
    """The same rule as ``policy.may_see``, as a query; the owner comes with each row."""
    query = select(Patent).join(Patent.owner).options(contains_eager(Patent.owner))
    if actor.reads_everything:
        return query
    own = Patent.owner_id.in_(actor.organisations) if actor.organisations else false()
    return query.where(or_(Patent.disclosed_on.is_not(None), own))


def get_patent(call: Call, patent_id: int) -> Patent:
    """The patent with its shares; NotFound when it is not there or not the actor's to see."""
    row = None
    if 0 < patent_id <= _LARGEST_ID:
        query = visible_to(call.actor).where(Patent.id == patent_id)
        row = db.session.scalar(query.options(selectinload(Patent.shares)))
    if row is None:
        raise NotFound("patent")
    return row


def others_of(actor: Actor, patent: Patent, most: int) -> Sequence[Patent]:
    """Return other patents in force or pending of the same owner that the actor may see, the newest first."""
    query = visible_to(actor).where(
        Patent.owner_id == patent.owner_id,
        Patent.id != patent.id,
        Patent.sold_on.is_(None),
        Patent.state.in_(ALIVE),
    )
    return db.session.scalars(query.order_by(Patent.filed_on.desc(), Patent.id).limit(most)).all()


def ipc_of(references: Iterable[str]) -> dict[str, str]:
    """Return the IPC symbols of registered patents by the numbers that evidence names them with; only what is published."""
    plain = {reference: reference.removeprefix("ZL") for reference in references if reference}
    numbers = {*plain, *plain.values()}
    found = select(Patent.number, Patent.publication_number, Patent.ipc).where(
        or_(Patent.number.in_(numbers), Patent.publication_number.in_(numbers)),
        Patent.disclosed_on.is_not(None),
        Patent.ipc != "",
    )
    classified = {told: row.ipc for row in db.session.execute(found) for told in (row.number, row.publication_number)}
    return {reference: classified[number] for reference, number in plain.items() if number in classified}


def register(actor: Actor, search: Search) -> Select[Patent]:
    """What the actor may see and that fits the filters, the latest filed first."""
    query = visible_to(actor)
    if search.text:
        pattern = f"%{_escaped(search.text)}%"
        number = f"%{_escaped(search.text.upper().removeprefix('ZL'))}%"
        places = (Patent.title, Patent.title_en, Patent.abstract, Patent.applicants, Organisation.name)
        query = query.where(
            or_(
                *(place.ilike(pattern, escape="\\") for place in places),
                Patent.number.like(number, escape="\\"),
                Patent.publication_number.like(number, escape="\\"),
            )
        )
    if search.field is not None:
        query = query.where(Patent.field == search.field)
    if search.kind is not None:
        query = query.where(Patent.kind == search.kind)
    if search.state is not None:
        query = query.where(Patent.state == search.state)
    if search.ipc:
        query = query.where(Patent.ipc.ilike(f"%{_escaped(search.ipc)}%", escape="\\"))
    if search.owner_id is not None:
        query = query.where(Patent.owner_id == search.owner_id)
    return query.order_by(Patent.filed_on.desc(), Patent.id.desc())


def _escaped(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, "\\" + sign)
    return text


def number_taken(office: str, number: str, except_id: int | None = None) -> bool:
    """Return whether another row has that number."""
    found = db.session.scalars(select(Patent.id).where(Patent.office == office, Patent.number == number))
    return any(row != except_id for row in found)


def events_of(patent_id: int) -> Sequence[PatentEvent]:
    """The legal history, oldest first."""
    query = select(PatentEvent).where(PatentEvent.patent_id == patent_id).order_by(PatentEvent.on, PatentEvent.id)
    return db.session.scalars(query).all()


def steps_of(patent_id: int) -> Sequence[PatentStep]:
    query = select(PatentStep).where(PatentStep.patent_id == patent_id).order_by(PatentStep.done_on, PatentStep.id)
    return db.session.scalars(query).all()


def shares_on(patent: Patent, part: SharePart, day: date) -> list[PatentShare]:
    """Return who holds what on ``day``; the parts sum to 10,000, or there are none."""
    return [
        row
        for row in patent.shares
        if row.part is part and row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
    ]


def family_of(actor: Actor, patent: Patent) -> Sequence[Patent]:
    """Other rights of the same family that the actor may see."""
    if not patent.family:
        return []
    query = visible_to(actor).where(Patent.family == patent.family, Patent.id != patent.id)
    return db.session.scalars(query.order_by(Patent.filed_on).limit(50)).all()


def own_organisations(actor: Actor) -> Sequence[Organisation]:
    """The verified organisations whose patents the actor may write."""
    owned = {g.organisation for g in actor.grants if g.role in OWNERS and g.organisation is not None}
    query = select(Organisation).where(Organisation.id.in_(owned), Organisation.state == OrganisationState.VERIFIED)
    return db.session.scalars(query.order_by(Organisation.id)).all()


def find_organisation(name: str) -> Organisation | None:
    """Return the verified organisation of that Chinese or English name; width, case and spaces do not matter.

    Where several have it, the one whose Chinese name is exactly this comes first.
    """
    plain = folded(name)
    if not plain:
        return None
    query = select(Organisation).where(
        or_(Organisation.folded_name == plain, Organisation.folded_name_en == plain),
        Organisation.state == OrganisationState.VERIFIED,
    )
    nearest = ((Organisation.name == name).desc(), (Organisation.folded_name == plain).desc(), Organisation.id)
    return db.session.scalars(query.order_by(*nearest)).first()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a calendar."""

    patent: Patent
    due: Due
    late: bool


def calendar(organisation_ids: Collection[int], day: date, until: date) -> list[Entry]:
    """What these organisations must do until ``until``, by due day; what is late comes first. Three statements."""
    query = (
        select(Patent)
        .where(Patent.owner_id.in_(organisation_ids), Patent.next_due_on <= until)
        .options(joinedload(Patent.owner))
        .order_by(Patent.next_due_on, Patent.id)
        .limit(MOST_IN_CALENDAR)
    )
    patents = db.session.scalars(query).all()
    events, done = _histories([patent.id for patent in patents])
    entries = [
        Entry(patent, due, due.due_on < day)
        for patent in patents
        for due in schedule.to_do(patent, events[patent.id], done[patent.id], day)
        if due.due_on <= until
    ]
    return sorted(entries, key=lambda entry: (entry.due.due_on, entry.patent.id))


def _histories(
    ids: Iterable[int],
) -> tuple[dict[int, list[PatentEvent]], dict[int, set[tuple[RuleCode, int]]]]:
    keys = list(ids)
    events: dict[int, list[PatentEvent]] = defaultdict(list)
    done: dict[int, set[tuple[RuleCode, int]]] = defaultdict(set)
    for event in db.session.scalars(select(PatentEvent).where(PatentEvent.patent_id.in_(keys))):
        events[event.patent_id].append(event)
    for step in db.session.scalars(select(PatentStep).where(PatentStep.patent_id.in_(keys))):
        done[step.patent_id].add((step.rule, step.number))
    return events, done


def find_feed(token_digest: str) -> CalendarFeed | None:
    """The live feed of a token."""
    query = select(CalendarFeed).where(CalendarFeed.token_digest == token_digest, CalendarFeed.revoked_at.is_(None))
    return db.session.scalar(query.options(joinedload(CalendarFeed.account), joinedload(CalendarFeed.organisation)))


def feeds_of(account_id: int | None) -> Sequence[CalendarFeed]:
    """An account's live feeds, newest first."""
    query = select(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(
        query.options(joinedload(CalendarFeed.organisation)).order_by(CalendarFeed.id.desc())
    ).all()


def owners_mail(organisation_id: int) -> Sequence[str]:
    """The addresses of an organisation's owners."""
    query = (
        select(Account.email)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            Account.state == AccountState.ACTIVE,
            AccountGrant.organisation_id == organisation_id,
            AccountGrant.role.in_(OWNERS),
            AccountGrant.state == GrantState.ACTIVE,
        )
    )
    return sorted(set(db.session.scalars(query)))


def due_for_reminder(day: date, most: int = 200) -> Sequence[int]:
    query = select(Patent.id).where(Patent.remind_on <= day).order_by(Patent.remind_on, Patent.id).limit(most)
    return db.session.scalars(query).all()


def run_out(day: date, most: int = 200) -> Sequence[int]:
    """Granted patents whose annuity can no longer be paid, or whose term is over."""
    over = or_(Patent.lapses_on < day, Patent.expires_on < day)
    query = select(Patent.id).where(Patent.state == LegalState.GRANTED, over).order_by(Patent.id).limit(most)
    return db.session.scalars(query).all()


def counts_by_state(actor: Actor) -> dict[LegalState, int]:
    """How many patents of each state the actor may see."""
    visible = visible_to(actor).order_by(None).with_only_columns(Patent.state, func.count()).group_by(Patent.state)
    return {state: int(number) for state, number in db.session.execute(visible)}


def waiting_for(call: Call) -> list[Task]:
    """What the actor's organisations must do for their patents within a month, and rights that just lapsed."""
    owned = {g.organisation for g in call.actor.grants if g.role in OWNERS and g.organisation is not None}
    if not owned:
        return []
    query = (
        select(Patent)
        .where(Patent.owner_id.in_(owned), Patent.next_due_on <= today(call) + SOON)
        .order_by(Patent.next_due_on, Patent.id)
        .limit(20)
    )
    return [
        Task(
            _l("Win the lapsed patent back") if row.state is LegalState.LAPSED else _l("Meet the patent's deadline"),
            f"{row.full_number} {in_language(row, 'title')}",
            "patents.show",
            {"patent_id": row.id},
            call.now + (row.next_due_on - today(call)) if row.next_due_on else None,
        )
        for row in db.session.scalars(query)
    ]
