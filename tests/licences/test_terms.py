"""What conditions of a licence make no sense beside the day on which they are offered or signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.licences import service
from marketplace.licences.workflow import FeeMode, LicenceState, Side
from tests.conftest import Clock
from tests.licences.test_service import TERMS, asked, place
from tests.pools.scene import Scene

__all__ = ["place"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 30)}, "licences.term_past", "ends_on"),
        ({"starts_on": date(1, 1, 1)}, "licences.before_patents", "starts_on"),
        ({"fee_mode": FeeMode.PAY_LATER, "pay_from": date(2035, 1, 1)}, "licences.never_paid", "pay_from"),
    ],
)
def test_conditions_that_could_never_count_name_their_field(
    place: Scene, change: dict[str, Any], code: str, field: str
) -> None:
    row = asked(place)
    with pytest.raises(Invalid) as refused:
        service.offer_terms(place.make.call(place.owner), row.id, replace(TERMS, **change))
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("late", [True, False])
def test_conditions_whose_term_ran_out_unsigned_begin_no_licence(place: Scene, clock: Clock, late: bool) -> None:
    row = asked(place)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    service.sign(place.make.call(place.rival), row.id, Side.LICENSEE)
    if late:
        clock.advance(days=2_000)
        with pytest.raises(Conflict, match="term_past"):
            service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)
    else:
        service.sign(place.make.call(place.owner), row.id, Side.LICENSOR)
    assert row.state is (LicenceState.OFFERED if late else LicenceState.RUNNING)
