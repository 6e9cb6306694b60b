"""Who may ask for, agree, sign, account for and read licences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.kernel.call import OWNERS, Actor, Role
from marketplace.kernel.policy import Decision, allow_if, no
from marketplace.licences.workflow import Side

if TYPE_CHECKING:
    from marketplace.licences.models import Licence, OpenLicence
    from marketplace.patents.models import Patent

CASHIERS = frozenset({Role.FUND_MANAGER, Role.CENTRE_OFFICER})


def may_see(actor: Actor, licence: Licence) -> Decision:
    """The two sides, the secretary of the pool, and the centre's readers; prices never reach another member."""
    return allow_if(actor.reads_everything or bool(sides(actor, licence)) or _manages_money(actor), "not_found")


def may_ask(actor: Actor, organisation_id: int) -> Decision:
    return allow_if(actor.is_system or actor.has_for(organisation_id, *OWNERS), "licences.owners_only")


def sides(actor: Actor, licence: Licence) -> set[Side]:
    """The sides an actor belongs to."""
    found = set()
    if licence.licensee_id in actor.organisations:
        found.add(Side.LICENSEE)
    own = licence.licensor_id is not None and licence.licensor_id in actor.organisations
    if own or (licence.alliance_id is not None and actor.serves(licence.alliance_id)):
        found.add(Side.LICENSOR)
    return found


def may_act_for(actor: Actor, licence: Licence, side: Side) -> Decision:
    """Owners speak for an organisation; the secretary or an officer speaks for a pool."""
    if side is Side.LICENSEE:
        return may_ask(actor, licence.licensee_id)
    if licence.licensor_id is not None:
        return may_ask(actor, licence.licensor_id)
    return allow_if(actor.serves(licence.alliance_id), "licences.pool_staff_only")


def may_sublicense(actor: Actor, licence: Licence) -> Decision:
    """The licensee's owners, where the licence's conditions give them leave (Civil Code 867: nobody else without it)."""
    if not licence.may_sublicense:
        return no("licences.no_leave")
    return may_act_for(actor, licence, Side.LICENSEE)


def may_book(actor: Actor) -> Decision:
    """Receipts and distributions: two natural persons, each a fund manager or an officer."""
    return allow_if(actor.has(*CASHIERS), "licences.cashiers_only")


def may_declare(actor: Actor, patent: Patent) -> Decision:
    if patent.sold_on is not None:
        return no("patents.sold")
    return allow_if(actor.is_system or actor.has_for(patent.owner_id, *OWNERS), "licences.owners_only")


def may_withdraw(actor: Actor, open_licence: OpenLicence) -> Decision:
    return may_declare(actor, open_licence.patent)


def _manages_money(actor: Actor) -> bool:
    return actor.has(Role.FUND_MANAGER)
