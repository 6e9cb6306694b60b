"""The blueprint that the pages of this folder hang on, and the filters their templates use."""

from flask import Blueprint

from marketplace.bids.proof import outline_of
from marketplace.bids.words import bid_reason, bid_status

bp = Blueprint("bids", __name__)
bp.add_app_template_filter(bid_status)
bp.add_app_template_filter(bid_reason)
bp.add_app_template_filter(outline_of)
