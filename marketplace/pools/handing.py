"""What happens to a pool when a patent of it changes hands."""

from __future__ import annotations

from marketplace.kernel.call import Call
from marketplace.patents.transfers import CHANGED_HANDS, Transfer, when_transferred
from marketplace.pools import queries
from marketplace.pools.workflow import OFFER, OfferState


@when_transferred
def follow_owner(call: Call, transfer: Transfer) -> dict[str, int]:
    """A pool holds what its members own: sold to a stranger the patent leaves it, licences that run go on."""
    offer = queries.live_offer(transfer.patent.id) if transfer.whole else None
    if offer is None or (
        transfer.buyer_id is not None
        and offer.alliance_id in {alliance.id for alliance in queries.alliances_of(transfer.buyer_id)}
    ):
        return {}
    if offer.state is OfferState.ADMITTED:
        offer.state, offer.left_at, offer.reason = OFFER.require(offer.state, "leave"), call.now, CHANGED_HANDS
    else:
        offer.state, offer.decided_at, offer.reason = OFFER.require(offer.state, "withdraw"), call.now, CHANGED_HANDS
    return {"left_pool": offer.alliance_id}
