"""Who may decide about accounts and roles."""

from __future__ import annotations

from marketplace.accounts.models import Account
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.policy import Decision, allow_if, no


def may_administer(actor: Actor) -> Decision:
    """Administrators see people, propose roles and decide on them."""
    return allow_if(actor.is_system or actor.has(Role.ADMINISTRATOR), "accounts.administrators_only")


def may_suspend(actor: Actor, account: Account) -> Decision:
    """Administrators, though nobody locks out himself."""
    if actor.person is not None and actor.person == account.person_id:
        return no("accounts.not_yourself")
    return may_administer(actor)


def may_propose(actor: Actor, account: Account) -> Decision:
    """Administrators, though nobody proposes a role for himself."""
    if actor.person is not None and actor.person == account.person_id:
        return no("accounts.not_yourself")
    return may_administer(actor)


def may_decide(actor: Actor, account: Account) -> Decision:
    """A second administrator, who neither proposed it (approvals sees to that) nor gains by it."""
    return may_propose(actor, account)
