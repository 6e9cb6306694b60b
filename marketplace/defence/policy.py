"""Who may read and do what in a defence. Each wall has a canary test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.kernel.call import OWNERS, Actor
from marketplace.kernel.policy import Decision, allow_if

if TYPE_CHECKING:
    from marketplace.defence.models import DefenceCase, Threat


def may_act_for(actor: Actor, organisation_id: int) -> Decision:
    return allow_if(actor.is_system or actor.has_for(organisation_id, *OWNERS), "defence.owners_only")


def may_see_threat(actor: Actor, threat: Threat) -> Decision:
    """The member that reported it, the alliance's secretary and the centre's readers; never another member."""
    own = threat.organisation_id in actor.organisations
    return allow_if(own or actor.reads_everything or actor.serves(threat.alliance_id), "not_found")


def may_serve(actor: Actor, alliance_id: int) -> Decision:
    return allow_if(actor.serves(alliance_id), "defence.staff_only")


def may_see_case(actor: Actor, case: DefenceCase) -> Decision:
    """That a case exists is for the alliance's members: they may be exposed as well."""
    allowed = actor.reads_everything or actor.serves(case.alliance_id) or case.alliance_id in actor.alliances
    return allow_if(allowed, "not_found")


def may_read_counsel(actor: Actor, case: DefenceCase) -> Decision:
    """Counsel's papers stand behind a wall: for those who joined and the staff."""
    joined = {member.organisation_id for member in case.members}
    return allow_if(bool(joined & actor.organisations) or actor.serves(case.alliance_id), "hidden")


def may_see_weights(actor: Actor, case: DefenceCase, organisation_id: int) -> Decision:
    """Products and revenue are the member's own secret; the staff needs them to share the cost."""
    return allow_if(organisation_id in actor.organisations or actor.serves(case.alliance_id), "hidden")
