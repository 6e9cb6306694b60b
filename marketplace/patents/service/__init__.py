"""What happens to patents, by verb."""

from marketplace.patents.service.feeds import open_feed, revoke_feed
from marketplace.patents.service.following import lapse_or_expire, record_event, record_step, remind
from marketplace.patents.service.registering import change_patent, register_patent, set_shares
from marketplace.patents.service.transferring import check_transfer, transfer_patent

__all__ = [
    "change_patent",
    "check_transfer",
    "lapse_or_expire",
    "open_feed",
    "record_event",
    "record_step",
    "register_patent",
    "remind",
    "revoke_feed",
    "set_shares",
    "transfer_patent",
]
