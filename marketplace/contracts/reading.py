"""Contracts as pages read them: whose turn it is, who pays, what each clause's state allows the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from marketplace.contracts import policy
from marketplace.contracts.clauses.tracked import Piece, changes
from marketplace.contracts.models import Clause, Contract, Signature, Source
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.turns import Move, Turn, present_hash, turn_of
from marketplace.contracts.workflow import CONTRACT, FIXED, ClauseState, Side
from marketplace.kernel.call import Actor
from marketplace.web.filters import in_language
from marketplace.web.words import label


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    contract: Contract
    next: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the contract's first page says: the next step in words, the funding bar's pieces, who signed."""

    next: str
    pieces: list[tuple[str, str, int]]
    signatures: list[Signature]
    document_hash: str
    may_edit: bool


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with the other side's wish as tracked changes; ``may_edit`` and ``must_answer`` are the reader's."""

    clause: Clause
    pieces: list[Piece]
    may_edit: bool
    must_answer: bool


def turn(contract: Contract, signatures: Sequence[Signature] | None = None) -> str:
    """Return the sentence that says who must act; ``signatures`` are all of the contract's, where they are known."""
    if not CONTRACT.allows(contract.state, "edit"):
        return label(contract.state)
    document_hash = present_hash(contract)
    if signatures is None:
        signatures = queries.signatures_of(contract, document_hash)
    return _sentence(contract, turn_of(contract, [s for s in signatures if s.document_hash == document_hash]))


def rows(contracts: Sequence[Contract]) -> list[Row]:
    signed = queries.signatures_by_contract(contracts)
    return [Row(contract, turn(contract, signed.get(contract.id, []))) for contract in contracts]


def overview(actor: Actor, contract: Contract) -> Overview:
    document_hash = present_hash(contract)
    signatures = queries.signatures_of(contract, document_hash)
    pieces = [piece(source) for source in contract.sources]
    may_edit = CONTRACT.allows(contract.state, "edit") and policy.side_of(actor, contract) is not None
    return Overview(turn(contract, signatures), pieces, signatures, document_hash, may_edit)


def piece(source: Source) -> tuple[str, str, int]:
    """(kind, name, fen) for the funding bar."""
    if source.fund is None:
        return "own", _("Enterprise's own money"), source.amount
    return source.fund.kind.value, in_language(source.fund), source.amount


def clause_row(actor: Actor, contract: Contract, clause: Clause) -> ClauseRow:
    side = policy.side_of(actor, contract)
    editable = CONTRACT.allows(contract.state, "edit") and side is not None and clause.kind not in FIXED
    is_open = clause.state is ClauseState.OPEN
    return ClauseRow(
        clause=clause,
        pieces=changes(clause.text, clause.proposed_text) if is_open else [],
        may_edit=editable,
        must_answer=editable and is_open and clause.proposed_by is not side,
    )


def _sentence(contract: Contract, found: Turn) -> str:
    if found.move is Move.NOTHING or not found.sides:
        return label(contract.state)
    names = {Side.ENTERPRISE: in_language(contract.enterprise), Side.TEAM: in_language(contract.institution)}
    who = _(" and ").join(names[side] for side in Side if side in found.sides)
    return str(_("%(who)s %(what)s", who=who, what=label(found.move)))
