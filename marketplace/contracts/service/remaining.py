"""What remains: students trained together, results declared, and each side's word about the other."""

from __future__ import annotations

from datetime import date

from marketplace.audit import service as audit
from marketplace.contracts import mail, policy, results
from marketplace.contracts.models import Contract, Rating, Result, Training
from marketplace.contracts.queries import contracts, remaining
from marketplace.contracts.terms import RatingTerms, ResultTerms, TrainingTerms
from marketplace.contracts.workflow import CONTRACT, SIGNED, TRAINING, ContractState, Side
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid

SCORES = range(1, 6)


@use_case
def start_training(call: Call, contract_id: int, terms: TrainingTerms) -> Training:
    """A student begins, with a mentor on either side."""
    contract, _side = _signed(call, contract_id)
    row = Training(
        contract_id=contract.id,
        student=terms.student,
        level=terms.level,
        topic=terms.topic,
        mentor_enterprise=terms.mentor_enterprise,
        mentor_institution=terms.mentor_institution,
        starts_on=terms.starts_on,
        created_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "contracts.start_training", "training", row.id, {"contract": contract.id})
    return row


@use_case
def end_training(call: Call, training_id: int, finished: bool, ended_on: date, now: str) -> Training:
    """The student has finished (or left), and what the person does now."""
    row = remaining.get_training(call, training_id)
    _signed(call, row.contract_id)
    if ended_on < row.starts_on:
        raise Invalid("contracts.training_days", field="ended_on")
    row.state = TRAINING.require(row.state, "finish" if finished else "leave")
    row.ended_on, row.now = ended_on, now.strip()
    audit.record(call, "contracts.end_training", "training", row.id, {"finished": finished})
    return row


@use_case
def declare_result(call: Call, contract_id: int, terms: ResultTerms) -> Result:
    """A party declares what came out of the work; declarations stay, and a numbered application comes into the register."""
    contract, side = _signed(call, contract_id)
    row = Result(
        contract_id=contract.id,
        kind=terms.kind,
        title=terms.title,
        number=terms.number,
        on=terms.on,
        holder=terms.holder,
        declared_by=side,
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    patent = results.register(call, contract, row)
    detail = {"contract": contract.id, "kind": row.kind.value, "patent": patent.id if patent else None}
    audit.record(call, "contracts.declare_result", "result", row.id, detail)
    mail.tell(call, contract, "contract_result", side.other)
    return row


@use_case
def rate(call: Call, contract_id: int, terms: RatingTerms) -> Rating:
    """After the end, each side says once how the other has worked, with reasons."""
    contract, side = _signed(call, contract_id)
    if contract.state not in {ContractState.COMPLETED, ContractState.TERMINATED}:
        raise Conflict("contracts.not_over")
    policy.may_sign(call.actor, contract).require()
    if any(score not in SCORES for score in (terms.quality, terms.timeliness, terms.cooperation)):
        raise Invalid("contracts.score", field="quality")
    if not terms.reasons.strip():
        raise Invalid("contracts.reasons_needed", field="reasons")
    if any(row.side is side for row in remaining.ratings_of(contract)):
        raise Conflict("contracts.rated_already")
    row = Rating(
        contract_id=contract.id,
        side=side,
        quality=terms.quality,
        timeliness=terms.timeliness,
        cooperation=terms.cooperation,
        reasons=terms.reasons.strip(),
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "contracts.rate", "rating", row.id, {"contract": contract.id, "side": side.value})
    return row


def _signed(call: Call, contract_id: int) -> tuple[Contract, Side]:
    contract = contracts.get_contract(call, contract_id, lock=True)
    policy.may_negotiate(call.actor, contract).require()
    if contract.state not in SIGNED:
        CONTRACT.require(contract.state, "complete")
    side = policy.side_of(call.actor, contract)
    assert side is not None  # may_negotiate holds it
    return contract, side
