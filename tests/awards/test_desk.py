"""The desk of many approvals when its page was open too long."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from marketplace.rounds.workflow import ProposalState
from tests.awards.test_approving import proposals, state_of
from tests.factories import Make
from tests.rounds.conftest import MILLION, Scene


def test_a_desk_that_was_open_too_long_shows_what_was_chosen_of_what_was_read(
    app: Flask, make: Make, sign_in: Any
) -> None:
    scene = Scene(make, make.alliance(code="NM"), make.officer(), make.officer(), make.fund(MILLION, share_max=4_000))
    for price in (15_000_000, 30_000_000):
        scene.bid(scene.order(own_funds=30_000_000), price=price)
    small, large = proposals(scene)
    client = sign_in(scene.second)
    data = {"row": [str(small.id), str(large.id)], "comment": "批量审批", f"why-{small.id}": "需求重复"}
    data |= {f"what-{small.id}": "reject", f"seen-{small.id}": small.content_hash}
    data |= {f"what-{large.id}": "approve", f"seen-{large.id}": "of an earlier content"}
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/approvals", data=data, headers={"Origin": "http://localhost"})
    app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 409
    ticked = re.findall(r'name="(what-\d+)"[^>]*value="(\w+)" checked', answer.text)
    assert ticked == [(f"what-{small.id}", "reject"), (f"what-{large.id}", "later")]
    assert "批量审批" in answer.text
    assert "需求重复" in answer.text
    assert {state_of(small), state_of(large)} == {ProposalState.PROPOSED}
