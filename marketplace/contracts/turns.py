"""Who must act next on a contract that is not in force yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marketplace.contracts.clauses.linter import lint, stopping
from marketplace.contracts.documents.content import document_of, fingerprint, texts_of
from marketplace.contracts.models import Contract, Signature
from marketplace.contracts.workflow import BEFORE_FORCE, ClauseState, Side


class Move(StrEnum):
    """What is waited for."""

    ANSWER = "answer"
    REPAIR = "repair"
    SIGN = "sign"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Turn:
    """``sides`` must make ``move``; for both of them either order will do."""

    move: Move
    sides: frozenset[Side] = frozenset()


def turn_of(contract: Contract, signatures: Iterable[Signature]) -> Turn:
    """Return whose turn it is; ``signatures`` are those under the present document."""
    if contract.state not in BEFORE_FORCE:
        return Turn(Move.NOTHING)
    asked = {c.proposed_by.other for c in contract.clauses if c.state is ClauseState.OPEN and c.proposed_by is not None}
    if asked:
        return Turn(Move.ANSWER, frozenset(asked))
    if stopping(lint(contract.contract_type, texts_of(contract))):
        return Turn(Move.REPAIR, frozenset(Side))
    return Turn(Move.SIGN, frozenset(Side) - {signature.side for signature in signatures})


def present_hash(contract: Contract) -> str:
    """Return the fingerprint of the contract as it stands (for one in force: as it was signed)."""
    return contract.document_hash or fingerprint(document_of(contract))
