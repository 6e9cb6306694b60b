"""A table of transitions refuses what it does not name, and its own mistakes at import."""

from __future__ import annotations

from enum import StrEnum

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.kernel.workflow import Transition, Workflow


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WALLED = "walled"


SHUT = Transition("shut", frozenset({Door.OPEN}), Door.SHUT)
OPEN = Transition("open", frozenset({Door.SHUT}), Door.OPEN)
WALL = Transition("wall", frozenset({Door.OPEN, Door.SHUT}), Door.WALLED, needs_reason=True)
DOOR = Workflow("door", Door, Door.OPEN, [SHUT, OPEN, WALL])
ALLOWED = {
    (Door.OPEN, "shut"): Door.SHUT,
    (Door.SHUT, "open"): Door.OPEN,
    (Door.OPEN, "wall"): Door.WALLED,
    (Door.SHUT, "wall"): Door.WALLED,
}


@pytest.mark.parametrize("state", Door)
@pytest.mark.parametrize("event", ["shut", "open", "wall", "paint"])
def test_only_the_named_transitions_happen(state: Door, event: str) -> None:
    target = ALLOWED.get((state, event))
    assert DOOR.allows(state, event) == (target is not None)
    if target is not None:
        assert DOOR.require(state, event) is target
        return
    with pytest.raises(Conflict) as refused:
        DOOR.require(state, event)
    assert (refused.value.code, refused.value.values) == (
        "workflow.not_now",
        {"event": event, "state": state, "machine": "door"},
    )


def test_events_come_in_the_order_of_the_table_and_the_end_is_known() -> None:
    assert DOOR.events(Door.OPEN) == ("shut", "wall")
    assert DOOR.events(Door.WALLED) == ()
    assert DOOR.terminal == {Door.WALLED}


def test_two_ways_for_one_event_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two transitions for shut from open"):
        Workflow("door", Door, Door.OPEN, [SHUT, WALL, Transition("shut", frozenset({Door.OPEN}), Door.WALLED)])


def test_a_state_that_nothing_leads_to_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="nothing leads to"):
        Workflow("door", Door, Door.OPEN, [SHUT, OPEN])
