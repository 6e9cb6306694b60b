"""Contracts as pages read them: whose turn it is, who pays, what each clause's state allows the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from marketplace.contracts import policy
from marketplace.contracts.clauses.tracked import Piece, changes
from marketplace.contracts.models import Clause, Contract, Milestone, Signature, Source
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.queries import delivery
from marketplace.contracts.turns import Move, Turn, present_hash, turn_of
from marketplace.contracts.workflow import CONTRACT, FIXED, TEAM_OWES, ClauseState, MilestoneState, Side
from marketplace.kernel.call import Actor
from marketplace.web.filters import day, in_language
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
    turn: Turn
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
    signed, coming = queries.signatures_by_contract(contracts), delivery.next_of(contracts)
    return [Row(each, _next(each, signed.get(each.id, []), coming.get(each.id))) for each in contracts]


def overview(actor: Actor, contract: Contract) -> Overview:
    document_hash = present_hash(contract)
    signatures = queries.signatures_of(contract, document_hash)
    pieces = [piece(source) for source in contract.sources]
    may_edit = CONTRACT.allows(contract.state, "edit") and policy.side_of(actor, contract) is not None
    found = turn_of(contract, signatures)
    before_force = CONTRACT.allows(contract.state, "edit")
    step = (
        _sentence(contract, found) if before_force else _ahead(contract, delivery.next_of([contract]).get(contract.id))
    )
    return Overview(step, found, pieces, signatures, document_hash, may_edit)


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


def _next(contract: Contract, signatures: Sequence[Signature], milestone: Milestone | None) -> str:
    """The next step in words: of the text before both have signed, of the milestones after, '' when it is over."""
    if CONTRACT.allows(contract.state, "edit"):
        return turn(contract, signatures)
    return _ahead(contract, milestone)


def _ahead(contract: Contract, milestone: Milestone | None) -> str:
    if not CONTRACT.allows(contract.state, "complete"):
        return ""
    if milestone is None:
        return str(_("Everything is accepted; payments remain."))
    title = milestone.title
    if milestone.state in TEAM_OWES:
        who, by = in_language(contract.institution), day(milestone.due_on)
        return str(_("%(who)s must deliver “%(title)s” by %(day)s", who=who, title=title, day=by))
    if milestone.state is MilestoneState.DELIVERED:
        return str(_("%(who)s must decide on “%(title)s”", who=in_language(contract.enterprise), title=title))
    return str(_("There is a dispute about “%(title)s”", title=title))


def _sentence(contract: Contract, found: Turn) -> str:
    if found.move is Move.NOTHING or not found.sides:
        return label(contract.state)
    names = {Side.ENTERPRISE: in_language(contract.enterprise), Side.TEAM: in_language(contract.institution)}
    who = _(" and ").join(names[side] for side in Side if side in found.sides)
    return str(_("%(who)s %(what)s", who=who, what=label(found.move)))
