"""Who may offer, evaluate, admit, and read what about a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.kernel.call import OWNERS, Actor
from marketplace.kernel.policy import Decision, allow_if, no
from marketplace.patents.workflow import LegalState
from marketplace.pools.workflow import OfferState

if TYPE_CHECKING:
    from marketplace.patents.models import Patent
    from marketplace.pools.models import PoolOffer

PUBLIC = frozenset({OfferState.ADMITTED, OfferState.LEFT})
POOLABLE = frozenset({LegalState.PUBLISHED, LegalState.GRANTED})


def may_offer(actor: Actor, patent: Patent, alliance_id: int) -> Decision:
    """The owner, into a pool of an alliance it belongs to, a right that is in force or published."""
    if not (actor.is_system or actor.has_for(patent.owner_id, *OWNERS)):
        return no("pools.owners_only")
    if patent.state not in POOLABLE or patent.sold_on is not None:
        return no("pools.not_valid")
    return allow_if(actor.is_system or alliance_id in actor.alliances, "pools.not_member")


def may_withdraw(actor: Actor, offer: PoolOffer) -> Decision:
    """Owners stay free: they may take an offer back, or leave the pool; licences that run go on."""
    return allow_if(actor.is_system or actor.has_for(offer.patent.owner_id, *OWNERS), "pools.owners_only")


def may_serve(actor: Actor, alliance_id: int) -> Decision:
    """Appoint experts, propose and admit, refuse, and set rules: the alliance's secretary and the centre's officers."""
    return allow_if(actor.serves(alliance_id), "pools.staff_only")


def may_evaluate(actor: Actor, offer: PoolOffer) -> Decision:
    return allow_if(actor.account is not None and actor.account == offer.expert_id, "pools.expert_only")


def may_see(actor: Actor, offer: PoolOffer) -> Decision:
    """Who is in a pool is public; an offer before that is for its owner, its expert and the staff."""
    return allow_if(offer.state in PUBLIC or _inside(actor, offer), "not_found")


def may_see_evaluation(actor: Actor, offer: PoolOffer) -> Decision:
    """The fire-wall: a claim chart never reaches another member, not even once the patent is in the pool."""
    return allow_if(_inside(actor, offer), "hidden")


def _inside(actor: Actor, offer: PoolOffer) -> bool:
    if actor.reads_everything or actor.serves(offer.alliance_id):
        return True
    own = offer.patent.owner_id in actor.organisations
    return own or (actor.account is not None and actor.account == offer.expert_id)
