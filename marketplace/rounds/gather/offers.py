"""Opened bids as offers: who may enter, what each is worth and what it asks of which team in which quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.bids.models import Bid, OpenedBid
from marketplace.conflicts.found import Found
from marketplace.kernel.money import BASIS
from marketplace.matching.problem import Offer, Team
from marketplace.orders.models import Order
from marketplace.organisations.workflow import OrganisationState
from marketplace.rounds.gather import scores
from marketplace.rounds.gather.facts import Facts, Record
from marketplace.rounds.gather.fit import OrderFit
from marketplace.rounds.keys import bid_key, order_key, team_key
from marketplace.rounds.workflow import Dropped, Part
from marketplace.talent.capacity import free_days, spread


@dataclass
class Entered:
    """The offers, what they ask of teams by quarter, their score sheets by bid key, and the bids that stayed out."""

    offers: list[Offer] = field(default_factory=list)
    loads: dict[str, dict[tuple[int, str], int]] = field(default_factory=dict)
    sheets: dict[str, dict[str, Any]] = field(default_factory=dict)
    dropped: list[dict[str, Any]] = field(default_factory=list)


def enter(facts: Facts, fits: Mapping[int, OrderFit], barred: Mapping[int, Found]) -> Entered:
    """Make an offer of every opened bid that may take part; say of the others why not.

    ``barred`` are bids with a conflict of interest between their two sides.
    """
    entered = Entered()
    orders = {row.order_id: row.order for row in facts.orders}
    dearest: dict[int, int] = {}
    for bid in facts.bids:
        if bid.content is not None:
            dearest[bid.order_id] = max(dearest.get(bid.order_id, 0), bid.content.price)
    for bid in sorted(facts.bids, key=lambda b: b.id):
        order, content = orders[bid.order_id], bid.content
        if content is None:
            continue
        why = dropped(order, bid, content, facts.persons)
        if why is not None:
            entered.dropped.append({"bid": bid.id, "order": bid.order_id, "why": why})
            continue
        if bid.id in barred:
            entered.dropped.append(
                {"bid": bid.id, "order": bid.order_id, "why": Dropped.CONFLICT} | _link(barred[bid.id])
            )
            continue
        key = bid_key(bid.id)
        sheet = _sheet(facts, order, bid, content, fits[order.id], dearest[order.id])
        entered.sheets[key] = sheet
        entered.loads[key] = loads_of(content)
        uses = {team_key(team, quarter): days for (team, quarter), days in sorted(entered.loads[key].items())}
        entered.offers.append(Offer(key, order_key(order.id), content.price, sheet["value"], uses))
    return entered


def _link(link: Found) -> dict[str, str]:
    """What the run remembers of a link: its key and who is joined how; the evidence stays with the declaration."""
    return {"link": link.key, "who": f"{link.left_name} – {link.right_name}", "kind": link.kind.value}


def dropped(order: Order, bid: Bid, content: OpenedBid, persons: Mapping[int, frozenset[int]]) -> Dropped | None:
    """Return why a bid may not enter: an interest on both sides, a suspended party, or a price above the ceiling."""
    enterprise = order.organisation
    sides = {bid.team.organisation.id: bid.team.organisation}
    sides |= {load.team.organisation_id: load.team.organisation for load in content.loads}
    if enterprise.id in sides:
        return Dropped.OWN_SIDE
    acting = persons.get(enterprise.id, frozenset())
    if any(acting & persons.get(side, frozenset()) for side in sides):
        return Dropped.SHARED_PERSON
    if any(party.state is not OrganisationState.VERIFIED for party in (enterprise, *sides.values())):
        return Dropped.SUSPENDED
    if order.price_ceiling is not None and content.price > order.price_ceiling:
        return Dropped.ABOVE_CEILING
    return None


def loads_of(content: OpenedBid) -> dict[tuple[int, str], int]:
    """Return person-days by team and quarter."""
    loads: Counter[tuple[int, str]] = Counter()
    for load in content.loads:
        for quarter, days in spread(load.person_days, content.start_on, content.months).items():
            if days:
                loads[load.team_id, quarter] += days
    return dict(loads)


def problem_teams(loads: Mapping[str, Mapping[tuple[int, str], int]]) -> list[Team]:
    """Return every team and quarter that some offer asks for, with the days that are free there."""
    pairs = sorted({pair for each in loads.values() for pair in each})
    free = free_days(pairs)
    return [Team(team_key(team, quarter), max(0, free[team, quarter])) for team, quarter in pairs]


def _sheet(facts: Facts, order: Order, bid: Bid, content: OpenedBid, fit: OrderFit, dearest: int) -> dict[str, Any]:
    """Return the parts of a bid's value, their points, and the facts they rest on."""
    plan, evidence, words = fit.of(bid_key(bid.id), bid.team_id)
    record = facts.records.get(bid.team_id, Record())
    wanted = {t.id for t in order.targets if t.must_have} or {t.id for t in order.targets}
    answers = [answer.meets for answer in content.answers if answer.target_id in wanted]
    ceiling = order.price_ceiling or dearest
    end = scores.add_months(content.start_on, content.months)
    delivery = order.delivery_on or end
    text = scores.texts(plan, evidence)
    parts = {
        Part.FIT: scores.fit(text, record.kept.standing),
        Part.TARGETS: scores.targets(answers),
        Part.QUALITY: scores.judged(facts.qualities.get(bid.id), record.evidence, record.won, record.decided),
        Part.PRICE: scores.price(content.price, ceiling),
        Part.TIME: scores.time(end, delivery),
        Part.STABILITY: scores.stability((order.id, bid.id) in facts.before),
    }
    value = scores.weigh(parts, {part: facts.round.weights.get(part, 0) for part in Part})
    return {
        "order": order.id,
        "value": value.value,
        "parts": {str(part): score for part, score in value.parts.items()},
        "points": {str(part): points for part, points in value.points.items()},
        "words": words,
        "text": text,
        "ceiling": ceiling,
        "facts": _facts(answers, wanted, content, record, ceiling, end, delivery) | _told(facts, bid),
    }


def _facts(
    answers: list[Any], wanted: set[int], content: OpenedBid, record: Record, ceiling: int, end: date, delivery: date
) -> dict[str, Any]:
    met = sum(1 for answer in answers if answer.value in ("meets", "exceeds"))
    return {
        "met": met,
        "wanted": len(wanted),
        "months": content.months,
        "saved": (ceiling - content.price) * BASIS // ceiling,
        "late_days": max(0, (end - delivery).days),
        "evidence": record.evidence,
        "won": record.won,
        "decided": record.decided,
        "milestones": record.kept.accepted,
        "on_time": record.kept.on_time,
    }


def _told(facts: Facts, bid: Bid) -> dict[str, Any]:
    """The committee's quality where one judged the bid: then it, and not what the team has shown, is the QUALITY part."""
    quality = facts.qualities.get(bid.id)
    return {} if quality is None else {"committee": quality}
