"""Two sides and one text: each clause is asked for, countered, accepted or taken back, and every step of it is kept."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.contracts import mail, policy
from marketplace.contracts.clauses.filling import plan_text
from marketplace.contracts.models import Clause, ClauseVersion, Contract
from marketplace.contracts.planning import require_sound
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.terms import ClauseTerms
from marketplace.contracts.workflow import CLAUSE, CONTRACT, FIXED, ClauseKind, ClauseState, ClauseStep, Side
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound, Stale
from marketplace.organisations.facts import REGIONS

LONGEST = 8000


@use_case
def propose_clause(call: Call, contract_id: int, kind: ClauseKind, terms: ClauseTerms, seen: int) -> Clause:
    """Ask for another text, or answer the other side's text with one's own; signatures under the old text are void."""
    contract, side = _negotiating(call, contract_id)
    clause = _clause(contract, kind, seen)
    if kind in FIXED:
        raise Conflict("contracts.fixed_clause")
    text, plan = _wanted(contract, kind, terms)
    if text == clause.text and clause.state is ClauseState.STANDING:
        raise Invalid("contracts.same_text", field="text")
    countering = clause.state is ClauseState.OPEN and clause.proposed_by is not side
    clause.state = CLAUSE.require(clause.state, "propose" if clause.state is ClauseState.STANDING else "counter")
    clause.proposed_by, clause.proposed_text, clause.proposed_plan = side, text, plan
    _note(call, clause, ClauseStep.COUNTERED if countering else ClauseStep.PROPOSED, side, text, terms.note)
    _touch(call, contract)
    _record(call, "contracts.propose_clause", contract, clause)
    mail.tell(call, contract, "contract_clause", side.other)
    return clause


@use_case
def accept_clause(call: Call, contract_id: int, kind: ClauseKind, seen: int) -> Clause:
    """Agree to the text that the other side asks for: from now on it stands."""
    contract, side = _negotiating(call, contract_id)
    clause = _clause(contract, kind, seen)
    target = CLAUSE.require(clause.state, "accept")
    if clause.proposed_by is side:
        raise Conflict("contracts.own_proposal")
    clause.text = clause.proposed_text
    if clause.proposed_plan is not None:
        clause.plan = clause.proposed_plan
    _close(clause)
    clause.state = target
    _note(call, clause, ClauseStep.ACCEPTED, side, clause.text, "")
    _touch(call, contract)
    _record(call, "contracts.accept_clause", contract, clause)
    mail.tell(call, contract, "contract_clause", side.other)
    return clause


@use_case
def withdraw_clause(call: Call, contract_id: int, kind: ClauseKind, seen: int) -> Clause:
    """Take one's own wish back: the old text stands. (Who is asked and disagrees counters, if need be with the old text.)"""
    contract, side = _negotiating(call, contract_id)
    clause = _clause(contract, kind, seen)
    target = CLAUSE.require(clause.state, "withdraw")
    if clause.proposed_by is not side:
        raise Conflict("contracts.not_own_proposal")
    _close(clause)
    clause.state = target
    _note(call, clause, ClauseStep.WITHDRAWN, side, clause.text, "")
    _touch(call, contract)
    _record(call, "contracts.withdraw_clause", contract, clause)
    return clause


@use_case
def set_particulars(call: Call, contract_id: int, technology_value: int, training_places: int) -> Contract:
    """Say how much of the price is technology (for the registration) and how many students are trained."""
    contract, side = _negotiating(call, contract_id)
    if not 0 <= technology_value <= contract.price:
        raise Invalid("contracts.technology_value", field="technology_value")
    if not 0 <= training_places <= 100:
        raise Invalid("contracts.training_places", field="training_places")
    contract.technology_value, contract.training_places = technology_value, training_places
    _touch(call, contract)
    detail = {"technology_value": technology_value, "training_places": training_places}
    audit.record(call, "contracts.set_particulars", "contract", contract.id, detail)
    mail.tell(call, contract, "contract_clause", side.other)
    return contract


def _negotiating(call: Call, contract_id: int) -> tuple[Contract, Side]:
    contract = queries.get_contract(call, contract_id, lock=True)
    policy.may_negotiate(call.actor, contract).require()
    CONTRACT.require(contract.state, "edit")
    side = policy.side_of(call.actor, contract)
    assert side is not None  # may_negotiate holds it
    return contract, side


def _clause(contract: Contract, kind: ClauseKind, seen: int) -> Clause:
    """The clause as the reader saw it; somebody else's step in between is Stale."""
    clause = db.session.scalar(
        select(Clause)
        .where(Clause.contract_id == contract.id, Clause.kind == kind)
        .execution_options(populate_existing=True)
    )
    if clause is None:
        raise NotFound("clause")
    if clause.version != seen:
        raise Stale
    return clause


def _wanted(contract: Contract, kind: ClauseKind, terms: ClauseTerms) -> tuple[str, list[object] | None]:
    """The text asked for: as typed, or made from the plan."""
    if kind is ClauseKind.PLAN:
        require_sound(terms.plan, contract.starts_on, contract.ends_on)
        region = REGIONS.get(contract.enterprise.region)
        text = plan_text(terms.plan, contract.price, region.name if region else "甲方所在地")
        return text, [step.as_json() for step in terms.plan]
    text = terms.text.strip()
    if not text:
        raise Invalid("contracts.empty_text", field="text")
    if len(text) > LONGEST:
        raise Invalid("contracts.long_text", {"most": LONGEST}, field="text")
    return text, None


def _close(clause: Clause) -> None:
    clause.proposed_by, clause.proposed_text, clause.proposed_plan = None, "", None


def _note(call: Call, clause: Clause, step: ClauseStep, side: Side, text: str, note: str) -> None:
    version = ClauseVersion(
        clause_id=clause.id,
        number=len(clause.versions) + 1,
        step=step,
        side=side,
        text=text,
        note=note.strip(),
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(version)


def _touch(call: Call, contract: Contract) -> None:
    """The document is another one from here on, so whatever was signed is not this."""
    contract.state = CONTRACT.require(contract.state, "edit")
    contract.edition += 1
    contract.changed_at = call.now


def _record(call: Call, command: str, contract: Contract, clause: Clause) -> None:
    """The journal keeps which clause moved, not what it says."""
    audit.record(call, command, "contract", contract.id, {"clause": clause.kind.value, "edition": contract.edition})
