"""What the parties sign: everything the contract says, as plain values with one fingerprint."""

from __future__ import annotations

from typing import Any

from marketplace.approvals.service import content_hash
from marketplace.contracts.clauses.filling import title_of
from marketplace.contracts.models import Contract
from marketplace.contracts.terms import PlanStep
from marketplace.contracts.workflow import ClauseKind
from marketplace.kernel import money
from marketplace.orders.workflow import ContractType

FORMAT = "tripool-contract/1"
OWN = ("企业自筹资金", "Enterprise's own money")


def document_of(contract: Contract) -> dict[str, Any]:
    """Return the contract as it stands now; what was signed is returned as it was signed."""
    if contract.document_hash and contract.document is not None:
        return contract.document
    steps = plan_of(contract)
    amounts = money.split(contract.price, [step.share for step in steps])
    return {
        "format": FORMAT,
        "edition": contract.edition,
        "reference": contract.reference,
        "order": contract.order.reference,
        "type": contract.contract_type.value,
        "name": title_of(contract.contract_type),
        "title": contract.title,
        "title_en": contract.title_en,
        "party_a": _party(contract.enterprise),
        "party_b": _party(contract.institution),
        "team": [contract.team.name, contract.team.name_en],
        "price": contract.price,
        "technology_value": contract.technology_value,
        "retention": contract.retention,
        "training_places": contract.training_places,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
        "sources": [[*_source(source.fund), source.amount] for source in contract.sources],
        "plan": [{**step.as_json(), "amount": amount} for step, amount in zip(steps, amounts, strict=True)],
        "clauses": [[clause.kind.value, clause.text] for clause in contract.clauses],
    }


def fingerprint(document: dict[str, Any]) -> str:
    return content_hash(document)


def plan_of(contract: Contract) -> list[PlanStep]:
    """Return the milestones that stand in the plan's clause."""
    clause = next(clause for clause in contract.clauses if clause.kind is ClauseKind.PLAN)
    return [PlanStep.from_json(step) for step in clause.plan or []]


def texts_of(contract: Contract) -> dict[ClauseKind, str]:
    return {clause.kind: clause.text for clause in contract.clauses}


def type_of(document: dict[str, Any]) -> ContractType:
    return ContractType(document["type"])


def _party(organisation: Any) -> list[str]:
    return [organisation.name, organisation.name_en, organisation.uscc]


def _source(fund: Any) -> tuple[str, str]:
    return OWN if fund is None else (fund.name, fund.name_en)
