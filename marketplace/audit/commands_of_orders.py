"""What the commands of the orders room are called in the journal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ORDERS: dict[str, Any] = {
    "orders.start": _l("Started an order"),
    "orders.edit": _l("Edited the order"),
    "orders.submit": _l("Submitted the order for screening"),
    "orders.send_back": _l("Sent the order back"),
    "orders.publish": _l("Published the order"),
    "orders.start_bidding": _l("Started the bidding"),
    "orders.amend": _l("Changed the public text"),
    "orders.attach": _l("Attached a file"),
    "orders.remove_file": _l("Removed a file"),
    "orders.retender": _l("Tendered the order again"),
    "orders.ask": _l("Asked a question (without a name)"),
    "orders.answer": _l("Answered a question"),
    "orders.decline_question": _l("Left a question unanswered"),
    "orders.propose_deadline": _l("Asked for a later deadline"),
    "orders.approve_deadline": _l("Confirmed a later deadline"),
    "orders.reject_deadline": _l("Kept the deadline"),
    "orders.lapse_deadline": _l("Ended a request for a later deadline"),
    "orders.invite": _l("Invited a team"),
    "orders.withdraw_invitation": _l("Took an invitation back"),
    "orders.decline_invitation": _l("Declined an invitation"),
    "orders.apply_to_pool": _l("Applied for the framework pool"),
    "orders.pool_admit": _l("Admitted a team to the framework pool"),
    "orders.pool_refuse": _l("Refused a place in the framework pool"),
    "orders.pool_end": _l("Ended a place in the framework pool"),
    "orders.follow": _l("Chose fields to follow"),
    "orders.digest": _l("Told a follower of new orders"),
    "orders.divide": _l("Divided an order into lots"),
    "orders.add_lot": _l("Added a lot"),
    "orders.submit_lots": _l("Handed all lots in"),
    "orders.publish_lots": _l("Published all lots"),
    "orders.request_nda": _l("Asked for the confidential part"),
    "orders.sign_nda": _l("Signed the confidentiality agreement"),
    "orders.withdraw_nda": _l("Took the request for the confidential part back"),
    "orders.decline_nda": _l("Declined the request for the confidential part"),
    "orders.revoke_nda": _l("Ended the access to the confidential part"),
    "orders.expire_nda": _l("Noted the end of a confidentiality agreement"),
    "orders.cancel": _l("Cancelled the order"),
}
