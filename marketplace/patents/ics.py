"""An organisation's deadlines as an iCalendar file (RFC 5545). Numbers and duties only, no titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from marketplace.patents.queries import Entry
from marketplace.patents.workflow import RuleCode
from marketplace.web.words import label


def calendar(entries: Iterable[Entry], now: datetime, name: str, host: str) -> bytes:
    """Return the whole file; ``host`` makes the entries' identities unique in the world."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tripool//Patents//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in entries:
        lines += _event(entry, now, host)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line)).encode()


def _event(entry: Entry, now: datetime, host: str) -> list[str]:
    due = entry.due
    number = f" {due.number}" if due.rule is RuleCode.ANNUITY else ""
    return [
        "BEGIN:VEVENT",
        f"UID:patent-{entry.patent.id}-{due.rule}-{due.number}@{host}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due.due_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due.due_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{label(due.rule)}{number} · {entry.patent.full_number}')}",
        f"DESCRIPTION:{_text(due.citation)}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P7D",
        f"DESCRIPTION:{_text(label(due.rule))}",
        "END:VALARM",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        value = value.replace(sign, written)
    return value


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 bytes, never cutting a character."""
    piece = ""
    for sign in line:
        if len((piece + sign).encode()) > 74:
            yield piece
            piece = " "
        piece += sign
    yield piece
