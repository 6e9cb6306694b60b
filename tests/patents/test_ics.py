"""The calendar file against RFC 5545, read by a parser that knows only the standard."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from marketplace.organisations.models import Organisation
from marketplace.patents import ics
from marketplace.patents.deadlines.engine import Facts, plan
from marketplace.patents.models import Patent
from marketplace.patents.queries import Entry
from marketplace.patents.workflow import PatentKind

NOW = datetime(2026, 11, 26, 4, 5, 6, tzinfo=UTC)
NAMES = ("东江大学", "Hengrui; Tools, Ltd.\\Works", "两\n行", "很长的名称" * 30, "🚢 shipyard " * 12)
_LINE = re.compile(r"([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=[^;:]+)*):(.*)", re.DOTALL)
_DAY = re.compile(r"[0-9]{8}")


def entries() -> list[Entry]:
    facts = Facts(PatentKind.INVENTION, "CN", date(2020, 2, 29), granted_on=date(2023, 3, 10))
    row = Patent(id=7, number="202010000001.X", office="CN", granted_on=facts.granted_on)
    row.owner = Organisation(name="东江大学")
    return [Entry(row, due, late=False) for due in plan(facts)]


def content_lines(data: bytes) -> list[tuple[str, str, str]]:
    """Unfolded (name, parameters, value) of each line; fails where the standard says a file is broken."""
    text = data.decode("utf-8")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = []
    for line in text.replace("\r\n ", "").split("\r\n")[:-1]:
        matched = _LINE.fullmatch(line)
        assert matched is not None, line
        found.append((matched[1], matched[2], matched[3]))
    return found


def components(lines: list[tuple[str, str, str]]) -> list[tuple[str, dict[str, str]]]:
    """Each component with its properties, closed in the order in which it was opened."""
    stack: list[tuple[str, dict[str, str]]] = []
    found = []
    for name, _parameters, value in lines:
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            assert stack[-1][0] == value
            found.append(stack.pop())
        else:
            assert name not in stack[-1][1], f"{name} twice"
            stack[-1][1][name] = value
    assert stack == []
    return found


def unescaped(value: str) -> str:
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value), value
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


@pytest.mark.parametrize("name", NAMES)
def test_every_calendar_program_can_read_the_file(app: Flask, name: str) -> None:
    with app.test_request_context():
        found = components(content_lines(ics.calendar(entries(), NOW, name, "tripool.example")))
    calendar = found[-1]
    assert calendar[0] == "VCALENDAR"
    assert calendar[1]["VERSION"] == "2.0"
    assert calendar[1]["PRODID"]
    assert unescaped(calendar[1]["X-WR-CALNAME"]) == name
    events = [properties for kind, properties in found if kind == "VEVENT"]
    assert len(events) == len(entries()) == len({event["UID"] for event in events})
    for event in events:
        assert re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", event["DTSTAMP"])
        assert _DAY.fullmatch(event["DTSTART"])
        assert _DAY.fullmatch(event["DTEND"])
        assert date.fromisoformat(event["DTEND"]) > date.fromisoformat(event["DTSTART"])
        assert "ZL202010000001.X" in unescaped(event["SUMMARY"])
        unescaped(event["DESCRIPTION"])
    alarms = [properties for kind, properties in found if kind == "VALARM"]
    assert len(alarms) == len(events)
    assert all({"ACTION", "TRIGGER", "DESCRIPTION"} <= alarm.keys() for alarm in alarms)


def test_without_escaping_the_parser_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    monkeypatch.setattr(ics, "_text", lambda value: value.replace("\n", " "))
    with app.test_request_context():
        found = components(content_lines(ics.calendar([], NOW, NAMES[1], "tripool.example")))
    with pytest.raises(AssertionError):
        unescaped(found[-1][1]["X-WR-CALNAME"])
