"""Who may see patents and their deadlines, and who may write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.kernel.call import ENTERPRISE, OWNERS, UNIVERSITY, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.patents.workflow import EventKind

if TYPE_CHECKING:
    from marketplace.patents.models import Patent

MEMBERS = ENTERPRISE | UNIVERSITY


def may_see(actor: Actor, patent: Patent) -> Decision:
    """What its office disclosed is public; an application before that is for its owner and for the centre's readers."""
    if patent.is_public or actor.reads_everything:
        return YES
    return allow_if(patent.owner_id in actor.organisations, "not_found")


def may_register(actor: Actor, organisation_id: int) -> Decision:
    """Owners of a member organisation write what it owns; the centre may do it for them."""
    allowed = actor.is_system or actor.has(Role.CENTRE_OFFICER) or actor.has_for(organisation_id, *OWNERS)
    return allow_if(allowed, "patents.owners_only")


def may_change(actor: Actor, patent: Patent) -> Decision:
    """As for registering; what was sold to somebody outside is only the centre's to correct."""
    if patent.sold_on is not None and not actor.has(Role.CENTRE_OFFICER):
        return no("patents.sold")
    return may_register(actor, patent.owner_id)


def may_note(actor: Actor, patent: Patent, kind: EventKind | None = None) -> Decision:
    """As for changing; who sold an undisclosed application may still note its publication, for promises wait for that day."""
    discloses = kind in {None, EventKind.PUBLISH, EventKind.GRANT}
    if patent.sold_on is not None and not patent.is_public and discloses:
        return may_register(actor, patent.owner_id)
    return may_change(actor, patent)


def may_see_calendar(actor: Actor, organisation_id: int) -> Decision:
    """Deadlines, fees and inventors' shares are the owner's business: its people, and the centre's readers."""
    return allow_if(actor.reads_everything or organisation_id in actor.organisations, "not_found")
