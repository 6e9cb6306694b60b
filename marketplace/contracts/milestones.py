"""What the reader of a milestone's page may do now: policy and state together, so that the page only asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.approvals.service import proposers_of
from marketplace.contracts import policy
from marketplace.contracts.models import Dispute, Milestone
from marketplace.contracts.service.delivering import expert_passed, review_until, silence_until
from marketplace.contracts.service.disputing import SUBJECT, ruling_fingerprint
from marketplace.contracts.workflow import (
    DISPUTE,
    MILESTONE,
    ContractState,
    DisputeState,
    MilestoneState,
    Side,
)
from marketplace.kernel.call import Call
from marketplace.rounds.queries import interests_of


@dataclass(frozen=True, slots=True)
class Abilities:
    """One flag per form of the page; ``decide_by`` and ``silence_by`` are the days that count."""

    deliver: bool = False
    decide: bool = False
    expert_missing: bool = False
    remind: bool = False
    appoint: bool = False
    opinion: bool = False
    dispute: bool = False
    offer: bool = False
    agree: int | None = None
    ask_expert: bool = False
    advise: bool = False
    ask_committee: bool = False
    rule: bool = False
    confirm: bool = False
    open_dispute: Dispute | None = None
    decide_by: datetime | None = None
    silence_by: datetime | None = None


def abilities(call: Call, row: Milestone, disputes: Sequence[Dispute]) -> Abilities:
    """Return what ``call``'s actor may do to the milestone."""
    contract, actor = row.contract, call.actor
    dispute = next((each for each in disputes if each.state is not DisputeState.SETTLED), None)
    if contract.state is not ContractState.IN_FORCE:
        return Abilities(open_dispute=dispute)
    delivered = row.state is MilestoneState.DELIVERED
    last = row.deliveries[-1] if row.deliveries else None
    waits = delivered and last is not None and row.needs_expert and expert_passed(row, last) is None
    team = bool(policy.may_deliver(actor, contract))
    decide_by = review_until(row.delivered_at) if delivered and row.delivered_at else None
    return Abilities(
        deliver=team and MILESTONE.allows(row.state, "deliver"),
        decide=delivered and bool(policy.may_accept(actor, contract)),
        expert_missing=waits,
        remind=team and delivered and row.noticed_at is None and decide_by is not None and call.now >= decide_by,
        appoint=bool(policy.may_appoint(actor, contract)) and MILESTONE.allows(row.state, "cancel"),
        opinion=delivered and row.expert_id == actor.account and last is not None and expert_passed(row, last) is None,
        dispute=bool(policy.may_sign(actor, contract)) and MILESTONE.allows(row.state, "dispute"),
        open_dispute=dispute,
        decide_by=decide_by,
        silence_by=silence_until(row.noticed_at) if delivered and row.noticed_at else None,
        **(_on_dispute(call, row, dispute) if dispute else {}),  # type: ignore[arg-type]
    )


def _on_dispute(call: Call, row: Milestone, dispute: Dispute) -> dict[str, object]:
    contract, actor = row.contract, call.actor
    side: Side | None = policy.side_of(actor, contract) if policy.may_sign(actor, contract) else None
    talks = side is not None and DISPUTE.allows(dispute.state, "agree")
    officer = bool(policy.may_check(actor, interests_of(call), contract)) and DISPUTE.allows(dispute.state, "rule")
    proposers = proposers_of(SUBJECT, dispute.id, ruling_fingerprint(dispute)) if officer else set()
    return {
        "offer": talks,
        "agree": dispute.offer if talks and dispute.offered_by not in {None, side} else None,
        "ask_expert": bool(policy.may_appoint(actor, contract)) and DISPUTE.allows(dispute.state, "ask_expert"),
        "advise": dispute.expert_id == actor.account and DISPUTE.allows(dispute.state, "advise"),
        "ask_committee": side is not None and DISPUTE.allows(dispute.state, "ask_committee"),
        "rule": officer,
        "confirm": officer and bool(proposers) and actor.person not in proposers,
    }
