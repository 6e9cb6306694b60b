"""Reads of contracts, their clauses and signatures."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.contracts.models import Clause, ClauseVersion, Contract, Signature, Source
from marketplace.contracts.policy import TEAM_WIDE
from marketplace.contracts.workflow import ClauseKind, ContractState, Side
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID, served_alliances
from marketplace.orders.workflow import OrderState
from marketplace.rounds.models import Proposal
from marketplace.rounds.workflow import ProposalState


def visible_to(actor: Actor) -> Select[Contract]:
    """Return the contracts ``actor`` may see: the same rule as ``policy.may_see``."""
    return select(Contract).where(visible_clause(actor))


def visible_clause(actor: Actor) -> ColumnElement[bool]:
    if actor.reads_everything or actor.has(Role.FUND_MANAGER):
        return true()
    return or_(
        Contract.enterprise_id.in_(_organisations(actor, ENTERPRISE)),
        Contract.institution_id.in_(_organisations(actor, TEAM_WIDE)),
        Contract.team_id.in_(sorted(actor.teams)),
        Contract.alliance_id.in_(served_alliances(actor)),
    )


def _organisations(actor: Actor, roles: frozenset[Role]) -> list[int]:
    return sorted({g.organisation for g in actor.grants if g.organisation is not None and g.role in roles})


_PARTIES = (
    joinedload(Contract.enterprise),
    joinedload(Contract.institution),
    joinedload(Contract.team),
    joinedload(Contract.order),
    selectinload(Contract.sources).joinedload(Source.fund),
)


def get_contract(call: Call, contract_id: int, *, lock: bool = False) -> Contract:
    """Return a contract with parties, sources and clauses; ``lock`` holds its row until the end of the use case.

    All writes about one contract stand in line at this row. Raises NotFound for missing and for invisible ones alike.
    """
    if not 0 < contract_id <= MAX_ID:
        raise NotFound("contract")
    query = visible_to(call.actor).where(Contract.id == contract_id)
    if lock:
        held = db.session.scalar(query.with_for_update(of=Contract).execution_options(populate_existing=True))
        if held is None:
            raise NotFound("contract")
    query = query.options(*_PARTIES, selectinload(Contract.clauses)).execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("contract")
    return row


def list_contracts(actor: Actor) -> Select[Contract]:
    """Return the actor's contracts, the latest change first."""
    return (
        visible_to(actor)
        .options(*_PARTIES, selectinload(Contract.clauses))
        .order_by(Contract.changed_at.desc(), Contract.id.desc())
    )


def get_clause(call: Call, contract_id: int, kind: ClauseKind) -> Clause:
    """Return one clause of a visible contract with its history; raises NotFound."""
    contract = get_contract(call, contract_id)
    row = db.session.scalar(
        select(Clause)
        .where(Clause.contract_id == contract.id, Clause.kind == kind)
        .options(selectinload(Clause.versions).joinedload(ClauseVersion.account))
    )
    if row is None:
        raise NotFound("clause")
    return row


def signatures_of(contract: Contract, document_hash: str) -> list[Signature]:
    """Return the signatures under exactly this document, the first first."""
    query = select(Signature).where(Signature.contract_id == contract.id, Signature.document_hash == document_hash)
    return list(db.session.scalars(query.order_by(Signature.id)))


def signatures_by_contract(contracts: Sequence[Contract]) -> dict[int, list[Signature]]:
    """Return every signature of these contracts, in one statement."""
    found: dict[int, list[Signature]] = {}
    query = select(Signature).where(Signature.contract_id.in_([row.id for row in contracts])).order_by(Signature.id)
    for row in db.session.scalars(query):
        found.setdefault(row.contract_id, []).append(row)
    return found


def contract_of_order(order_id: int) -> Contract | None:
    """Return the order's contract; the newest, where earlier ones were given up."""
    query = select(Contract).where(Contract.order_id == order_id).order_by(Contract.id.desc()).limit(1)
    return db.session.scalar(query)


def lock_order(contract: Contract) -> Order:
    """Return the contract's order with its row locked: a party may move it along whatever its visibility is."""
    query = select(Order).where(Order.id == contract.order_id).with_for_update(of=Order)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def award_of(order_id: int) -> Proposal | None:
    """Return the approved match of an order."""
    query = select(Proposal).where(Proposal.order_id == order_id, Proposal.state == ProposalState.APPROVED)
    return db.session.scalar(query)


def orders_to_draft(*, most: int = 50) -> Sequence[int]:
    """Return the orders that may have a contract and have none yet, the longest waiting first."""
    awarded = select(Proposal.order_id).where(Proposal.state == ProposalState.APPROVED, Proposal.bid_id.is_not(None))
    query = (
        select(Order.id)
        .where(
            Order.state == OrderState.CONTRACTING,
            Order.id.in_(awarded),
            Order.id.not_in(select(Contract.order_id).where(Contract.state != ContractState.ABANDONED)),
        )
        .order_by(Order.changed_at, Order.id)
        .limit(most)
    )
    return db.session.scalars(query).all()


def correspondents(contract: Contract, *sides: Side) -> list[tuple[str, str]]:
    """(e-mail, language) of the active accounts that act for these parties (both when none is named)."""
    found = []
    for side in sides or tuple(Side):
        if side is Side.ENTERPRISE:
            whose = AccountGrant.organisation_id == contract.enterprise_id
        else:
            own_team = or_(AccountGrant.team_id == contract.team_id, AccountGrant.team_id.is_(None))
            whose = (AccountGrant.organisation_id == contract.institution_id) & own_team
        rows = db.session.execute(
            select(Account.email, Account.locale)
            .join(AccountGrant, AccountGrant.account_id == Account.id)
            .where(
                whose,
                AccountGrant.role.in_([Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER, Role.TEAM_LEAD]),
                AccountGrant.state == GrantState.ACTIVE,
                Account.state == AccountState.ACTIVE,
            )
            .distinct()
            .order_by(Account.email)
        )
        found += [(email, locale) for email, locale in rows]
    return found


def is_visible(call: Call, contract_id: int) -> bool:
    """Return whether the caller may open the contract itself; an expert sees only the milestone."""
    query = select(Contract.id).where(Contract.id == contract_id, visible_clause(call.actor))
    return db.session.scalar(query) is not None
