"""What the states, choices, events and refusals of bids are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l

from marketplace.bids.models import Bid
from marketplace.bids.preflight import Weight
from marketplace.bids.workflow import BidState, ConsentState, Meets, Part, RepairState, Scheme, ShortlistState, Verdict
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
        S.CONCEPT: _l("Concept opened"),
        S.PASSED_OVER: _l("Not on the shortlist"),
        S.TECHNICAL: _l("Plan opened, price sealed"),
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
        S.CONCEPT: "info",
        S.PASSED_OVER: "neutral",
        S.TECHNICAL: "info",
        S.OPENED: "info",
        S.DISQUALIFIED: "bad",
        S.WON: "good",
        S.LOST: "neutral",
    },
)
words.events("bid", {"submit": _l("Submit the bid"), "withdraw": _l("Withdraw the bid")})
words.events(
    "consent",
    {
        "give": _l("Authorise this part"),
        "refuse": _l("Refuse"),
        "take_back": _l("Take the authorisation back"),
    },
)
words.labels(
    ConsentState,
    {
        ConsentState.ASKED: _l("Asked"),
        ConsentState.GIVEN: _l("Authorised"),
        ConsentState.REFUSED: _l("Refused"),
        ConsentState.RECALLED: _l("No longer asked"),
    },
)
words.tones(ConsentState, {ConsentState.ASKED: "waiting", ConsentState.GIVEN: "good", ConsentState.REFUSED: "bad"})
words.events("repair", {"answer": _l("Send the answer"), "accept": _l("Accept it"), "reject": _l("Do not accept it")})
words.labels(
    RepairState,
    {
        RepairState.ASKED: _l("Correction asked for"),
        RepairState.ANSWERED: _l("Answered"),
        RepairState.ACCEPTED: _l("Put right"),
        RepairState.REJECTED: _l("Not put right"),
        RepairState.EXPIRED: _l("Not answered in time"),
    },
)
words.tones(
    RepairState,
    {
        RepairState.ASKED: "waiting",
        RepairState.ANSWERED: "info",
        RepairState.ACCEPTED: "good",
        RepairState.REJECTED: "bad",
        RepairState.EXPIRED: "bad",
    },
)
words.labels(ShortlistState, {ShortlistState.PROPOSED: _l("Proposed"), ShortlistState.CONFIRMED: _l("Confirmed")})
words.labels(Verdict, {Verdict.GOES: _l("goes on"), Verdict.STAYS: _l("does not go on")})
words.labels(Part, {Part.CONCEPT: _l("Concepts"), Part.CONTENT: _l("Content of the bids"), Part.PRICE: _l("Prices")})
words.labels(
    Scheme,
    {Scheme.FILE: _l("in the opener's file"), Scheme.SPLIT: _l("split among three holders; two are needed to open")},
)
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
    S.CONCEPT: _l("A committee votes on the concepts; then two people choose the teams that are asked for a full bid."),
    S.PASSED_OVER: _l("Other concepts were asked for a full bid."),
    S.TECHNICAL: _l("Plan and promises are read and scored first; the price is opened once the scores are locked."),
    S.OPENED: _l("The centre compares it in a matching round."),
    S.DISQUALIFIED: _l("It is not admitted."),
    S.WON: _l("It was matched with the order."),
    S.LOST: _l("Another answer was matched with the order, or none."),
}
_CLOSED: Mapping[BidState, object] = {
    S.DRAFT: _l("It was not submitted by the deadline, so it does not take part."),
    S.SUBMITTED: _l("Sealed: it can no longer be changed, and nobody can read it before two people open the bids."),
    S.NEEDS_RECONFIRM: _l("It was not confirmed again by the deadline, so it does not take part."),
    S.WITHDRAWN: _l("It does not take part."),
}
"""What the same states mean once the deadline has passed: nothing more can be done."""
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
    "bids.key_lost": _l("The key of this opening is lost. The bidder can bring exactly the same bid again."),
    "bids.no_consent": _l("A member's institution took its authorisation back."),
    "bids.other_approved": _l("Another bid was approved for this order."),
    "bids.malformed": _l("The envelope holds something that is no bid and was not accepted."),
}
"""Reasons that the program itself gives; people's reasons are kept as they wrote them."""


def bid_reason(bid: Bid) -> str:
    """Return the stored reason of a bid for readers."""
    return str(REASONS.get(bid.reason, bid.reason))


