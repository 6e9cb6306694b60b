"""Buttons: what an actor may do to a subject now, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from marketplace.kernel.policy import Decision
from marketplace.kernel.workflow import Workflow
from marketplace.web.words import event_label, sentence

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Action:
    """A link (GET) or a one-button form (POST). ``kind``: primary, secondary or danger; ``confirm`` asks first.
    ``fields`` are hidden values of the form.

    ``disabled_reason`` is shown instead of the button when set.
    """

    label: str
    url: str
    method: str = "post"
    kind: str = "secondary"
    confirm: str = ""
    disabled_reason: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


def transition_actions(
    workflow: Workflow[S],
    state: S,
    offers: Mapping[str, tuple[Decision, Callable[[], str]]],
    *,
    primary: str = "",
) -> list[Action]:
    """Return the actions that the workflow **and** the policy allow.

    ``offers`` maps an event to its policy decision and the address of its route, made only when needed. Events that are
    not possible now, and those the actor has nothing to do with (``Decision`` reason ``hidden``), are left out.
    """
    actions = []
    for event, (decision, url) in offers.items():
        if not workflow.allows(state, event) or decision.reason == "hidden":
            continue
        actions.append(
            Action(
                label=event_label(workflow.name, event),
                url=url() if decision else "",
                kind="primary" if event == primary else "secondary",
                disabled_reason="" if decision else sentence(decision.reason, {}),
            )
        )
    return actions
