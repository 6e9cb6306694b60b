"""A small engine for life cycles: a table of transitions that an office clerk could read.

Rooms declare ``Workflow(States, [Transition("publish", {States.SCREENING}, States.PUBLISHED), …])`` in ``workflow.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from marketplace.kernel.errors import Conflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class Transition(Generic[S]):
    """``event`` leads from any of ``sources`` to ``target``; ``needs_reason`` asks the actor for words."""

    event: str
    sources: frozenset[S]
    target: S
    needs_reason: bool = False


class Workflow(Generic[S]):
    """The transitions of one kind of thing.

    Raises ValueError when the table is ambiguous or a state cannot be reached: a mistake in the program, found at import.
    """

    def __init__(self, name: str, states: type[S], initial: S, transitions: Iterable[Transition[S]]) -> None:
        self.name = name
        self.states = states
        self.initial = initial
        self.transitions = tuple(transitions)
        self._table: dict[tuple[S, str], Transition[S]] = {}
        for transition in self.transitions:
            for source in transition.sources:
                if (source, transition.event) in self._table:
                    raise ValueError(f"{name}: two transitions for {transition.event} from {source}")
                self._table[source, transition.event] = transition
        reached = {initial} | {t.target for t in self.transitions}
        if lost := set(states) - reached:
            raise ValueError(f"{name}: nothing leads to {sorted(lost)}")

    @property
    def terminal(self) -> frozenset[S]:
        """States that nothing leaves."""
        return frozenset(self.states) - {source for source, _ in self._table}

    def events(self, state: S) -> tuple[str, ...]:
        """Events possible from ``state``, in the order of the table."""
        return tuple(t.event for t in self.transitions if state in t.sources)

    def allows(self, state: S, event: str) -> bool:
        return (state, event) in self._table

    def require(self, state: S, event: str) -> S:
        """Return the state that ``event`` leads to from ``state``; raise Conflict when it leads nowhere."""
        transition = self._table.get((state, event))
        if transition is None:
            raise Conflict("workflow.not_now", {"event": event, "state": state, "machine": self.name})
        return transition.target