def bid_status(bid: Bid, now: datetime) -> str:
    """Return the sentence that says what a bid's state means at ``now``, and the stored reason where there is one."""
    closed = bid.order.bid_deadline is not None and bid.order.bid_deadline <= now
    act = str(_CLOSED.get(bid.state, _ACTS[bid.state]) if closed else _ACTS[bid.state])
    reason = bid_reason(bid)
    if bid.state is S.LOST and reason:
        return reason  # it says which of the two that the act leaves open
    return f"{act} {reason}".strip()


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
        "bids.not_shortlisted": _l("Only the teams on the shortlist are asked for a full bid on this order."),
        "bids.vote_first": _l(
            "The committee votes on the concepts first: every member has to hand in a vote before a shortlist is made."
        ),
        "bids.departure_reason": _l(
            "Where the shortlist differs from what the committee recommended, please write why; it goes on record."
        ),
        "bids.closed_first": _l(
            "A concept could not be opened, and its team may still bring it again. Please wait until that time is over."
        ),
        "bids.choices_incomplete": _l("Please decide on every concept. Reload the page if one is missing."),
        "bids.choice_reason": _l("Please write a reason for every concept; its team will read it."),
        "bids.shortlist_small": _l(
            "The shortlist needs at least %(least)s concepts; else end the order without an award."
        ),
        "bids.full_days": _l("At least %(days)s days must be left for the full bids."),
        "bids.no_shortlist": _l("No shortlist was proposed yet."),
        "bids.own_order": _l("You belong to the enterprise that placed this order, so you cannot bid on it."),
        "bids.saved_meanwhile": _l(
            "Somebody of your team has saved this bid since you opened the page. "
            "Read what is kept, then save again to put yours in its place."
        ),
        "bids.order_changed": _l("The order changed while this page was open. Read the change, then send again."),
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
        "bids.forged_key": _l(
            "The key of this opening was not signed by the opener. Nothing was sealed to it; please tell the centre."
        ),
        "bids.needs_holders": _l("This key is split: %(count)s of its holders must be present with their key files."),
        "bids.holders_missing": _l(
            "This order's key must be split among %(count)s holders, and they are not enrolled."
        ),
        "bids.holders_complete": _l("All %(count)s holders are enrolled."),
        "bids.holder_name": _l("A holder's name has at most 40 letters, digits and dashes."),
        "bids.holder_passphrase": _l("A passphrase has at least %(least)s characters."),
        "bids.holder_locked": _l("This key file does not open with that passphrase."),
        "bids.prices_too_early": _l("Prices stay sealed until the technical scores are locked."),
        "bids.unknown_file": _l("An attachment belongs to another bid. Reload the page."),
        "bids.too_many_files": _l("A bid has at most %(most)s attachments."),
        "bids.no_partners": _l("This bid names no partner team."),
        "bids.owner_needed": _l("Only an owner of the institution can authorise its part."),
        "bids.part_changed": _l("The part was changed since you read it. Please read it again."),
        "bids.not_recoverable": _l("This bid cannot be brought again: it was opened, or the time for it is over."),
        "bids.not_what_was_sealed": _l(
            "This is not what was sealed before the deadline: its fingerprint differs from the commitment."
        ),
        "bids.not_repairable": _l("Corrections can be asked for between the opening and the decision."),
        "bids.repair_used": _l("Corrections were asked for already. Each bid has one window."),
        "bids.repair_over": _l("The time for the correction is over."),
        "bids.repair_open": _l("The time for the correction is not over yet."),
        "bids.no_repair": _l("No correction was asked for."),
        "bids.answer_needed": _l("Please write what was put right."),
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
        "preflight.prices_crossed": _l(
            "The smallest useful price must not be above the price, nor the largest one below it."
        ),
        "preflight.money_missing": _l("Say how much of the price each partner team gets."),
        "preflight.money_sum": _l("The partner teams together get more than the price."),
        "preflight.partner_unauthorised": _l(
            "Institutions that have not authorised their team's present part: %(count)s. Ask them."
        ),
        "preflight.milestones_missing": _l("Plan by milestones; they become the milestones of the contract."),
        "preflight.milestone_late": _l("A milestone lies outside the %(months)s months of the work."),
        "preflight.milestone_shares": _l("The milestones' shares of the price must add up to the whole price."),
        "preflight.staff_missing": _l("Name the people who will do the work, with their hours."),
        "preflight.staff_hours": _l("The people named work %(hours)s hours, more than the bid's %(days)s person-days."),
        "preflight.evidence_missing": _l("No answer names evidence, such as a report, a paper or a delivered project."),
        "preflight.offered_twice": _l(
            "The plan is nearly the same as in your bid on %(reference)s. The same result must not be sold twice."
        ),
        "preflight.capacity_short": _l(
            "In %(quarter)s the team has %(free)s person-days free, the bid uses %(asked)s. It is checked again at approval."
        ),
    }
)
