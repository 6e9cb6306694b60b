"""What the states, choices, events and refusals of orders are called, and the statutes behind the choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l

from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts, asks_shortlist
from marketplace.orders.readiness import Severity, Step
from marketplace.orders.workflow import Comparator, ContractType, IpWish, OrderState
from marketplace.web import words

S = OrderState

words.labels(
    OrderState,
    {
        S.DRAFT: _l("Draft"),
        S.SCREENING: _l("In screening"),
        S.NEEDS_WORK: _l("Needs work"),
        S.PUBLISHED: _l("Published"),
        S.BIDDING: _l("Bidding"),
        S.CONCEPTS: _l("Concepts opened"),
        S.OPENED: _l("Bids opened"),
        S.EVALUATING: _l("In evaluation"),
        S.PROPOSED: _l("Match proposed"),
        S.APPROVED: _l("Match approved"),
        S.STANDSTILL: _l("Standstill"),
        S.CONTRACTING: _l("Contracting"),
        S.IN_DELIVERY: _l("In delivery"),
        S.COMPLETED: _l("Completed"),
        S.UNSUCCESSFUL: _l("Unsuccessful"),
        S.CANCELLED: _l("Cancelled"),
        S.TERMINATED: _l("Terminated"),
    },
)
words.tones(
    OrderState,
    {
        S.SCREENING: "waiting",
        S.NEEDS_WORK: "waiting",
        S.PUBLISHED: "info",
        S.BIDDING: "info",
        S.CONCEPTS: "waiting",
        S.OPENED: "waiting",
        S.EVALUATING: "waiting",
        S.PROPOSED: "waiting",
        S.APPROVED: "good",
        S.STANDSTILL: "good",
        S.CONTRACTING: "good",
        S.IN_DELIVERY: "good",
        S.COMPLETED: "good",
        S.UNSUCCESSFUL: "bad",
        S.CANCELLED: "bad",
        S.TERMINATED: "bad",
    },
)
words.events(
    "order",
    {
        "submit": _l("Submit for screening"),
        "publish": _l("Publish the order"),
        "send_back": _l("Send back"),
        "cancel": _l("Cancel the order"),
    },
)
words.labels(
    ContractType,
    {
        ContractType.ENTRUSTED: _l("Entrusted development"),
        ContractType.JOINT: _l("Joint development"),
        ContractType.TRANSFER: _l("Technology transfer"),
        ContractType.LICENCE: _l("Technology licence"),
        ContractType.CONSULTING: _l("Technical consulting"),
        ContractType.SERVICE: _l("Technical service"),
    },
)
words.labels(
    IpWish,
    {
        IpWish.ENTERPRISE: _l("The enterprise owns the result"),
        IpWish.TEAM: _l("The team owns it, the enterprise may use it"),
        IpWish.JOINT: _l("Both own it together"),
        IpWish.POOL: _l("It goes into the alliance's patent pool"),
        IpWish.OPEN: _l("It is offered under an open licence"),
    },
)
words.labels(
    Comparator,
    {
        Comparator.AT_LEAST: _l("at least"),
        Comparator.AT_MOST: _l("no more than"),
        Comparator.EQUAL: _l("equal to"),
        Comparator.BETWEEN: _l("between"),
    },
)
words.labels(Severity, {Severity.BLOCKING: _l("Needed"), Severity.ADVICE: _l("Advice")})
words.tones(Severity, {Severity.BLOCKING: "bad", Severity.ADVICE: "info"})
words.labels(
    Step,
    {
        Step.NEED: _l("Problem"),
        Step.TARGETS: _l("Targets"),
        Step.TERMS: _l("Terms and money"),
        Step.DISCLOSURE: _l("Disclosure"),
    },
)

CONTRACT_LAW: Mapping[ContractType, tuple[object, object]] = {
    ContractType.ENTRUSTED: (
        _l("Civil Code, articles 851, 858, 859"),
        _l(
            "In writing. Without another agreement the right to apply for a patent belongs to the developer; the "
            "commissioner may use it and has first refusal. The risk of failure is shared as agreed, else reasonably."
        ),
    ),
    ContractType.JOINT: (
        _l("Civil Code, articles 851, 858, 860"),
        _l(
            "In writing. Without another agreement the right to apply for a patent is owned in common, and no "
            "application is made against the will of one party."
        ),
    ),
    ContractType.TRANSFER: (
        _l("Civil Code, articles 863, 875"),
        _l("In writing. Later improvements are not shared unless the contract says so."),
    ),
    ContractType.LICENCE: (
        _l("Civil Code, articles 863, 875"),
        _l("In writing. Later improvements are not shared unless the contract says so."),
    ),
    ContractType.CONSULTING: (
        _l("Civil Code, articles 843 to 887"),
        _l("Results that come out of the work belong to whoever made them unless agreed otherwise (article 885)."),
    ),
    ContractType.SERVICE: (
        _l("Civil Code, articles 843 to 887"),
        _l("Results that come out of the work belong to whoever made them unless agreed otherwise (article 885)."),
    ),
}
"""Short name of the articles, and what they say in plain words."""

IP_LAW: Mapping[IpWish, tuple[object, object]] = {
    IpWish.ENTERPRISE: (
        _l("Civil Code, article 859"),
        _l("This must be agreed in the contract: by default the right belongs to the developer."),
    ),
    IpWish.TEAM: (
        _l("Civil Code, article 859"),
        _l("This is what the law provides where nothing is agreed in an entrusted development."),
    ),
    IpWish.JOINT: (
        _l("Civil Code, article 860; Patent Law, article 14"),
        _l("A co-owner may use the patent and give ordinary licences alone and shares the fees; the rest needs all."),
    ),
    IpWish.POOL: (
        _l("Regulation of Guangdong on IP Protection, articles 35 and 39"),
        _l("Licences of the pool are non-exclusive and alike for all; the owner stays free to license alone."),
    ),
    IpWish.OPEN: (
        _l("Patent Law, articles 50 to 52"),
        _l("Anybody who gives notice and pays the published fee is licensed."),
    ),
}

REASONS: Mapping[str, object] = {
    "orders.no_bids": _l("No valid bid was received by the deadline."),
    "orders.few_bids": _l("Fewer valid bids were received than the procedure asks. The order can be tendered again."),
}
"""Reasons that the program itself gives; people's reasons are kept as they wrote them."""

