"""Who declares, who reads and who decides. A declaration is open to the one who made it and to the centre, to nobody else."""

from __future__ import annotations

from collections.abc import Collection

from marketplace.conflicts.terms import End
from marketplace.conflicts.workflow import EndKind
from marketplace.kernel.call import OWNERS, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no


def may_read_all(actor: Actor) -> Decision:
    """Officers and auditors read every declaration, override and unidentified name."""
    return allow_if(actor.reads_everything, "not_found")


def may_see(actor: Actor, declared_by: int) -> Decision:
    """``declared_by`` is the account that declared the relation."""
    if actor.account is not None and actor.account == declared_by:
        return YES
    return may_read_all(actor)


def may_declare(actor: Actor, near: End) -> Decision:
    """Everybody for oneself, owners for their organisation, officers for anybody on evidence."""
    if actor.has(Role.CENTRE_OFFICER):
        return YES
    if near.kind is EndKind.PERSON:
        return allow_if(actor.person is not None and actor.person == near.id, "conflicts.own_only")
    return allow_if(actor.has_for(near.id, *OWNERS), "conflicts.owners_only")


def may_withdraw(actor: Actor, declared_by: int) -> Decision:
    return allow_if(actor.account is not None and actor.account == declared_by, "conflicts.declarer_only")


def may_decide(actor: Actor, persons: Collection[int]) -> Decision:
    """Confirm, refuse or identify: an officer who is not one of the relation's ``persons``."""
    if not actor.has(Role.CENTRE_OFFICER):
        return no("conflicts.officers_only")
    return allow_if(actor.person not in persons, "conflicts.about_you")


def may_override(actor: Actor, persons: Collection[int]) -> Decision:
    """Propose or approve an override: officers whom the link does not touch; that they are two is held by ``approvals``."""
    return may_decide(actor, persons)
