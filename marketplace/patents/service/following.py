"""What the office says, what the owner does in time, and what happens when nobody does."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.outbox import service as outbox
from marketplace.patents import policy, queries, schedule, transfers
from marketplace.patents.deadlines.rules import REWARD
from marketplace.patents.models import Patent, PatentEvent, PatentStep
from marketplace.patents.terms import EventTerms, StepTerms
from marketplace.patents.workflow import PATENT, EventKind, RuleCode

_MOVES = {kind.value for kind in EventKind if any(t.event == kind for t in PATENT.transitions)}
_NEEDS_NOTE = {t.event for t in PATENT.transitions if t.needs_reason}


@use_case
def record_event(call: Call, patent_id: int, terms: EventTerms) -> Patent:
    """Note what the office or the owner did to the right, from its paper."""
    patent = queries.get_patent(call, patent_id)
    policy.may_note(call.actor, patent, terms.kind).require()
    today = queries.today(call)
    if terms.on > today:
        raise Invalid("patents.future", field="on")
    if terms.on < patent.filed_on:
        raise Invalid("patents.order_of_days", field="on")
    if terms.kind in _NEEDS_NOTE and not terms.note.strip():
        raise Invalid("patents.reason", field="note")
    secret = not patent.is_public
    _happen(call, patent, terms)
    done = transfers.disclose(call, patent) if secret and patent.is_public else {}
    detail = {"event": terms.kind, "on": terms.on.isoformat(), **done}
    audit.record(call, "patents.event", "patent", patent.id, detail)
    return patent


@use_case
def record_step(call: Call, patent_id: int, terms: StepTerms) -> Patent:
    """Note that a deadline was met, and what was paid."""
    patent = queries.get_patent(call, patent_id)
    policy.may_change(call.actor, patent).require()
    if terms.done_on > queries.today(call):
        raise Invalid("patents.future", field="done_on")
    done = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    events = queries.events_of(patent.id)
    known = {due.key for due in schedule.whole(patent, events)} - done
    if (terms.rule, terms.number) not in known or terms.rule in {RuleCode.PUBLICATION, RuleCode.EXPIRY}:
        raise Conflict("patents.no_due")
    if terms.rule is RuleCode.REWARD and terms.paid < REWARD[patent.kind]:
        raise Invalid("patents.reward_low", {"least": money.plain(REWARD[patent.kind])}, field="paid")
    db.session.add(
        PatentStep(
            patent_id=patent.id,
            rule=terms.rule,
            number=terms.number,
            done_on=terms.done_on,
            paid=terms.paid,
            account_id=call.actor.account,
            recorded_at=call.now,
        )
    )
    schedule.refresh(patent, events, done | {(terms.rule, terms.number)}, queries.today(call))
    detail = {"rule": terms.rule, "number": terms.number, "paid": terms.paid}
    audit.record(call, "patents.step", "patent", patent.id, detail)
    return patent


@use_case
def remind(call: Call, patent_id: int) -> None:
    """Tell a patent's owners by mail that a deadline comes, or that it passed and only the grace is left."""
    patent = _locked(patent_id)
    today = queries.today(call)
    events = queries.events_of(patent.id)
    done = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    dues = schedule.to_do(patent, events, done, today)
    schedule.refresh(patent, events, done, today)
    patent.remind_on = schedule.next_reminder(dues[0], today) if dues else None
    recipients = _tell(call, patent, "patent_due") if dues else 0
    audit.record(call, "patents.remind", "patent", patent.id, {"mails": recipients})


@use_case
def lapse_or_expire(call: Call, patent_id: int) -> None:
    """End a right whose annuity nobody noted within the grace, or whose term is over, and say so loudly."""
    patent = _locked(patent_id)
    today = queries.today(call)
    over = patent.expires_on < today
    if not over and (patent.lapses_on is None or patent.lapses_on >= today):
        raise Conflict("patents.no_due")
    kind = EventKind.EXPIRE if over else EventKind.LAPSE
    day = patent.expires_on if over else today
    _happen(call, patent, EventTerms(kind, day, "" if over else "逾期未登记年费缴纳"))
    recipients = _tell(call, patent, "patent_expired" if over else "patent_lapsed")
    audit.record(call, "patents.end", "patent", patent.id, {"event": kind, "mails": recipients})


def _happen(call: Call, patent: Patent, terms: EventTerms) -> None:
    """Write the entry, move the state, and work the calendar out anew."""
    if terms.kind in _MOVES:
        patent.state = PATENT.require(patent.state, terms.kind)
        _stamp(patent, terms.kind, terms.on)
    event = PatentEvent(
        patent_id=patent.id,
        kind=terms.kind,
        on=terms.on,
        delivery=terms.delivery,
        note=terms.note,
        account_id=call.actor.account,
        recorded_at=call.now,
    )
    db.session.add(event)
    db.session.flush()
    done = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    schedule.refresh(patent, queries.events_of(patent.id), done, queries.today(call))


def _stamp(patent: Patent, kind: EventKind, on: date) -> None:
    if kind is EventKind.PUBLISH:
        patent.published_on = on
    elif kind is EventKind.GRANT:
        patent.granted_on = on
    if kind in {EventKind.PUBLISH, EventKind.GRANT}:
        patent.disclosed_on = patent.disclosed_on or on
    ended = kind not in {EventKind.PUBLISH, EventKind.GRANT, EventKind.RESTORE}
    patent.ended_on = on if ended else None


def _locked(patent_id: int) -> Patent:
    patent = db.session.scalar(select(Patent).where(Patent.id == patent_id).with_for_update())
    if patent is None:
        raise NotFound("patent")
    return patent


def _tell(call: Call, patent: Patent, template: str) -> int:
    addresses = queries.owners_mail(patent.owner_id)
    for address in addresses:
        outbox.enqueue(call, address, template, {"number": patent.full_number, "patent_id": patent.id})
    return len(addresses)