words.refusals(
    {
        "hidden": _l("This is for others to decide."),
        "orders.reason_needed": _l("Please write the reason; the people concerned will read it."),
        "orders.not_enterprise": _l("Only enterprises place orders."),
        "orders.not_own": _l("You do not act for this enterprise."),
        "orders.not_member": _l("The enterprise is not a member of this alliance. Join it first."),
        "orders.not_verified": _l(
            "Your enterprise has not been verified yet; until then drafts can be kept, not submitted."
        ),
        "orders.not_editable": _l("The order can only be edited as a draft or after it was sent back."),
        "orders.not_amendable": _l("The order can only be changed while bids may come in."),
        "orders.not_unsuccessful": _l("Only an order that ended without a valid answer is tendered again."),
        "orders.retendered": _l("This order is already being tendered again."),
        "orders.own_screening": _l("You act for this enterprise yourself, so somebody else must screen its order."),
        "orders.confidential": _l(
            "The confidential part is open to the enterprise, its screeners and teams under agreement only."
        ),
        "orders.not_ready": _l("Places to complete before this is possible: %(count)s."),
        "orders.too_early": _l("The start of bidding has not come yet."),
        "orders.over": _l("The deadline has passed; the order stays as it is."),
        "orders.unchanged": _l("Nothing was changed."),
        "orders.many_files": _l("At most %(most)s files can be attached."),
        "readiness.title_missing": _l("Give the order a title that names the result you need."),
        "readiness.title_en_missing": _l("An English title helps teams from abroad to find it."),
        "readiness.problem_short": _l("Describe the problem in at least %(least)s characters (now %(length)s)."),
        "readiness.problem_brief": _l(
            "The problem is described in %(length)s characters; teams answer better from %(good)s on."
        ),
        "readiness.background_missing": _l("Say what was tried before and what equipment exists."),
        "readiness.field_missing": _l("Choose the field, so that the right teams find the order."),
        "readiness.contact_in_public": _l(
            "The public text names a contact (%(text)s). Questions go through this site, so that all teams know the same."
        ),
        "readiness.trl_missing": _l("Say where the technology stands now and how ready it must become (TRL)."),
        "readiness.trl_backwards": _l("The wanted readiness (TRL %(wanted)s) is below the present one (TRL %(now)s)."),
        "readiness.no_target": _l("Name at least one measurable target."),
        "readiness.no_must_have": _l("Mark at least one target as a must, else every bid would qualify."),
        "readiness.target_name": _l("Target %(number)s has no name."),
        "readiness.target_number": _l("Target %(number)s (%(name)s) needs a number that can be measured."),
        "readiness.target_range": _l("Target %(number)s (%(name)s): the upper value must be above the lower one."),
        "readiness.target_method": _l("Target %(number)s (%(name)s) needs a test method or standard."),
        "readiness.target_unit": _l("Target %(number)s (%(name)s) has no unit; write 1 if it has none."),
        "readiness.ceiling_missing": _l("Name the price ceiling: bids above it are not admitted."),
        "readiness.own_funds_missing": _l("Say how much of your own money you bring; 0 is an answer."),
        "readiness.own_funds_above": _l("Your own money is more than the price ceiling."),
        "readiness.deadline_missing": _l("Set the deadline for bids."),
        "readiness.deadline_near": _l("Bidding must stay open for at least %(days)s days."),
        "readiness.window_short": _l(
            "Bidding is open for less than %(days)s days; good teams may not make it in time."
        ),
        "readiness.start_after_deadline": _l("The start of bidding must come before the deadline."),
        "readiness.delivery_missing": _l("Set the date of delivery."),
        "readiness.delivery_before_deadline": _l("The delivery must come after the deadline for bids."),
        "readiness.procedure_reason_missing": _l(
            "A direct invitation needs its reason; it is published with the order."
        ),
        "readiness.nobody_invited": _l("Invite at least one team, else nobody could answer."),
        "readiness.budget_reason_missing": _l(
            "Say how you came to the price ceiling; an unexplained budget draws guesses instead of offers."
        ),
        "readiness.secrecy_words": _l(
            "The public text says “%(text)s”. What must not be public belongs in the confidential part."
        ),
        "readiness.template_left": _l("Places of the template are still to be filled in (marked 【 】)."),
        "readiness.contract_missing": _l("Choose the kind of contract."),
        "readiness.ip_missing": _l("Say who shall own the result."),
        "readiness.secret_in_public": _l("The public text repeats something of the confidential part: “%(text)s”."),
    }
)


