"""A bank's paper counts once for a licence: a form sent twice books nothing twice."""

from __future__ import annotations

import pytest

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import service
from marketplace.licences.service import sharing
from tests.factories import Make
from tests.licences.test_service import running
from tests.pools.scene import Scene, scene


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def test_a_paper_counts_once_for_a_licence_unless_it_was_rejected(place: Scene) -> None:
    row, call = running(place), place.make.call(place.officer)
    first = service.propose_receipt(call, row.id, 100_000, "P1")
    for paper in ("P1", "p 1", "Ｐ１"):
        with pytest.raises(Invalid, match=r"licences\.paper_used") as refused:
            service.propose_receipt(call, row.id, 100_000, paper)
        assert refused.value.field == "paper"
    service.reject_receipt(call, first.id, "金额不符")
    again = service.propose_receipt(call, row.id, 200_000, "P1")
    service.approve_receipt(place.make.call(place.make.officer()), again.id)
    with pytest.raises(Invalid, match=r"licences\.paper_used"):
        service.propose_receipt(call, row.id, 200_000, "P1")


def test_without_the_rule_the_database_still_keeps_a_paper_from_counting_twice(
    place: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "_require_new_paper", lambda *_: None)
    row, call = running(place), place.make.call(place.officer)
    service.propose_receipt(call, row.id, 100_000, "P1")
    with pytest.raises(Conflict):
        service.propose_receipt(call, row.id, 100_000, "P1")
