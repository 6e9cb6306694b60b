"""Who may see what belongs to an alliance, and who may look after it. ``queries.visible_clause`` says the same in SQL."""

from __future__ import annotations

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.call import STAFF, Actor
from marketplace.kernel.policy import YES, Decision, allow_if


def belongs_to_the_centre(actor: Actor) -> bool:
    """Members of any alliance, and staff."""
    return bool(actor.alliances) or actor.has(*STAFF)


def may_see(actor: Actor, alliance_id: int | None, visibility: Visibility) -> Decision:
    """Public things are everybody's; centre things need membership of any alliance; alliance things need that one."""
    if actor.reads_everything or visibility is Visibility.PUBLIC:
        return YES
    if visibility is Visibility.CENTRE:
        return allow_if(belongs_to_the_centre(actor), "not_found")
    return allow_if(alliance_id in actor.alliances, "not_found")


def may_serve(actor: Actor, alliance_id: int) -> Decision:
    """Admit, refuse and end memberships: the alliance's secretary or a centre officer."""
    return allow_if(actor.is_system or actor.serves(alliance_id), "role_needed")
