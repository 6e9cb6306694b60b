"""Taking back an award, or a whole release: one officer proposes with the reason, a different one approves exactly that."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.accounts.proving import require_fresh
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.awards import policy, queries
from marketplace.awards.models import Award, Reversal
from marketplace.awards.terms import ReversalTerms
from marketplace.awards.undoing import undo
from marketplace.awards.workflow import AWARD, LIVE, REVERSAL, ReversalKind, ReversalState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders.workflow import ORDER
from marketplace.rounds import queries as rounds
from marketplace.rounds.workflow import RUN

SUBJECT = "reversal"


@use_case
def propose_undo(call: Call, award_id: int, terms: ReversalTerms) -> Reversal:
    """Propose to take one award back; nothing changes before a second person agrees."""
    award = queries.get_award(call, award_id, lock=True)
    _require_officer(call, [award])
    AWARD.require(award.state, "undo")
    row = _propose(call, Reversal(kind=ReversalKind.UNDO, award_id=award.id), terms)
    audit.record(call, "awards.propose_undo", SUBJECT, row.id, _detail(row))
    return row


@use_case
def propose_recall(call: Call, run_id: int, terms: ReversalTerms) -> Reversal:
    """Propose to recall a run's release: every award of it without a signed contract would be taken back."""
    run = rounds.get_run(call, run_id)
    RUN.require(run.state, "recall")
    _require_officer(call, queries.live_awards_of(run.id))
    if terms.exclude_winner:
        raise Invalid("awards.recall_excludes_nobody", field="exclude_winner")
    row = _propose(call, Reversal(kind=ReversalKind.RECALL, run_id=run.id), terms)
    audit.record(call, "awards.propose_recall", SUBJECT, row.id, _detail(row))
    return row


@use_case
def approve_reversal(call: Call, reversal_id: int, seen: str) -> Reversal:
    """A different person approves it: money, days, bids and orders are put back in this moment, and everybody is told."""
    require_fresh(call)
    row = queries.get_reversal(call, reversal_id)
    target = REVERSAL.require(row.state, "approve")
    if seen != row.content_hash or fingerprint(row) != row.content_hash:
        raise Conflict("approvals.changed")
    awards = _awards_of(call, row)
    _require_officer(call, awards)
    approvals.approve(call, SUBJECT, row.id, row.content_hash)
    for award in awards:
        undo(call, award, "undo", row.reason, row.public_reason, exclude_winner=row.exclude_winner)
    if row.run is not None:
        row.run.state = RUN.require(row.run.state, "recall")
        row.run.reason = row.public_reason
    row.state, row.decided_by, row.decided_at = target, call.actor.account, call.now
    audit.record(
        call, "awards.approve_reversal", SUBJECT, row.id, {**_detail(row), "awards": [award.id for award in awards]}
    )
    return row


@use_case
def refuse_reversal(call: Call, reversal_id: int, reason: str) -> Reversal:
    """Refuse to take it back, with the reason; the award goes on. Whoever proposed it may do so too."""
    row = queries.get_reversal(call, reversal_id)
    _require_officer(call, [row.award] if row.award else [])
    row.state = REVERSAL.require(row.state, "refuse")
    if not reason.strip():
        raise Invalid("awards.reason_needed", field="reason")
    row.refusal, row.decided_by, row.decided_at = reason.strip(), call.actor.account, call.now
    audit.record(call, "awards.refuse_reversal", SUBJECT, row.id, _detail(row))
    return row


def fingerprint(row: Reversal) -> str:
    """What the two persons stand for."""
    return approvals.content_hash(
        [row.kind.value, row.award_id, row.run_id, row.exclude_winner, row.reason, row.public_reason]
    )


def _propose(call: Call, row: Reversal, terms: ReversalTerms) -> Reversal:
    for field in ("reason", "public_reason"):
        if not getattr(terms, field).strip():
            raise Invalid("awards.reason_needed", field=field)
    waiting = select(Reversal.id).where(
        Reversal.state == ReversalState.PROPOSED,
        Reversal.award_id == row.award_id if row.award_id else Reversal.run_id == row.run_id,
    )
    if db.session.scalar(waiting.limit(1)) is not None:
        raise Conflict("awards.reversal_waits")
    row.reason, row.public_reason = terms.reason.strip(), terms.public_reason.strip()
    row.exclude_winner, row.state = terms.exclude_winner, ReversalState.PROPOSED
    row.proposed_by, row.proposed_at = call.actor.account, call.now  # type: ignore[assignment]  # approvals needs one
    row.content_hash = fingerprint(row)
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, SUBJECT, row.id, row.content_hash)
    return row


def _awards_of(call: Call, row: Reversal) -> list[Award]:
    """The awards it takes back, each with its order's row locked, in one fixed order; signed contracts are left alone."""
    if row.award_id is not None:
        return [queries.get_award(call, row.award_id, lock=True)]
    ids = [award.id for award in queries.live_awards_of(row.run_id or 0)]
    awards = [queries.get_award(call, key, lock=True) for key in ids]
    return [a for a in awards if a.state in LIVE and ORDER.allows(a.order.state, "undo_award")]


def _require_officer(call: Call, awards: list[Award]) -> None:
    interests = queries.interests_of(call)
    parties = {party for award in awards for party in queries.parties_of(award)}
    policy.may_reverse(call.actor, interests, parties).require()


def _detail(row: Reversal) -> dict[str, object]:
    return {"kind": row.kind.value, "award": row.award_id, "run": row.run_id, "content": row.content_hash}
