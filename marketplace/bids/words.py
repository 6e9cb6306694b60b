"""What the states, choices, events and refusals of bids are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from marketplace.bids.models import Bid
from marketplace.bids.preflight import Weight
from marketplace.bids.workflow import BidState, Meets
from marketplace.web import words

S = BidState

words.labels(
    BidState,
    {
        S.DRAFT: _l("Draft"),
        S.SUBMITTED: _l("Submitted and sealed"),
        S.NEEDS_RECONFIRM: _l("Needs confirmation"),
        S.WITHDRAWN: _l("Withdrawn"),
        S.LAPSED: _l("Lapsed"),
        S.OPENED: _l("Opened"),
        S.DISQUALIFIED: _l("Disqualified"),
        S.WON: _l("Matched"),
        S.LOST: _l("Not chosen"),
    },
)
words.tones(
    BidState,
    {
        S.SUBMITTED: "good",
        S.NEEDS_RECONFIRM: "waiting",
        S.LAPSED: "bad",
        S.OPENED: "info",
        S.DISQUALIFIED: "bad",
        S.WON: "good",
        S.LOST: "neutral",
    },
)
words.events("bid", {"submit": _l("Submit the bid"), "withdraw": _l("Withdraw the bid")})
words.labels(
    Meets,
    {
        Meets.MEETS: _l("meets it"),
        Meets.EXCEEDS: _l("exceeds it"),
        Meets.PARTLY: _l("meets it in part"),
        Meets.NOT: _l("does not meet it"),
    },
)
words.tones(Meets, {Meets.MEETS: "good", Meets.EXCEEDS: "good", Meets.PARTLY: "waiting", Meets.NOT: "bad"})
words.labels(Weight, {Weight.OUT: _l("Would be rejected"), Weight.WEAK: _l("Weakens the bid")})
words.tones(Weight, {Weight.OUT: "bad", Weight.WEAK: "waiting"})

_ACTS: Mapping[BidState, object] = {
    S.DRAFT: _l("Only your team can read it. It counts once it is submitted."),
    S.SUBMITTED: _l(
        "Sealed: nobody can read it before the opening. You can replace or withdraw it until the deadline."
    ),
    S.NEEDS_RECONFIRM: _l("The order was changed. Confirm or replace the bid before the deadline, or it lapses."),
    S.WITHDRAWN: _l("It does not take part. You can submit again until the deadline."),
    S.LAPSED: _l("It did not take part."),
    S.OPENED: _l("The centre compares it in a matching round."),
    S.DISQUALIFIED: _l("It is not admitted."),
    S.WON: _l("It was matched with the order."),
    S.LOST: _l("Another answer was matched with the order, or none."),
}
REASONS: Mapping[str, object] = {
    "bids.not_submitted": _l("It was not submitted, or not confirmed again, by the deadline."),
    "bids.too_few": _l(
        "Fewer teams answered than the procedure asks, so no bid was read; the sealed envelope was destroyed."
    ),
    "bids.too_few_valid": _l("Too few bids were valid for this procedure, so the order ended without a choice."),
    "bids.order_cancelled": _l("The order was cancelled before the opening; the sealed bid was destroyed unread."),
    "bids.tampered": _l(
        "The sealed envelope was altered and could not be opened. Your receipt proves what you submitted."
    ),
    "bids.swapped": _l("The sealed envelope belongs to another bid. Your receipt proves what you submitted."),
    "bids.replaced": _l("The envelope does not match the commitment on the receipt and was not accepted."),
    "bids.malformed": _l("The envelope holds something that is no bid and was not accepted."),
}
"""Reasons that the program itself gives; people's reasons are kept as they wrote them."""


def bid_reason(bid: Bid) -> str:
    """Return the stored reason of a bid for readers."""
    return str(REASONS.get(bid.reason, bid.reason))


def bid_status(bid: Bid) -> str:
    """Return the sentence that says what a bid's state means, and the stored reason where there is one."""
    reason = bid_reason(bid)
    return f"{_ACTS[bid.state]} {reason}".strip() if reason else str(_ACTS[bid.state])


words.refusals(
    {
        "bid.late": _l("The deadline has passed. The attempt was recorded; the bid stays as it was."),
        "bids.not_open": _l("This order does not take bids now."),
        "bids.already": _l("Your team already has a bid on this order."),
        "bids.counts_already": _l("This bid is submitted. Replace it as a whole, or withdraw it first."),
        "bids.not_own_team": _l("You do not act for this team."),
        "bids.enterprise": _l("Universities and institutes answer orders; enterprises place them."),
        "bids.not_verified": _l(
            "Your organisation has not been verified yet. You can draft, and submit once it is verified."
        ),
        "bids.not_invited": _l(
            "Only teams that are invited, or admitted to the framework pool, may answer this order."
        ),
        "bids.own_order": _l("You belong to the enterprise that placed this order, so you cannot bid on it."),
        "bids.not_admissible": _l("This bid would be rejected. Points to correct first: %(count)s."),
        "bids.unknown_target": _l("The targets of the order are not those of this bid. Reload the page."),
        "bids.unknown_team": _l("A partner team cannot take part, or is named twice."),
        "bids.days_out_of_range": _l("Person-days must be between 1 and %(most)s."),
        "bids.copy_damaged": _l(
            "The kept copy of this bid cannot be read. Please tell the centre; nothing was changed."
        ),
        "bids.no_key": _l("The centre has not set up its opening key yet. Your draft is kept; please submit later."),
        "bids.no_private_key": _l("The key that opens bids is not at hand here; the opener must do it."),
        "bids.wrong_key": _l("These bids were sealed to another key. Nothing was changed."),
        "bids.too_early": _l("Bids stay sealed until the deadline."),
        "bids.not_confirmed": _l("Two different people must stand for exactly this opening first."),
        "bids.officer_needed": _l("An officer of the centre requests the opening."),
        "bids.own_opening": _l("You act for the enterprise of this order, so others must open the bids."),
        "bids.order_goes_on": _l("The order goes on; its bids stay."),
        "bids.reason_needed": _l("Please write the reason; the bidder will read it."),
        "preflight.plan_short": _l("Describe the technical plan in at least %(least)s characters."),
        "preflight.schedule_missing": _l("Give the steps with their months; bids with a schedule compare better."),
        "preflight.price_missing": _l("Name the price."),
        "preflight.price_above": _l("The price is above the ceiling of the order."),
        "preflight.start_missing": _l("Say when the work would start."),
        "preflight.start_early": _l("The work must start after the deadline for bids."),
        "preflight.months_missing": _l("Say how many months the work takes, at most %(most)s."),
        "preflight.delivery_late": _l("The work would end after the delivery date of the order."),
        "preflight.own_days_missing": _l("Say how many person-days your own team puts in."),
        "preflight.answer_missing": _l("Target %(number)s (%(name)s) is not answered."),
        "preflight.must_not_met": _l("Target %(number)s (%(name)s) is a must, and the bid does not meet it."),
        "preflight.must_partly": _l("Target %(number)s (%(name)s) is a must, and the bid meets it in part only."),
        "preflight.value_contradicts": _l(
            "Target %(number)s (%(name)s): the promised value does not reach what the answer says."
        ),
        "preflight.value_missing": _l("Target %(number)s (%(name)s): promise a number, it counts at acceptance."),
        "preflight.capacity_short": _l(
            "In %(quarter)s the team has %(free)s person-days free, the bid uses %(asked)s. It is checked again at approval."
        ),
    }
)
