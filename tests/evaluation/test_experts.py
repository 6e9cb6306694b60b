"""Experts are picked from the directory, with their fields and what ties them to a party."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.conflicts.workflow import LinkKind
from marketplace.evaluation import experts as directories
from marketplace.evaluation.experts import experts
from marketplace.evaluation.workflow import MemberState
from marketplace.kernel.fields import Field
from marketplace.talent.models import Researcher, Work
from marketplace.talent.workflow import WorkKind
from tests.conftest import Clock
from tests.evaluation.court import Court
from tests.factories import Make


def directory(court: Court, *fields: Field) -> list[Researcher]:
    """A page of each judge and of a bidding team's lead, all experts in ``fields``."""
    accounts = [*court.judges, court.scene.lead]
    rows = [
        Researcher(account_id=a.id, listed=True, expert_fields=list(fields), created_at=court.clock()) for a in accounts
    ]
    court.make.save(*rows)
    return rows


def test_the_directory_shows_who_is_free_first_and_why_others_are_not(make: Make, clock: Clock) -> None:
    court = Court(make, clock).opened()
    rows = directory(court, Field.NEW_MATERIALS)
    for row in (rows[0], rows[3]):
        row.works.append(Work(kind=WorkKind.PAPER, title="无铬前处理的成膜机理", year=2026))
    make.save(*rows)
    court.appoint(court.judges[2])
    found = experts(court.officer, court.scene.order, court.evaluation(), Field.NEW_MATERIALS)
    assert [each.researcher.id for each in found] == [rows[1].id, rows[0].id, rows[3].id]
    assert [[link.kind for link in each.links] for each in found[:2]] == [[], [LinkKind.CO_AUTHORS]]
    assert "成膜机理" in found[1].links[0].evidence
    assert experts(court.officer, court.scene.order, court.evaluation(), Field.FOOD) == []
    assert len(experts(court.officer, court.scene.order, None, None)) == 4


def test_an_expert_is_invited_with_one_click_and_a_tie_is_refused_with_its_evidence(
    make: Make, clock: Clock, sign_in: Any
) -> None:
    court = Court(make, clock).opened()
    rows = directory(court, Field.NEW_MATERIALS)
    officer = sign_in(court.scene.officers[0])
    path = f"/orders/{court.order_id}/evaluation"
    page = officer.get(f"{path}?field=all").text
    assert f"{path}/experts/{rows[0].id}" in page
    assert f"{path}/experts/{rows[3].id}" not in page
    assert officer.post(f"{path}/experts/{rows[0].id}").status_code == 303
    assert [(m.account_id, m.expert, m.state) for m in court.evaluation().members] == [
        (court.judges[0].id, True, MemberState.INVITED)
    ]
    refused = officer.post(f"{path}/experts/{rows[3].id}")
    assert refused.status_code == 422
    assert court.scene.university.name in refused.text


def test_the_list_is_cut_after_the_ties_are_known_and_unlisted_pages_are_left_out(
    make: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    court = Court(make, clock).opened()
    rows = directory(court, Field.NEW_MATERIALS)
    for row in (rows[0], rows[1], rows[3]):
        row.works.append(Work(kind=WorkKind.PAPER, title="无铬前处理的成膜机理", year=2026))
    make.save(*rows)
    monkeypatch.setattr(directories, "MOST", 2)
    shown = []
    for lot in (1, 2, 400):
        monkeypatch.setattr(directories, "LOT", lot)
        shown.append([each.researcher.id for each in experts(court.officer, court.scene.order, None, None)])
    assert shown == [[rows[2].id, rows[0].id]] * 3, "the two oldest are tied, and the third is offered all the same"
    rows[2].listed = False
    make.save(rows[2])
    assert rows[2].id not in [each.researcher.id for each in experts(court.officer, court.scene.order, None, None)]
