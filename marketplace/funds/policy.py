"""Who may see funds, set their rules and bring money in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.funds.workflow import FundState
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if

if TYPE_CHECKING:
    from marketplace.funds.models import Fund


def sees_all(actor: Actor) -> bool:
    """Officers, auditors and fund managers see every fund, drafts included."""
    return actor.reads_everything or actor.has(Role.FUND_MANAGER)


def may_see(actor: Actor, fund: Fund) -> Decision:
    """Centre-wide funds are for everybody signed in, an alliance's fund for that alliance; drafts for those who manage."""
    if sees_all(actor):
        return YES
    mine = not actor.is_visitor if fund.alliance_id is None else fund.alliance_id in actor.alliances
    return allow_if(mine and fund.state is not FundState.DRAFT, "not_found")


def may_see_parties(actor: Actor) -> Decision:
    """Whose order a movement was for, and its memo, are for staff only."""
    return allow_if(sees_all(actor), "role_needed")


def may_manage(actor: Actor) -> Decision:
    """Set rules, open and close."""
    return allow_if(actor.is_system or actor.has(Role.FUND_MANAGER), "funds.managers_only")


def may_contribute(actor: Actor) -> Decision:
    """Propose and decide on money coming in: two natural persons, each a fund manager or an officer."""
    return allow_if(actor.has(Role.FUND_MANAGER, Role.CENTRE_OFFICER), "funds.staff_only")
