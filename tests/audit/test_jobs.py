"""The daily check: once a day, kept in the journal, loud when something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from marketplace.audit import jobs, queries, verify
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.outbox.models import Message
from tests.conftest import Clock
from tests.factories import Make


def test_the_site_is_checked_once_a_day(make: Make, clock: Clock) -> None:
    jobs.note_verification(make.call(), [])
    clock.advance(days=1)
    jobs.verify_daily(make.call())
    first = queries.last_verification()
    assert first is not None
    assert first.detail == {"found": 0, "first": []}
    clock.advance(hours=1)
    jobs.verify_daily(make.call())
    assert queries.last_verification() is first
    clock.advance(days=1)
    jobs.verify_daily(make.call())
    assert queries.last_verification() is not first


@pytest.mark.parametrize(
    ("now", "due"),
    [("2027-01-12T18:59", "2027-01-11T19:00"), ("2027-01-12T19:00", "2027-01-12T19:00")],
    ids=["before three in the city", "at three in the city"],
)
def test_it_is_due_at_three_in_the_morning_of_the_city(now: str, due: str) -> None:
    assert jobs.due_before(_utc(now)) == _utc(due)


def test_whoever_watches_hears_of_findings(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    auditor = make.account(Role.AUDITOR)
    make.account(Role.FUND_MANAGER)
    monkeypatch.setattr(verify, "findings", lambda: [verify.Finding("ledger", "fund F1: available is 1 fen too much")])
    jobs.verify_daily(make.call())
    told = db.session.scalars(select(Message.recipient).where(Message.template == "audit_found")).all()
    assert told == [auditor.email]
    record = queries.last_verification()
    assert record is not None
    assert record.detail["first"] == ["ledger: fund F1: available is 1 fen too much"]


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
