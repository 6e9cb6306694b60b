"""Proof that an opened bid is the sealed one: its rows give the commitment on the bidder's receipt."""

from __future__ import annotations

import hmac

from marketplace.bids import sealing
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.sealing import Label, Sealed
from marketplace.bids.terms import Answer, BidTerms, Load


def terms_of(content: OpenedBid) -> BidTerms:
    """Return the opened rows in the shape in which they were sealed."""
    return BidTerms(
        plan=content.plan,
        schedule=content.schedule,
        price=content.price,
        start_on=content.start_on,
        months=content.months,
        loads=tuple(Load(load.team_id, load.person_days) for load in content.loads),
        answers=tuple(Answer(a.target_id, a.meets, a.value, a.note) for a in content.answers),
    )


def is_unaltered(bid: Bid, content: OpenedBid) -> bool:
    """Return whether the opened rows still say exactly what was committed to before the deadline."""
    sealed = Sealed(terms_of(content), content.salt)
    return hmac.compare_digest(sealing.commitment(Label(bid.id, bid.order_id, bid.team_id), sealed), bid.commitment)
