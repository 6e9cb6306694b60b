"""The life of a bid."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class BidState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_RECONFIRM = "needs_reconfirm"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CONCEPT = "concept"
    PASSED_OVER = "passed_over"
    TECHNICAL = "technical"
    OPENED = "opened"
    DISQUALIFIED = "disqualified"
    WON = "won"
    LOST = "lost"


S = BidState
BID = Workflow(
    "bid",
    BidState,
    S.DRAFT,
    [
        Transition("submit", frozenset({S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.WITHDRAWN}), S.SUBMITTED),
        Transition("withdraw", frozenset({S.SUBMITTED, S.NEEDS_RECONFIRM}), S.WITHDRAWN),
        Transition("ask_reconfirm", frozenset({S.SUBMITTED}), S.NEEDS_RECONFIRM),
        # A submitted bid lapses only with its order: cancelled before the opening, nobody may read it any more.
        Transition("lapse", frozenset({S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.CONCEPT}), S.LAPSED),
        # In two stages the concept is read first; on the shortlist it becomes the draft of the full bid, which is sealed again.
        Transition("open_concept", frozenset({S.SUBMITTED}), S.CONCEPT),
        Transition("shortlist", frozenset({S.CONCEPT}), S.DRAFT),
        Transition("pass_over", frozenset({S.CONCEPT}), S.PASSED_OVER, needs_reason=True),
        # Where the amounts lie in an envelope of their own, the plan is read and scored before anybody knows a price.
        Transition("open_technical", frozenset({S.SUBMITTED}), S.TECHNICAL),
        Transition("open", frozenset({S.SUBMITTED, S.TECHNICAL}), S.OPENED),
        Transition("disqualify", frozenset({S.TECHNICAL, S.OPENED}), S.DISQUALIFIED, needs_reason=True),
        Transition("win", frozenset({S.OPENED}), S.WON),
        Transition("lose", frozenset({S.OPENED}), S.LOST, needs_reason=True),
        Transition("reopen", frozenset({S.WON, S.LOST}), S.OPENED, needs_reason=True),
    ],
)

EDITABLE = frozenset({S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.WITHDRAWN})
DRAFTED = frozenset({S.DRAFT, S.WITHDRAWN})
"""States in which a change is only kept; in the other editable ones it counts at once, so it is a submission."""
READABLE = frozenset({S.TECHNICAL, S.OPENED, S.DISQUALIFIED, S.WON, S.LOST})
"""States in which the content has been opened: it lies in ``opened_bids``, or the technical part alone in ``technical_parts``."""


class Part(StrEnum):
    """What an opening opens: the content, or the amounts where they lie in an envelope of their own; before both the concept."""

    CONCEPT = "concept"
    CONTENT = "content"
    PRICE = "price"


class Scheme(StrEnum):
    """Where the private key of an opening is: in the opener's file, or split among three holders of whom two are needed."""

    FILE = "file"
    SPLIT = "split"


class Verdict(StrEnum):
    """Whether a concept goes on."""

    GOES = "yes"
    STAYS = "no"


class ShortlistState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


SHORTLIST = Workflow(
    "shortlist",
    ShortlistState,
    ShortlistState.PROPOSED,
    [
        # Proposed anew, with other teams, reasons or days: what was said to the former one is void.
        Transition("propose", frozenset({ShortlistState.PROPOSED}), ShortlistState.PROPOSED),
        Transition("confirm", frozenset({ShortlistState.PROPOSED}), ShortlistState.CONFIRMED),
    ],
)


class ConsentState(StrEnum):
    """Whether an institution authorises its team's part of a consortium (interpretation on technology contracts, art. 7)."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    RECALLED = "recalled"


C = ConsentState
CONSENT = Workflow(
    "consent",
    ConsentState,
    C.ASKED,
    [
        # Asking again with another part voids what was said about the former one.
        Transition("ask", frozenset({C.ASKED, C.GIVEN, C.REFUSED, C.RECALLED}), C.ASKED),
        Transition("give", frozenset({C.ASKED}), C.GIVEN),
        Transition("refuse", frozenset({C.ASKED}), C.REFUSED, needs_reason=True),
        Transition("take_back", frozenset({C.GIVEN}), C.REFUSED, needs_reason=True),
        Transition("recall", frozenset({C.ASKED, C.GIVEN, C.REFUSED}), C.RECALLED),
    ],
)


class RepairState(StrEnum):
    """The one window in which a bidder may put formal errors right after the opening."""

    ASKED = "asked"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


R = RepairState
REPAIR = Workflow(
    "repair",
    RepairState,
    R.ASKED,
    [
        Transition("answer", frozenset({R.ASKED}), R.ANSWERED),
        Transition("accept", frozenset({R.ANSWERED}), R.ACCEPTED),
        Transition("reject", frozenset({R.ANSWERED}), R.REJECTED, needs_reason=True),
        Transition("expire", frozenset({R.ASKED}), R.EXPIRED),
    ],
)


class Meets(StrEnum):
    """How a bid answers one target."""

    MEETS = "meets"
    EXCEEDS = "exceeds"
    PARTLY = "partly"
    NOT = "not"
