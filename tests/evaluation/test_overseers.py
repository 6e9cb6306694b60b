"""Whoever leads, confirms or audits an evaluation sits on no committee, by whichever account and from whenever on."""

from __future__ import annotations

import pytest

from marketplace.accounts.models import Account, AccountGrant
from marketplace.evaluation import queries, service
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict
from tests.evaluation.court import Court


def _overseers(court: Court) -> list[Account]:
    """An officer, the one who appoints, the alliance's secretary, an auditor, and another account of the auditor."""
    auditor = court.make.account(Role.AUDITOR)
    again = court.make.account(person=auditor.person)
    return [court.make.officer(), court.scene.officers[0], court.scene.secretary, auditor, again]


def test_whoever_leads_confirms_or_audits_judges_nothing(court: Court) -> None:
    court.opened()
    for account in _overseers(court):
        with pytest.raises(Conflict, match=r"evaluation\.oversees"):
            court.appoint(account)
    court.appoint(court.make.account(Role.ALLIANCE_SECRETARY, alliance=court.make.alliance()))


def test_without_the_rule_the_officer_would_judge(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "overseers_of", lambda _order: set())
    court.opened().appoint(*_overseers(court)[1:4])


def _now_an_officer(court: Court) -> None:
    account = court.judges[0]
    court.make.save(AccountGrant(account_id=account.id, role=Role.CENTRE_OFFICER, created_at=court.clock()))


def test_who_became_an_officer_after_the_appointment_takes_no_seat(court: Court) -> None:
    court.opened().appoint(court.judges[0])
    _now_an_officer(court)
    with pytest.raises(Conflict, match=r"evaluation\.oversees"):
        service.accept_seat(court.call(court.judges[0]), court.evaluation().id)


def test_who_became_an_officer_after_accepting_keeps_the_scoring_from_beginning(court: Court) -> None:
    court.seated()
    _now_an_officer(court)
    with pytest.raises(Conflict, match=r"evaluation\.oversees"):
        service.begin_scoring(court.officer, court.order_id)
