"""Setting up a round."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, cast, func, select

from marketplace.alliances.models import Alliance
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid
from marketplace.kernel.marks import require_read
from marketplace.kernel.money import BASIS
from marketplace.rounds import policy, queries
from marketplace.rounds.models import Round
from marketplace.rounds.terms import MAX_SECONDS, MAX_WEIGHT, MIN_SECONDS, RoundTerms
from marketplace.rounds.workflow import ROUND, Part, RoundState
from marketplace.web.filters import CITY

MOST_FLOOR = 100_000


@use_case
def create_round(call: Call, terms: RoundTerms) -> Round:
    """An officer, or a secretary for the own alliance, opens a round."""
    policy.may_run(call.actor, terms.alliance_id).require()
    row = Round(
        reference=_next_reference(call),
        alliance_id=terms.alliance_id,
        state=RoundState.OPEN,
        created_by=call.actor.account,
        created_at=call.now,
    )
    _write(row, terms)
    db.session.add(row)
    db.session.flush()
    audit.record(call, "rounds.create", "round", row.id, _detail(row))
    return row


@use_case
def edit_round(call: Call, round_id: int, terms: RoundTerms, seen: str = "") -> Round:
    """Weights and rules change for the runs to come; runs that exist keep what they were solved with.

    ``seen`` marks what the writer's page showed: Conflict ``saved_meanwhile`` when a colleague has saved since.
    """
    row = queries.get_round(call, round_id)
    policy.may_run(call.actor, row.alliance_id).require()
    ROUND.require(row.state, "close")  # only an open round can still change
    if terms.alliance_id != row.alliance_id:
        raise Invalid("rounds.alliance_stays", field="alliance_id")
    before = queries.settings_mark(row)
    _write(row, terms)
    require_read(seen, before, queries.settings_mark(row))
    audit.record(call, "rounds.edit", "round", row.id, _detail(row))
    return row


@use_case
def close_round(call: Call, round_id: int) -> Round:
    """The round is over: enterprises whose orders got nothing may read why."""
    row = queries.get_round(call, round_id)
    policy.may_run(call.actor, row.alliance_id).require()
    row.state = ROUND.require(row.state, "close")
    audit.record(call, "rounds.close", "round", row.id, {"reference": row.reference})
    return row


@use_case
def reopen_round(call: Call, round_id: int, reason: str) -> Round:
    row = queries.get_round(call, round_id)
    policy.may_run(call.actor, row.alliance_id).require()
    row.state = ROUND.require(row.state, "reopen")
    audit.record(call, "rounds.reopen", "round", row.id, {"reference": row.reference, "reason": reason})
    return row


def _write(row: Round, terms: RoundTerms) -> None:
    _check(terms)
    row.title = terms.title.strip()
    row.weights = {part.value: terms.weights.get(part, 0) for part in Part}
    row.rules = {
        "public_share_max": terms.public_share_max,
        "at_least": [{"group": group, "matched": n} for group, n in sorted(terms.at_least.items()) if n],
        "time_limit": terms.time_limit,
    }


def _check(terms: RoundTerms) -> None:
    if not terms.title.strip():
        raise Invalid("rounds.title_needed", field="title")
    if any(not 0 <= weight <= MAX_WEIGHT for weight in terms.weights.values()) or not any(terms.weights.values()):
        raise Invalid("rounds.weights", {"most": MAX_WEIGHT})
    if terms.public_share_max is not None and not 0 <= terms.public_share_max <= BASIS:
        raise Invalid("rounds.share_range", field="public_share_max")
    if not MIN_SECONDS <= terms.time_limit <= MAX_SECONDS:
        raise Invalid("rounds.time_limit", {"least": MIN_SECONDS, "most": MAX_SECONDS}, field="time_limit")
    codes = {f"alliance:{code}" for code in db.session.scalars(select(Alliance.code))}
    for group, matched in terms.at_least.items():
        if group not in codes | {"sme", "first_timer"} or not 0 <= matched <= MOST_FLOOR:
            raise Invalid("rounds.floor", {"group": group})


def _detail(row: Round) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "alliance": row.alliance_id,
        "weights": dict(row.weights),
        "rules": dict(row.rules),
    }


def _next_reference(call: Call) -> str:
    """MR-2027-001: counted per year; a racing second officer is stopped by the unique constraint."""
    prefix = f"MR-{call.now.astimezone(CITY).year}-"
    serial = cast(func.substr(Round.reference, len(prefix) + 1), Integer)
    highest = db.session.scalar(select(func.max(serial)).where(Round.reference.like(f"{prefix}%"))) or 0
    return f"{prefix}{highest + 1:03d}"
