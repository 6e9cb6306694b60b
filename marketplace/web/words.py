"""What states, choices, events and refusals are called.

Rooms register theirs in ``<room>/words.py``; both languages come through gettext.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from marketplace.web.dates import written

Lazy = Any

_LABELS: dict[type[StrEnum], Mapping[Any, Lazy]] = {}
_TONES: dict[type[StrEnum], Mapping[Any, str]] = {}
_EVENTS: dict[tuple[str, str], Lazy] = {}
_REFUSALS: dict[str, Lazy] = {}

TONES = ("neutral", "waiting", "good", "bad", "info")


def labels(kind: type[StrEnum], names: Mapping[Any, Lazy]) -> None:
    """Register the name of every member of ``kind``; raises ValueError when one is missing."""
    if missing := set(kind) - set(names):
        raise ValueError(f"{kind.__name__}: no label for {sorted(missing)}")
    _LABELS[kind] = names


def tones(kind: type[StrEnum], by_state: Mapping[Any, str]) -> None:
    """Register the tone of states (see TONES); states not named are neutral."""
    _TONES[kind] = by_state


def events(machine: str, names: Mapping[str, Lazy]) -> None:
    """Register the verb on the button of each event of a workflow."""
    _EVENTS.update({(machine, event): name for event, name in names.items()})


def refusals(sentences: Mapping[str, Lazy]) -> None:
    """Register the sentence of refusal codes; ``%(name)s`` places are filled from the refusal's values."""
    _REFUSALS.update(sentences)


def label(member: StrEnum | None) -> str:
    """Return the name of a choice or state in the reader's language ('' for None)."""
    if member is None:
        return ""
    return str(_LABELS[type(member)][member])


def choices(kind: type[StrEnum]) -> list[tuple[str, Lazy]]:
    """Return (value, label) pairs for a form's select."""
    return [(member.value, _LABELS[kind][member]) for member in kind]


def tone(member: StrEnum) -> str:
    return _TONES.get(type(member), {}).get(member, "neutral")


def event_label(machine: str, event: str) -> str:
    return str(_EVENTS[machine, event])


def has_event_label(machine: str, event: str) -> bool:
    return (machine, event) in _EVENTS


def sentence(code: str, values: Mapping[str, object]) -> str:
    """Return the sentence of a refusal, its states and days in the reader's words.

    A code without words is a defect that a test finds; readers get a general sentence.
    """
    words = _REFUSALS.get(code)
    if words is None:
        return str(_l("This cannot be done: %(code)s.", code=code))
    text = str(words)
    shown = {k: label(v) if isinstance(v, StrEnum) and type(v) in _LABELS else written(v) for k, v in values.items()}
    try:
        return text % shown if shown else text
    except KeyError:
        return text


def has_sentence(code: str) -> bool:
    return code in _REFUSALS


refusals(
    {
        "not_found": _l("There is nothing here, or it is not open to you."),
        "role_needed": _l("Your role does not include this. Ask your organisation's owner or the centre."),
        "stale": _l("Somebody else changed this meanwhile. Look at the present version, then try again."),
        "saved_meanwhile": _l(
            "This was saved by somebody else after you opened it. "
            "What stands saved is shown below; save again to put yours in its place."
        ),
        "page_expired": _l(
            "This page was open too long, so nothing was sent yet. Please check what you typed and send it again."
        ),
        "sent_from_elsewhere": _l(
            "Your browser says that a page of another site sent this, so nothing was done. "
            "Open its page here and send it from there."
        ),
        "token_missing": _l(
            "The page that sent this has expired, and your browser does not say that it was a page of this site. "
            "Nothing was done; open the page anew and send it again."
        ),
        "busy": _l("Many people are working on this at once. Nothing was changed; please try again in a moment."),
        "constraint": _l("This contradicts what is already stored. Nothing was changed."),
        "workflow.not_now": _l("This is not possible in the present state (%(state)s)."),
        "approvals.changed": _l("The content changed since it was proposed. It must be proposed again first."),
        "approvals.same_person": _l("Whoever proposed it may not approve it. A different person must decide."),
        "approvals.already": _l("You have already decided on exactly this content."),
        "approvals.not_your_role": _l("The approvals that are still missing are not for your role."),
        "approvals.another_first": _l("Another person's approval comes before yours."),
        "approvals.no_person": _l("Only a natural person can decide on this."),
        "day.year": _l("Give a year between %(first)s and %(last)s."),
        "day.none": _l("There is no such day. Write it as 2027-03-01."),
        "day.unread": _l("This is not a day. Write it as 2027-03-01 or 2027年3月1日."),
        "day.year_alone": _l("This is a year. Write the month and the day as well, such as 2027-03-01."),
        "day.month_alone": _l("This is a month. Write the day as well, such as 2027-03-01."),
        "day.order": _l(
            "This day can be read in more than one way. Write the year first and in full, such as 2027-03-01."
        ),
        "day.time_missing": _l("Write the day and the time, such as 2027-03-01 17:00."),
        "too_often": _l("Too many attempts. Please wait %(minutes)s minutes and try again."),
        "file.too_large": _l("The file is larger than %(limit)s MB."),
        "file.kind": _l("Files of this kind are not accepted. Allowed: %(allowed)s."),
        "file.empty": _l("The file is empty."),
    }
)
