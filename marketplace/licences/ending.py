"""How a running licence ends early: by agreement, or by one side after it gave notice of a breach and waited.

Agreement ends a contract at any time (Civil Code 562). One side alone ends it when the other, asked to put a breach right, has
not done so within a reasonable time (563), and not later than a year after (564). The notice is an endorsement, as wishes are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement
from marketplace.kernel.call import Actor, Call
from marketplace.licences import policy, queries, wishes
from marketplace.licences.models import Licence
from marketplace.licences.workflow import Breach, FeeMode, LicenceState, Outlook, Side, StatementState
from marketplace.patents.workflow import ALIVE
from marketplace.web.dates import CITY

BREACH = "licence_breach"
TIME_TO_MEND = timedelta(days=30)
LASTS = timedelta(days=365)

Asked = dict[Side, wishes.Words]


@dataclass(frozen=True, slots=True)
class Notice:
    """One side's word of ``day`` that the other broke the licence. It may end it alone from ``first`` to ``last``."""

    side: Side
    breach: Breach
    word: Endorsement

    @property
    def day(self) -> date:
        return self.word.at.astimezone(CITY).date()

    @property
    def first(self) -> date:
        return self.day + TIME_TO_MEND

    @property
    def last(self) -> date:
        return self.day + LASTS


def breaches(licence: Licence, side: Side, day: date) -> list[Breach]:
    """What a side may reproach the other with; statements and patents only where the records show it."""
    if side is Side.LICENSOR:
        late = any(
            one.state in {StatementState.DUE, StatementState.QUESTIONED} and one.due_on < day
            for one in queries.statements_of(licence.id)
        )
        unpaid = licence.fee_mode is not FeeMode.FREE
        kept = {Breach.UNPAID: not unpaid, Breach.UNSTATED: not late, Breach.BEYOND: False}
    else:
        alive = all(part.patent.state in ALIVE for part in licence.parts)
        kept = {Breach.LAPSED: alive, Breach.INTRUDED: not licence.is_exclusive}
    return [breach for breach, holds in kept.items() if not holds]


def notice_of(licence: Licence, side: Side) -> Notice | None:
    """The notice of a side that stands."""
    if licence.state is not LicenceState.RUNNING:
        return None
    known = {one.content_hash: one for one in approvals.endorsements_of(BREACH, licence.id)}
    marks = ((breach, known.get(_mark(licence, side, breach))) for breach in Breach)
    return next((Notice(side, breach, word) for breach, word in marks if word is not None), None)


def give(call: Call, licence: Licence, side: Side, breach: Breach, reason: str) -> None:
    """Note a breach for a side, inside the running use case."""
    approvals.propose(call, BREACH, licence.id, _mark(licence, side, breach), reason)


def side_of(actor: Actor, licence: Licence, asked: Asked) -> Side | None:
    """The side an actor speaks for; who speaks for both, for the one whose word is missing."""
    mine = [side for side in reversed(Side) if wishes.speaking(actor, licence, side)]
    open_ones = [side for side in mine if not wishes.said(asked.get(side, {}))]
    return next(iter(open_ones or mine), None)


def outlook(actor: Actor, licence: Licence, day: date, asked: Asked) -> Outlook:
    """What follows when an actor that may ask for a licence's end does so on ``day``."""
    side = side_of(actor, licence, asked)
    if policy.ends_alone(actor, licence) or side is None:
        return Outlook.ALONE
    own = asked.get(side, {})
    mine = wishes.speaking(actor, licence, side)
    new = {key for key in mine & own.keys() if own[key] is None}
    waits = any(word is None and key not in new for key, word in own.items())
    if not waits and may_end_alone(licence, side, day):
        return Outlook.ALONE
    if waits or not all(wishes.said(words) for each, words in asked.items() if each is not side):
        return Outlook.PROPOSE if new else Outlook.SAID
    return Outlook.AGREE


def may_end_alone(licence: Licence, side: Side, day: date) -> bool:
    """Whether a side gave notice of a breach, the time to put it right is over, and the records do not show that it was.

    What was late only after the notice is a breach that nobody was asked to put right.
    """
    notice = notice_of(licence, side)
    if notice is None or not notice.first <= day <= notice.last:
        return False
    return notice.breach in breaches(licence, side, notice.day)


def take_back(actor: Actor, licence: Licence, asked: Asked) -> tuple[list[int | None], Notice | None]:
    """Take the actor's own wishes and its side's notice back, inside the running use case; return what there was."""
    gone = list[int | None]()
    found = None
    for side, words in asked.items():
        mine = wishes.speaking(actor, licence, side)
        gone += wishes.take_end_back(licence, words, mine)
        notice = notice_of(licence, side) if mine else None
        if notice is not None:
            found = notice
            approvals.take_back(BREACH, licence.id, _mark(licence, side, notice.breach))
    return gone, found


def to_turn_down(actor: Actor, licence: Licence, asked: Asked) -> list[Side]:
    """The sides opposite the actor's whose whole word is that the licence ends."""
    return [
        side
        for side, words in asked.items()
        if wishes.said(words)
        and not wishes.speaking(actor, licence, side)
        and any(wishes.speaking(actor, licence, other) for other in asked if other is not side)
    ]


def turn_down(actor: Actor, licence: Licence, asked: Asked) -> list[Side]:
    """Void what the other side asked, inside the running use case; return that side."""
    sides = to_turn_down(actor, licence, asked)
    for side in sides:
        wishes.take_end_back(licence, asked[side], asked[side].keys())
    return sides


def _mark(licence: Licence, side: Side, breach: Breach) -> str:
    return approvals.content_hash({"licence": licence.id, "side": side, "breach": breach})
