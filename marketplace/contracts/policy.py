"""Who may read a contract, write its text and sign it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.contracts.workflow import Side
from marketplace.kernel.call import ENTERPRISE, OWNERS, UNIVERSITY, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no

if TYPE_CHECKING:
    from marketplace.contracts.models import Contract

TEAM_WIDE = UNIVERSITY - {Role.TEAM_LEAD}


def sides_of(actor: Actor, contract: Contract) -> frozenset[Side]:
    """Return the parties that ``actor`` acts for; more than one is a conflict of interest, and then none counts."""
    found = set()
    if actor.has_for(contract.enterprise_id, *ENTERPRISE):
        found.add(Side.ENTERPRISE)
    if actor.has_for(contract.institution_id, *TEAM_WIDE) or contract.team_id in actor.teams:
        found.add(Side.TEAM)
    return frozenset(found)


def side_of(actor: Actor, contract: Contract) -> Side | None:
    """Return the one party that ``actor`` acts for."""
    sides = sides_of(actor, contract)
    return next(iter(sides)) if len(sides) == 1 else None


def may_see(actor: Actor, contract: Contract) -> Decision:
    """The parties, the centre's readers, the alliance's secretary, and those who manage the money."""
    staff = actor.reads_everything or actor.has(Role.FUND_MANAGER) or actor.serves(contract.alliance_id)
    return allow_if(bool(staff or sides_of(actor, contract)), "not_found")


def may_draft(actor: Actor, contract_parties: tuple[int, int, int], alliance_id: int) -> Decision:
    """The system, the staff who serve the alliance, and either party: (enterprise, institution, team)."""
    enterprise, institution, team = contract_parties
    party = actor.has_for(enterprise, *ENTERPRISE) or actor.has_for(institution, *TEAM_WIDE) or team in actor.teams
    return allow_if(actor.is_system or actor.serves(alliance_id) or party, "not_found")


def may_negotiate(actor: Actor, contract: Contract) -> Decision:
    """Either party, by people who act for one of them only."""
    sides = sides_of(actor, contract)
    if len(sides) > 1:
        return no("contracts.both_sides")
    return allow_if(bool(sides), "contracts.parties_only")


def may_sign(actor: Actor, contract: Contract) -> Decision:
    """Owners only: a research group needs its institution's authorisation (SPC interpretation, article 7)."""
    if not (decision := may_negotiate(actor, contract)):
        return decision
    if actor.person is None:
        return no("approvals.no_person")
    organisation = contract.enterprise_id if side_of(actor, contract) is Side.ENTERPRISE else contract.institution_id
    return allow_if(actor.has_for(organisation, *OWNERS), "contracts.signatories_only")


def may_abandon(actor: Actor, contract: Contract) -> Decision:
    """An authorised signatory of either party, or an officer."""
    return YES if actor.has(Role.CENTRE_OFFICER) else may_sign(actor, contract)


def may_deliver(actor: Actor, contract: Contract) -> Decision:
    """Whoever acts for the institution, and for it alone."""
    if not (decision := may_negotiate(actor, contract)):
        return decision
    return allow_if(side_of(actor, contract) is Side.TEAM, "contracts.team_only")


def may_accept(actor: Actor, contract: Contract) -> Decision:
    """An owner of the enterprise: acceptance calls money."""
    if not (decision := may_sign(actor, contract)):
        return decision
    return allow_if(side_of(actor, contract) is Side.ENTERPRISE, "contracts.enterprise_only")


def may_appoint(actor: Actor, contract: Contract) -> Decision:
    """Officers and the alliance's secretary name experts, unless they act for a party."""
    return allow_if(actor.serves(contract.alliance_id) and not sides_of(actor, contract), "contracts.staff_only")


def may_deem(actor: Actor) -> Decision:
    return allow_if(actor.is_system, "contracts.clock_only")


def may_check(actor: Actor, interests: frozenset[int], contract: Contract) -> Decision:
    """The first of two: an officer of the centre without a part in the parties."""
    if not actor.has(Role.CENTRE_OFFICER):
        return no("contracts.officers_only")
    return _without_interest(interests, contract)


def may_approve(actor: Actor, interests: frozenset[int], contract: Contract) -> Decision:
    """The second of two: a fund manager; that it is another natural person is held by ``approvals``."""
    if not actor.has(Role.FUND_MANAGER):
        return no("contracts.managers_only")
    return _without_interest(interests, contract)


def may_handle_bank(actor: Actor) -> Decision:
    """Officers and fund managers send payment orders and read the bank's answer."""
    return allow_if(actor.has(Role.CENTRE_OFFICER, Role.FUND_MANAGER), "contracts.staff_only")


def _without_interest(interests: frozenset[int], contract: Contract) -> Decision:
    return allow_if(not interests & {contract.enterprise_id, contract.institution_id}, "contracts.own_interest")
