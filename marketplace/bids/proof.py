"""Proof that an opened bid is the sealed one: its rows give the commitments on the bidder's receipt."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from marketplace.bids import sealing
from marketplace.bids.models import Bid, OpenedAnswer, OpenedBid, OpenedLoad, TechnicalPart
from marketplace.bids.sealing import Label, Sealed
from marketplace.bids.terms import FIRST_FORMAT, Answer, BidTerms, Load
from marketplace.bids.workflow import Meets


@dataclass(frozen=True, slots=True)
class Outline:
    """When a bid's work starts, how many months it lasts, and how many of the targets it says to meet or exceed."""

    start_on: date | None
    months: int | None
    met: int
    targets: int


_IN_COLUMNS = ("plan", "schedule", "price", "start_on", "months", "loads", "answers")


def terms_of(content: OpenedBid) -> BidTerms:
    """Return the opened rows in the shape in which they were sealed."""
    extras = content.extras or {}
    money, tasks, evidence = extras.get("money", {}), extras.get("tasks", {}), extras.get("evidence", {})
    first = BidTerms(
        plan=content.plan,
        schedule=content.schedule,
        price=content.price,
        start_on=content.start_on,
        months=content.months,
        loads=tuple(
            Load(row.team_id, row.person_days, money.get(str(row.team_id)), tasks.get(str(row.team_id), ""))
            for row in content.loads
        ),
        answers=tuple(
            Answer(a.target_id, a.meets, a.value, a.note, evidence.get(str(a.target_id), "")) for a in content.answers
        ),
    )
    if content.version == FIRST_FORMAT:
        return first
    return BidTerms.from_json({**first.as_json(), **{k: v for k, v in extras.items() if k in first.as_json()}})


def rows_of(sealed: Sealed) -> dict[str, Any]:
    """Return the columns and rows of ``OpenedBid`` that keep a content, complete with what ``terms_of`` needs."""
    terms = sealed.terms
    extras: dict[str, Any] = {k: v for k, v in terms.as_json().items() if k not in _IN_COLUMNS}
    extras["money"] = {str(load.team): load.money for load in terms.loads if load.money is not None}
    extras["tasks"] = {str(load.team): load.task for load in terms.loads if load.task}
    extras["evidence"] = {str(a.target): a.evidence for a in terms.answers if a.evidence}
    return {
        "plan": terms.plan,
        "schedule": terms.schedule,
        "price": terms.price,
        "start_on": terms.start_on,
        "months": terms.months,
        "salt": sealed.salt,
        "price_salt": sealed.price_salt,
        "version": sealed.version,
        "extras": {} if sealed.version == FIRST_FORMAT else extras,
        "loads": [OpenedLoad(team_id=load.team, person_days=load.person_days) for load in terms.loads],
        "answers": [OpenedAnswer(target_id=a.target, meets=a.meets, value=a.value, note=a.note) for a in terms.answers],
    }


def technical_of(part: TechnicalPart) -> Sealed:
    """Return the technical part of a bid whose amounts are sealed."""
    return Sealed(BidTerms.from_json(part.content), part.salt, version=part.version)


def outline_of(bid: Bid) -> Outline | None:
    """Return what a list shows of an opened bid, also while its amounts are sealed; None for a bid that was not opened."""
    if bid.content is not None:
        content = bid.content
        return Outline(content.start_on, content.months, content.targets_met, len(content.answers))
    if bid.technical is None:
        return None
    terms = technical_of(bid.technical).terms
    met = sum(answer.meets in {Meets.MEETS, Meets.EXCEEDS} for answer in terms.answers)
    return Outline(terms.start_on, terms.months, met, len(terms.answers))


def is_unaltered(bid: Bid, content: OpenedBid) -> bool:
    """Return whether the opened rows still say exactly what was committed to before the deadline."""
    label = Label(bid.id, bid.order_id, bid.team_id)
    sealed = Sealed(terms_of(content), content.salt, content.price_salt, content.version)
    same = hmac.compare_digest(sealing.commitment(label, sealed), bid.commitment)
    return same and hmac.compare_digest(sealing.price_commitment(label, sealed), bid.price_commitment)


def technical_is_unaltered(bid: Bid, part: TechnicalPart) -> bool:
    """The same for a technical part alone."""
    label = Label(bid.id, bid.order_id, bid.team_id)
    sealed = replace(technical_of(part), terms=technical_of(part).terms.without_prices())
    return hmac.compare_digest(sealing.commitment(label, sealed), bid.commitment)
