"""Who may ask for, agree, sign, account for and read licences."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING

from marketplace.kernel.call import OWNERS, Actor, Role
from marketplace.kernel.policy import YES, Decision, allow_if, no
from marketplace.licences.workflow import FeeMode, LicenceState, Side
from marketplace.patents.workflow import SharePart

if TYPE_CHECKING:
    from marketplace.licences.models import Licence, OpenLicence
    from marketplace.patents.models import Patent

CASHIERS = frozenset({Role.FUND_MANAGER, Role.CENTRE_OFFICER})


def may_see(actor: Actor, licence: Licence) -> Decision:
    """The two sides, the owner of a patent handed on, the pool's secretary, the centre's readers; prices never reach others."""
    return allow_if(bool(sides(actor, licence)) or actor.reads_everything or _manages_money(actor), "not_found")


def may_ask(actor: Actor, organisation_id: int) -> Decision:
    return allow_if(actor.is_system or actor.has_for(organisation_id, *OWNERS), "licences.owners_only")


def sides(actor: Actor, licence: Licence) -> set[Side]:
    """The sides an actor belongs to; who keeps a patent handed on under a running licence stands on its licensor's."""
    found = set()
    if licence.licensee_id in actor.organisations:
        found.add(Side.LICENSEE)
    own = licence.licensor_id in actor.organisations or bool(keepers(licence) & actor.organisations)
    if own or (licence.alliance_id is not None and actor.serves(licence.alliance_id)):
        found.add(Side.LICENSOR)
    return found


def may_act_for(actor: Actor, licence: Licence, side: Side) -> Decision:
    """Owners speak for an organisation; the secretary or an officer speaks for a pool."""
    if side is Side.LICENSEE:
        return may_ask(actor, licence.licensee_id)
    if licence.licensor_id is not None:
        return allow_if(bool(spoken_for(actor, licence)), "licences.owners_only")
    return allow_if(actor.serves(licence.alliance_id), "licences.pool_staff_only")


def owners(licence: Licence) -> frozenset[int]:
    """Which organisations stand for a licensor that is no pool."""
    return frozenset(key for key in keepers(licence) - {None} or {licence.licensor_id} if key is not None)


def spoken_for(actor: Actor, licence: Licence) -> frozenset[int]:
    """For which of its owners an actor may really act: membership alone speaks for nobody."""
    return frozenset(key for key in owners(licence) if may_ask(actor, key))


def may_read_wishes(actor: Actor, licence: Licence) -> bool:
    """Who asked for the end, and why, is between the owners; the licensee sees the owners alone."""
    return Side.LICENSOR in sides(actor, licence) or actor.reads_everything


def handed_on(licence: Licence) -> bool:
    """Whether the licensor owns a patent of a licence no longer: licences that ran go on under the new owner."""
    if licence.licensor_id is None or licence.rests_on_id is not None:
        return False
    patents = [part.patent for part in licence.parts]
    return any(patent.sold_on is not None or patent.owner_id != licence.licensor_id for patent in patents)


def keepers(licence: Licence) -> frozenset[int | None]:
    """Who has the patents of a licence since one was handed on while it ran, None for somebody outside; else nobody.

    A sale leaves the licences given before it as they are (Supreme Court interpretation on technology contracts, art. 24):
    the new owner stands beside the first licensor, or in its place when that kept nothing. What is still owed after the end is
    theirs as well; who bought a patent later stands for nobody.
    """
    if licence.state not in {LicenceState.RUNNING, LicenceState.ENDED} or not handed_on(licence):
        return frozenset()
    day = licence.ended_at.astimezone(UTC).date() if licence.ended_at is not None else date.max
    return frozenset(_keeper(part.patent, day, licence.licensor_id) for part in licence.parts)


def _keeper(patent: Patent, day: date, licensor_id: int | None) -> int | None:
    """Who has a patent, as far as it had it on ``day``, the end of the licence (in UTC, as the query counts)."""
    if patent.sold_on is not None and patent.sold_on <= day:
        return None
    had = day == date.max or any(
        row.part is SharePart.OWNER and row.organisation_id == patent.owner_id and row.valid_from <= day
        for row in patent.shares
    )
    return patent.owner_id if had else licensor_id


def may_end(actor: Actor, licence: Licence) -> Decision:
    """Each side, while it is one, may ask for the end: who handed a patent on promised that its licences go on.

    When the licence ends then is told by ``ending.outlook``.
    """
    mine = sides(actor, licence)
    if is_licensee(actor, licence):
        return YES
    if licence.irrevocable and (Side.LICENSOR in mine or Side.LICENSEE not in mine):
        return no("licences.irrevocable")
    held = keepers(licence)
    if Side.LICENSOR in mine and held and not held & actor.organisations:
        return no("licences.handed_on")
    if Side.LICENSOR in mine and None in held:
        return no("licences.owner_outside")
    return may_act_for(actor, licence, Side.LICENSOR) if Side.LICENSOR in mine else no("licences.owners_only")


def is_licensee(actor: Actor, licence: Licence) -> bool:
    """Whether an actor speaks for the licensee."""
    return licence.licensee_id in actor.organisations and bool(may_ask(actor, licence.licensee_id))


def ends_alone(actor: Actor, licence: Licence) -> bool:
    """The licensee gives up at once what was free, or what an owner outside the register, whom nobody can ask here, has now.

    A licence that is paid for binds both sides: it ends early by agreement (Civil Code 562).
    """
    free = licence.fee_mode is FeeMode.FREE or None in keepers(licence)
    return free and is_licensee(actor, licence)


def may_let_run(actor: Actor, licence: Licence) -> Decision:
    """Who speaks for a side."""
    return YES if is_licensee(actor, licence) else may_act_for(actor, licence, Side.LICENSOR)


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
