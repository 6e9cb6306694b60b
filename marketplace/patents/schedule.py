"""From a patent's rows to its calendar, and the columns that repeat what the calendar says next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from marketplace.patents.deadlines.engine import Due, Facts, expires_on, open_dues, plan
from marketplace.patents.deadlines.rules import received_on
from marketplace.patents.models import Patent, PatentEvent
from marketplace.patents.workflow import ALIVE, EventKind, LegalState, RuleCode, Trigger

REMIND_BEFORE = (90, 30, 7, 0)
"""Days before a last day on which its owner is reminded; the last reminder comes when it is over and only the grace is left."""

AHEAD = timedelta(days=1_200)
"""How far ahead the next thing to do is looked for: three annuities paid in advance, and then some."""

_TRIGGERS = {
    EventKind.OFFICE_ACTION: Trigger.OFFICE_ACTION,
    EventKind.FURTHER_ACTION: Trigger.FURTHER_ACTION,
    EventKind.CORRECTION: Trigger.CORRECTION,
    EventKind.GRANT_NOTICE: Trigger.GRANT_NOTICE,
    EventKind.REFUSE: Trigger.REFUSED,
    EventKind.LAPSE: Trigger.LAPSED,
}
_ANSWERED = frozenset({Trigger.OFFICE_ACTION, Trigger.FURTHER_ACTION, Trigger.CORRECTION})
"""Papers that are answered; they are counted together, for one rule speaks of all of them."""
_AFTERWARDS = {LegalState.REFUSED: RuleCode.REEXAMINATION, LegalState.LAPSED: RuleCode.RESTORATION}
"""The one thing that can still be done about a right that ended."""
_NOT_A_TASK = frozenset({RuleCode.PUBLICATION, RuleCode.EXPIRY})

Done = Collection[tuple[RuleCode, int]]


def facts_of(patent: Patent, events: Iterable[PatentEvent] = ()) -> Facts:
    """Return what the engine needs to know; of several events of a kind the latest counts.

    Papers are numbered as they were entered: one that is entered late must not take the answer that was given to another.
    """
    days: dict[Trigger, date] = {}
    numbers: dict[Trigger, int] = {}
    seen: Counter[Trigger] = Counter()
    papers = []
    for event in sorted(events, key=lambda e: e.id or 0):
        if event.kind in _TRIGGERS:
            trigger = _TRIGGERS[event.kind]
            counted = Trigger.OFFICE_ACTION if trigger in _ANSWERED else trigger
            papers.append((event.on, seen[counted], trigger, event.delivery))
            seen[counted] += 1
    for on, number, trigger, delivery in sorted(papers, key=lambda paper: paper[:2]):
        days[trigger], numbers[trigger] = received_on(on, delivery), number
    return Facts(
        kind=patent.kind,
        office=patent.office,
        filed_on=patent.filed_on,
        route=patent.route,
        priority_on=patent.priority_on,
        granted_on=patent.granted_on,
        events=days,
        numbers=numbers,
    )


def to_do(
    patent: Patent, events: Iterable[PatentEvent], done: Done, today: date, until: date | None = None
) -> list[Due]:
    """Return what somebody must still do, by due day; a right that ended only knows the way back, one sold away nothing."""
    if patent.sold_on is not None:
        return []
    dues = [due for due in open_dues(facts_of(patent, events), done, today, until) if due.rule not in _NOT_A_TASK]
    if patent.state in ALIVE:
        return [due for due in dues if due.rule not in _AFTERWARDS.values()]
    return [due for due in dues if due.rule is _AFTERWARDS.get(patent.state)]


def whole(patent: Patent, events: Iterable[PatentEvent]) -> list[Due]:
    """Return every entry of the calendar, past ones as well."""
    return plan(facts_of(patent, events))


def refresh(patent: Patent, events: Iterable[PatentEvent], done: Done, today: date) -> None:
    """Write the columns that repeat the calendar."""
    events = list(events)
    patent.expires_on = expires_on(facts_of(patent))
    dues = to_do(patent, events, done, today, today + AHEAD)
    following = dues[0] if dues else None
    patent.next_rule = following.rule if following else None
    patent.next_number = following.number if following else 0
    patent.next_due_on = following.due_on if following else None
    patent.remind_on = next_reminder(following, today - timedelta(days=1)) if following else None
    kept = patent.state is LegalState.GRANTED and patent.sold_on is None
    patent.lapses_on = _lapses_on(patent, events, done, today) if kept else None


def _lapses_on(patent: Patent, events: Iterable[PatentEvent], done: Done, today: date) -> date | None:
    """The last day for the next unpaid annuity. One that was known and missed stays, so that no other write hides a lapse.

    Annuities that were already over when the patent came into the register count as paid: it is in force, after all.
    """
    missed = patent.lapses_on if patent.lapses_on is not None and patent.lapses_on < today else None
    dues = plan(facts_of(patent, events), missed or today, today + AHEAD)
    yearly = [due for due in dues if due.rule is RuleCode.ANNUITY and due.key not in done]
    return next((due.last_on for due in yearly if due.last_on >= today or due.last_on == missed), None)


def next_reminder(due: Due, after: date) -> date | None:
    """Return the next day after ``after`` on which to remind of ``due``; None when all reminders are past."""
    days = sorted({due.due_on - timedelta(days=n) for n in REMIND_BEFORE} | {due.due_on + timedelta(days=1)})
    if due.last_on > due.due_on:
        days.append(due.last_on - timedelta(days=30))
    return next((day for day in sorted(days) if day > after), None)
