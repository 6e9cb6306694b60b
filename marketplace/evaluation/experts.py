"""Experts from the directory of researchers, with their fields and what ties each to the parties: for whoever appoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.conflicts.queries import Found, Side, found_between, uncovered
from marketplace.conflicts.workflow import EndKind, Subject
from marketplace.evaluation import queries
from marketplace.evaluation.models import Evaluation
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.talent import queries as talent
from marketplace.talent.models import Researcher
from marketplace.web.filters import CITY

MOST = 40
"""How many are shown."""
LOT = 400
"""How many are checked at once."""


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who evaluates in a field; ``links`` are the ties to the enterprise or a bidder that nobody overrode."""

    researcher: Researcher
    fields: tuple[Field, ...]
    links: tuple[Found, ...]


def experts(call: Call, order: Order, row: Evaluation | None, field: Field | None) -> list[Expert]:
    """Return who could be appointed, those without a tie first; ``field`` None means every field.

    Checked in lots until enough are free: a fixed number of statements each. Who sits here, was replaced or oversees is left out.
    """
    known = queries.overseers_of(order) | ({member.person_id for member in row.members} if row else set())
    people = [each for each in talent.experts_in(field) if each.account.person_id not in known]
    found: list[Expert] = []
    for start in range(0, len(people), LOT):
        found += _checked(call, order, row, people[start : start + LOT])
        if sum(not one.links for one in found) >= MOST:
            break
    return sorted(found, key=lambda one: (bool(one.links), one.researcher.id))[:MOST]


def _checked(call: Call, order: Order, row: Evaluation | None, people: Sequence[Researcher]) -> list[Expert]:
    side = Side(frozenset(each.account.person_id for each in people))
    found = found_between(side, queries.side_of_order(order), call.now.astimezone(CITY).date())
    by_person: dict[int, list[Found]] = defaultdict(list)
    for link in uncovered(found, Subject.EVALUATION, row.id) if row else found:
        if link.left.kind is EndKind.PERSON:
            by_person[link.left.id].append(link)
    return [
        Expert(each, tuple(Field(value) for value in each.expert_fields), tuple(by_person[each.account.person_id]))
        for each in people
    ]
