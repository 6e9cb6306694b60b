"""The approvals desk: what waits for the reader's signature, what is still missing, and the table of levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.accounts.models import Person
from marketplace.approvals import levels
from marketplace.approvals.models import ApprovalLevel, Endorsement
from marketplace.approvals.workflow import LevelState
from marketplace.awards import policy
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.queries import MAX_ID
from marketplace.rounds import queries as rounds
from marketplace.rounds.approving import waiting_for_approval
from marketplace.rounds.models import FundingOption, Proposal
from marketplace.rounds.service.decisions import SUBJECT


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal for the desk: what is needed, who stood for it with which words, and why the reader may not sign now."""

    proposal: Proposal
    option: FundingOption
    needed: list[levels.Needed]
    stood: list[tuple[str, Endorsement]]
    why_not: str


def desk(call: Call) -> list[Waiting]:
    """Return what waits for an approval the reader may give, or will be able to give once another has."""
    rows, own, in_force = waiting_for_approval(call), rounds.interests_of(call), levels.in_force()
    stood = _stood([row.id for row in rows])
    found = []
    for row in rows:
        option = next((each for each in row.options if each.id == row.option_id), None)
        if option is None or set(own) & set(rounds.parties_of(row)):
            continue
        people = [(name, e) for name, e in stood if e.subject_id == row.id and e.content_hash == row.content_hash]
        needed = levels.needed_of(row.price, in_force, [each for _name, each in people])
        level, decision = levels.open_for(call.actor, needed)
        if level is None and decision.reason == "approvals.not_your_role":
            continue
        found.append(Waiting(row, option, needed, people, decision.reason))
    return found


def _stood(proposal_ids: Sequence[int]) -> list[tuple[str, Endorsement]]:
    rows = db.session.execute(
        select(Person.name, Endorsement)
        .join(Person, Person.id == Endorsement.person_id)
        .where(Endorsement.subject_kind == SUBJECT, Endorsement.subject_id.in_(proposal_ids))
        .order_by(Endorsement.id)
    )
    return [(name, row) for name, row in rows]


def get_level(call: Call, level_id: int) -> ApprovalLevel:
    """Raises NotFound for missing ones, and for readers outside the centre."""
    row = db.session.get(ApprovalLevel, level_id) if 0 < level_id <= MAX_ID else None
    if row is None or not policy.may_read_levels(call.actor):
        raise NotFound("level")
    return row


def proposed_levels(call: Call) -> set[int]:
    """The levels whose present content the reader's natural person proposed."""
    query = (
        select(ApprovalLevel.id)
        .join(Endorsement, Endorsement.subject_id == ApprovalLevel.id)
        .where(
            Endorsement.subject_kind == "approval_level",
            Endorsement.content_hash == ApprovalLevel.content_hash,
            Endorsement.person_id == call.actor.person,
        )
    )
    return set(db.session.scalars(query))


def list_levels() -> list[ApprovalLevel]:
    """Every level, those that count or wait first by their amount, ended ones after."""
    query = select(ApprovalLevel).order_by(
        ApprovalLevel.state == LevelState.ENDED, ApprovalLevel.above, ApprovalLevel.id
    )
    return list(db.session.scalars(query))
