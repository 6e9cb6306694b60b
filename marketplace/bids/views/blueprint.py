"""The blueprint that the pages of this folder hang on, and the filters their templates use."""

from flask import Blueprint, g

from marketplace.bids import words
from marketplace.bids.models import Bid
from marketplace.bids.proof import outline_of
from marketplace.bids.words import bid_reason

bp = Blueprint("bids", __name__)


@bp.app_template_filter()
def bid_status(bid: Bid) -> str:
    """What a bid's state means at the moment of the request."""
    return words.bid_status(bid, g.call.now)


bp.add_app_template_filter(bid_reason)
bp.add_app_template_filter(outline_of)