def skeleton() -> str:
    """Return the problem of a template: what to write, each place marked until it is filled in."""
    return "\n".join(
        str(line)
        for line in (
            _l("Today: 【what goes wrong, on which product or line, how often】"),
            _l("What it costs: 【rejects, returns, hours or yuan a year】"),
            _l("Wanted: 【the result in one sentence; numbers belong into the targets】"),
            _l("What must not change: 【equipment, dimensions, approvals, unit cost】"),
        )
    )


def reason_text(reason: str) -> str:
    """Return a stored reason for readers: the program's own in their language, people's as written."""
    return str(REASONS.get(reason, reason))


_ACTS: Mapping[OrderState, object] = {
    S.DRAFT: _l("The enterprise completes the draft."),
    S.SCREENING: _l("The alliance's secretary or the centre screens it."),
    S.NEEDS_WORK: _l("The enterprise reworks it and submits again."),
    S.PUBLISHED: _l("Bidding starts at the time set; teams can already prepare."),
    S.BIDDING: _l("Teams bid; bids are sealed until the deadline, then two people open them."),
    S.CONCEPTS: _l("The centre chooses whose concept goes on; two people stand for the shortlist."),
    S.OPENED: _l("The centre takes it into a matching round."),
    S.EVALUATING: _l("The centre compares the bids in a matching round."),
    S.PROPOSED: _l("A second person at the centre decides on the match."),
    S.APPROVED: _l("The match is approved; the parties are told."),
    S.STANDSTILL: _l("Parties may object until the standstill ends."),
    S.CONTRACTING: _l("Enterprise and team settle the contract."),
    S.IN_DELIVERY: _l("The team delivers, the enterprise accepts."),
}


_CONCEPTS = _l("Teams hand in concepts without a price; they are sealed until the deadline, then two people open them.")
_FULL = _l(
    "The teams on the shortlist write full bids; these are sealed until the deadline, then two people open them."
)
_OVER = _l("The deadline has passed. Two people of the centre open the sealed bids.")


def who_acts(order: Order, now: datetime) -> str:
    """Return the sentence that names the next person, with the words of a return where there are some."""
    over = order.state is S.BIDDING and order.bid_deadline is not None and order.bid_deadline <= now
    sentence = str(_OVER if over else _bidding(order) if order.state is S.BIDDING else _ACTS.get(order.state, ""))
    return f"{sentence} {reason_text(order.reason)}".strip() if order.reason else sentence


def _bidding(order: Order) -> object:
    if asks_concepts(order):
        return _CONCEPTS
    return _FULL if asks_shortlist(order) else _ACTS[S.BIDDING]


STAGE_NAMES: Mapping[str, object] = {
    "open": _l("Open for bids"),
    "selecting": _l("Being decided"),
    "awarded": _l("Awarded"),
    "ended": _l("Ended without award"),
}
PRICE_NAMES: Mapping[str, object] = {
    "0-20": _l("below ¥200,000"),
    "20-50": _l("¥200,000 to ¥500,000"),
    "50-100": _l("¥500,000 to ¥1 million"),
    "100-300": _l("¥1 million to ¥3 million"),
    "300-": _l("¥3 million and more"),
}
SORT_NAMES: Mapping[str, object] = {
    "newest": _l("newest first"),
    "deadline": _l("nearest deadline first"),
    "ceiling": _l("highest ceiling first"),
}


def filter_choices() -> dict[str, list[tuple[str, object]]]:
    """Return the board's filters: for each name in the address its (value, label) pairs."""
    return {
        "field": words.choices(Field),
        "stage": list(STAGE_NAMES.items()),
        "contract": words.choices(ContractType),
        "price": list(PRICE_NAMES.items()),
        "sort": list(SORT_NAMES.items()),
    }
