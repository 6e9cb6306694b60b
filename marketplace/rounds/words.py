"""What the rounds' states, score parts, reasons and refusals are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.rounds.workflow import (
    Changed,
    Dropped,
    Failure,
    Lapse,
    LossReason,
    OptionLabel,
    Part,
    ProposalState,
    RoundState,
    RunState,
    WhyNot,
)
from marketplace.web import words

words.labels(RoundState, {RoundState.OPEN: _l("In progress"), RoundState.CLOSED: _l("Concluded")})
words.tones(RoundState, {RoundState.OPEN: "info"})
words.labels(
    RunState,
    {
        RunState.DRAFT: _l("Draft"),
        RunState.QUEUED: _l("Waiting for a worker"),
        RunState.RUNNING: _l("Being solved"),
        RunState.SOLVED: _l("Solved"),
        RunState.INFEASIBLE: _l("Contradicting demands"),
        RunState.FAILED: _l("No answer"),
        RunState.CANCELLED: _l("Stopped"),
        RunState.RELEASED: _l("Announced"),
        RunState.RECALLED: _l("Recalled"),
    },
)
words.tones(
    RunState,
    {
        RunState.QUEUED: "waiting",
        RunState.RUNNING: "waiting",
        RunState.SOLVED: "good",
        RunState.INFEASIBLE: "bad",
        RunState.FAILED: "bad",
        RunState.RELEASED: "good",
    },
)
words.labels(
    ProposalState,
    {
        ProposalState.SUGGESTED: _l("Suggested"),
        ProposalState.INVITED: _l("Invited"),
        ProposalState.PROPOSED: _l("Awaiting approval"),
        ProposalState.APPROVED: _l("Approved"),
        ProposalState.REJECTED: _l("Rejected"),
        ProposalState.LAPSED: _l("Lapsed"),
    },
)
words.tones(
    ProposalState,
    {
        ProposalState.SUGGESTED: "info",
        ProposalState.INVITED: "info",
        ProposalState.PROPOSED: "waiting",
        ProposalState.APPROVED: "good",
        ProposalState.REJECTED: "bad",
    },
)
words.labels(
    Part,
    {
        Part.FIT: _l("Fit"),
        Part.TARGETS: _l("Targets"),
        Part.QUALITY: _l("Track record"),
        Part.PRICE: _l("Price"),
        Part.TIME: _l("On time"),
        Part.STABILITY: _l("Stability"),
    },
)
words.labels(
    OptionLabel,
    {
        OptionLabel.CHOSEN: _l("Best for the whole round"),
        OptionLabel.LEAST_OWN: _l("Least own money"),
        OptionLabel.LEAST_PUBLIC: _l("Least public money"),
        OptionLabel.FEWEST_SOURCES: _l("Fewest sources"),
        OptionLabel.CHEAPEST: _l("Cheapest money"),
    },
)
words.labels(
    WhyNot,
    {
        WhyNot.NO_OFFER: _l("No bid"),
        WhyNot.FORBIDDEN: _l("Every bid was kept out"),
        WhyNot.TEAM_TOO_SMALL: _l("Larger than the team"),
        WhyNot.PRICE_ABOVE_FUNDING: _l("Cannot be paid"),
        WhyNot.VALUE_NEGATIVE: _l("Not worth its cost"),
        WhyNot.CONFLICT: _l("Excluded by another match"),
        WhyNot.TEAM_FULL: _l("Team fully booked"),
        WhyNot.FUND_EXHAUSTED: _l("Fund used up"),
        WhyNot.OUTVALUED: _l("Others made more of it"),
        WhyNot.UNDECIDED: _l("Search stopped early"),
    },
)
words.labels(
    Dropped,
    {
        Dropped.OWN_SIDE: _l("The same organisation orders and bids."),
        Dropped.SHARED_PERSON: _l("One natural person acts for both sides."),
        Dropped.ABOVE_CEILING: _l("The price is above the order's ceiling."),
        Dropped.CONFLICT: _l("A conflict of interest between the two sides that nobody passed over."),
        Dropped.SUSPENDED: _l("One of the parties is not verified at present."),
    },
)
words.labels(
    Changed,
    {
        Changed.ORDER_TEXT: _l("the order's text"),
        Changed.TARGETS: _l("the order's targets"),
        Changed.OWN_FUNDS: _l("the enterprise's own money"),
        Changed.PRICE_CEILING: _l("the price ceiling"),
        Changed.DELIVERY: _l("the delivery date"),
        Changed.CONTRACT: _l("the kind of contract"),
        Changed.PARTIES: _l("the parties"),
        Changed.BID: _l("the bid"),
        Changed.PRICE: _l("the price"),
        Changed.LOADS: _l("the person-days"),
        Changed.FUNDING: _l("the funding"),
        Changed.RULES: _l("the round's rules"),
        Changed.PROBLEM: _l("the run's input"),
    },
)
words.labels(
    LossReason,
    {
        LossReason.OUTSCORED: _l("Another bid scored higher on the round's criteria."),
        LossReason.ROUND_AS_A_WHOLE: _l(
            "Your bid scored as high or higher by itself. Teams and funds are shared by all orders of the round, and "
            "another bid served the round as a whole better."
        ),
        LossReason.KEPT_OUT: _l("The centre kept the bid out of the round, with the reason below."),
        LossReason.NOT_SCORED: _l("The bid did not enter the deciding run."),
    },
)
words.labels(
    Failure,
    {
        Failure.WORKER_DIED: _l("The worker stopped several times before it had an answer."),
        Failure.BAD_PROBLEM: _l("The input contradicts itself."),
        Failure.NOT_VERIFIED: _l("The answer did not pass the independent check, so nothing of it was kept."),
        Failure.NOTHING_FOUND: _l("Nothing that satisfies every demand was found in time."),
        Failure.SOLVER_ERROR: _l("The solver failed."),
    },
)
words.labels(
    Lapse,
    {
        Lapse.ANOTHER_APPROVED: _l("Another match of this order was approved."),
        Lapse.NO_AWARD: _l("The order ended without an award."),
        Lapse.TENDERED_AGAIN: _l("The order is tendered again, and the team was told."),
    },
)

words.events("round", {"close": _l("Close the round"), "reopen": _l("Reopen the round")})
words.events("run", {"cancel": _l("Stop and keep the best so far")})
words.events(
    "proposal",
    {
        "propose": _l("Propose this match"),
        "change": _l("Take the proposal back"),
        "approve": _l("Approve and reserve the money"),
        "reject": _l("Reject"),
        "invite": _l("Invite this team"),
    },
)

words.refusals(
    {
        "rounds.not_yours": _l("Rounds are run by the centre's officers, and by secretaries for their own alliance."),
        "rounds.officers_approve": _l("The second person must be an officer of the centre."),
        "rounds.own_interest": _l(
            "You act for one of the parties, through this or another account. Somebody without an interest must decide."
        ),
        "rounds.alliance_stays": _l("A round stays with its alliance. Open another round instead."),
        "rounds.title_needed": _l("Give the round a title."),
        "rounds.weights": _l("Weights are whole numbers from 0 to %(most)s, and at least one is above 0."),
        "rounds.share_range": _l("Give a share from 0 to 100 %."),
        "rounds.time_limit": _l("Give a time from %(least)s to %(most)s seconds."),
        "rounds.floor": _l("There is no such group of orders: %(group)s."),
        "rounds.nothing_picked": _l("Choose at least one order."),
        "rounds.too_many": _l("Choose at most %(most)s orders at once."),
        "rounds.not_pickable": _l(
            "%(count)s of these orders cannot be taken into the round: decided meanwhile, prices still sealed, "
            "or a committee has not locked its scores."
        ),
        "rounds.lock_or_forbid": _l("A bid is either required or kept out, not both."),
        "rounds.reason_needed": _l("Please write the reason."),
        "rounds.empty": _l("There is no order under evaluation in this round yet. Choose orders first."),
        "rounds.no_result": _l("This run has no answer to propose from."),
        "rounds.option_needed": _l("Choose one of the funding options."),
        "rounds.no_bid": _l("This team has not bid. It can be invited, not proposed."),
        "rounds.has_bid": _l("This team has bid already."),
        "rounds.bid_gone": _l("The bid is no longer open: it was decided or disqualified meanwhile."),
        "rounds.changed": _l(
            "Since it was proposed this changed: %(what)s. Nothing was reserved; it must be proposed again."
        ),
        "rounds.conflict": _l(
            "A conflict of interest stands in the way: %(who)s (%(kind)s). Two officers may pass over it with a reason."
        ),
        "rounds.decider_conflict": _l("You are close to one of the parties. Somebody without an interest must decide."),
        "rounds.dropped": _l("This match is not allowed: %(why)s"),
        "rounds.sum": _l("The parts of the funding do not add up to the price of %(price)s yuan."),
        "rounds.own_funds": _l("The enterprise would pay %(asked)s yuan itself and has set aside %(available)s yuan."),
        "rounds.public_share": _l("Public money would pay more than %(share)s %% of the price, the round's limit."),
        "rounds.fund_amount_min": _l("%(fund)s pays at least %(limit)s yuan per project."),
        "rounds.fund_amount_max": _l("%(fund)s pays at most %(limit)s yuan per project."),
        "rounds.fund_share": _l("%(fund)s pays at most %(share)s %% of a price."),
        "rounds.fund_match": _l("%(fund)s pays at most %(share)s %% of what the enterprise pays itself."),
        "rounds.fund_enterprise": _l(
            "%(fund)s pays one enterprise at most %(limit)s yuan; this one holds %(drawn)s yuan of it already."
        ),
        "rounds.fund_yearly": _l(
            "%(fund)s pays one enterprise at most %(limit)s yuan a year; this one got %(drawn)s yuan of it this year already."
        ),
        "rounds.fund_public_share": _l(
            "%(fund)s pays only where all public money together is at most %(share)s %% of the price."
        ),
    }
)
