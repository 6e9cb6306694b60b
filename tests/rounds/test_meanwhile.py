"""Two officers with one round: nobody writes over what the other has saved meanwhile, unread."""

from __future__ import annotations

import re
from typing import Any

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.rounds import service
from marketplace.rounds.terms import FundPick
from tests.rounds.conftest import Scene
from tests.rounds.test_views import FORM

SEEN = re.compile(r'name="seen" type="hidden" value="([^"]+)"')


@pytest.mark.parametrize(
    ("page", "mine", "theirs", "told"),
    [
        ("edit", {**FORM, "title": "甲的轮次", "fit": "41"}, {**FORM, "title": "乙的轮次"}, ["甲的轮次", "41"]),
        ("funds", {"rows-0-take": "y", "rows-0-ceiling": "1230000"}, {"rows-0-ceiling": "4560000"}, ["1230000"]),
        ("bids", {"part": "forbidden", "reason": "缺少资质"}, {"part": "locked", "reason": "乙的话"}, ["缺少资质"]),
    ],
)
def test_a_colleagues_settings_are_not_written_over_unread(
    scene: Scene, sign_in: Any, page: str, mine: dict[str, str], theirs: dict[str, str], told: list[str]
) -> None:
    first, second = sign_in(scene.first), sign_in(scene.second)
    url = f"/rounds/{scene.open().id}/{page}"
    if page == "bids":
        url = f"{url}/{scene.bids[0].id}"
    kept = {"rows-0-fund_id": str(scene.fund.id)} if page == "funds" else {}
    seen = SEEN.findall(second.get(url).text)[0]
    for _pressed in ("once", "twice"):
        assert first.post(url, data={**mine, **kept, "seen": seen}).status_code == 303
    late = second.post(url, data={**theirs, **kept, "seen": seen})
    assert late.status_code == 409, late.text
    card = late.text.partition("现存内容</h2>")[2].partition("</dl>")[0]
    for each in told:  # what stands saved
        assert each in card
    for typed in ("乙的轮次", "4560000", "乙的话"):  # and what was typed
        assert (typed in late.text) is (typed in theirs.values())
    knowing = SEEN.findall(late.text)[0]
    assert second.post(url, data={**theirs, **kept, "seen": knowing}).status_code == 303


def test_without_the_mark_the_last_who_saves_settings_wins(scene: Scene) -> None:
    """The twin: what the pages must send is what keeps a colleague's settings."""
    row = scene.open()
    for ceiling in (100, 200):
        service.set_funds(scene.call, row.id, [FundPick(scene.fund.id, ceiling)])
    with pytest.raises(Conflict, match=r"^saved_meanwhile"):
        service.set_funds(scene.call, row.id, [], "of an earlier page")
