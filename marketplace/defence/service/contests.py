"""Contests for prior art: proposed, paid for by an alliance's fund, entered with claim charts, judged by two people, paid.

Money goes the way of all money: reserved when a second person releases the bounty, committed when a second person confirms who
earned it, paid with the bank's reference; what nobody earned goes back.
"""

from __future__ import annotations

from collections.abc import Collection

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.defence import costs, policy, queries
from marketplace.defence.models import Contest, PriorArt
from marketplace.defence.terms import ArtTerms, ContestTerms
from marketplace.defence.workflow import CASE, CONTEST, ContestState
from marketplace.funds import ledger
from marketplace.funds.workflow import Movement
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid

MOST_ELEMENTS = 30


@use_case
def propose_contest(call: Call, case_id: int, terms: ContestTerms) -> Contest:
    """Ask for art older than a claim, element by element; it opens when a second person has released the bounty."""
    case = queries.get_case(call, case_id)
    policy.may_serve(call.actor, case.alliance_id).require()
    CASE.require(case.state, "close")
    if terms.number not in case.numbers:
        raise Invalid("defence.patents", field="number")
    if not 1 <= len(terms.elements) <= MOST_ELEMENTS:
        raise Invalid("defence.elements", {"most": MOST_ELEMENTS}, field="elements")
    if not 0 < terms.bounty <= money.MAX_FEN:
        raise Invalid("defence.amount", field="bounty")
    if terms.closes_at <= call.now:
        raise Invalid("defence.closes", field="closes_at")
    if terms.fund_id not in {fund.id for fund in queries.bounty_funds(case.alliance_id)}:
        raise Invalid("defence.fund", field="fund_id")
    row = Contest(
        case_id=case.id,
        number=terms.number,
        claim=terms.claim,
        elements=list(terms.elements),
        before_on=terms.before_on,
        bounty=terms.bounty,
        fund_id=terms.fund_id,
        closes_at=terms.closes_at,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "contest", row.id, _bounty_print(row))
    audit.record(call, "defence.propose_contest", "contest", row.id, {"bounty": row.bounty, "fund": row.fund_id})
    return row


@use_case
def open_contest(call: Call, contest_id: int) -> Contest:
    """A second person releases the bounty: it is reserved in the fund, and everybody may send art."""
    row = queries.get_contest(call, contest_id)
    policy.may_move_bounty(call.actor).require()
    row.state = CONTEST.require(row.state, "open")
    approvals.approve(call, "contest", row.id, _bounty_print(row))
    _move(call, row, Movement.RESERVE, row.bounty, "reserve")
    audit.record(call, "defence.open_contest", "contest", row.id, {"bounty": row.bounty})
    return row


@use_case
def enter(call: Call, contest_id: int, terms: ArtTerms) -> PriorArt:
    """Send a document older than the claim with its chart: a passage for each element that it shows."""
    row = queries.get_contest(call, contest_id)
    policy.may_enter(call.actor, row).require()
    if row.state is not ContestState.OPEN or call.now >= row.closes_at:
        raise Conflict("defence.contest_closed")
    if terms.published_on >= row.before_on:
        raise Invalid("defence.too_young", {"day": row.before_on}, field="published_on")
    if len(terms.passages) != len(row.elements) or not any(terms.passages):
        raise Invalid("defence.chart_empty", field="passages")
    art = PriorArt(
        contest_id=row.id,
        account_id=call.actor.account,
        title=terms.title,
        reference=terms.reference,
        published_on=terms.published_on,
        passages=list(terms.passages),
        entered_at=call.now,
    )
    db.session.add(art)
    db.session.flush()
    audit.record(call, "defence.enter", "contest", row.id, {"art": art.id})
    return art


@use_case
def propose_award(call: Call, contest_id: int, holding: Collection[int]) -> Contest:
    """Say which entries hold, once the contest has closed; the bounty falls to them by the stated rule."""
    row = queries.get_contest(call, contest_id)
    policy.may_serve(call.actor, row.case.alliance_id).require()
    if call.now < row.closes_at:
        raise Conflict("defence.contest_runs")
    arts = queries.arts_of(row.id)
    if not holding or not set(holding) <= {art.id for art in arts}:
        raise Invalid("defence.choose_art", field="holding")
    row.state = CONTEST.require(row.state, "propose_award")
    held = [(art.id, art.passages) for art in arts if art.id in holding]
    won = costs.prizes(row.bounty, len(row.elements), held)
    for art in arts:
        art.holds, art.prize = art.id in holding, won.get(art.id, 0)
    db.session.flush()
    approvals.propose(call, "contest", row.id, _award_print(row))
    audit.record(call, "defence.propose_award", "contest", row.id, {"entries": sorted(holding)})
    return row


@use_case
def think_again(call: Call, contest_id: int) -> Contest:
    """The second person does not agree: the entries are judged anew."""
    row = queries.get_contest(call, contest_id)
    policy.may_move_bounty(call.actor).require()
    row.state = CONTEST.require(row.state, "think_again")
    for art in queries.arts_of(row.id):
        art.holds, art.prize = False, 0
    audit.record(call, "defence.think_again", "contest", row.id)
    return row


@use_case
def award(call: Call, contest_id: int) -> Contest:
    """A second person confirms who earned what: it is committed, and the rest goes back to the fund."""
    row = queries.get_contest(call, contest_id)
    policy.may_move_bounty(call.actor).require()
    row.state = CONTEST.require(row.state, "award")
    approvals.approve(call, "contest", row.id, _award_print(row))
    earned = sum(art.prize for art in queries.arts_of(row.id))
    _move(call, row, Movement.COMMIT, earned, "commit")
    if rest := row.bounty - earned:
        _move(call, row, Movement.RELEASE, rest, "release")
    audit.record(call, "defence.award", "contest", row.id, {"earned": earned})
    return row


@use_case
def pay(call: Call, contest_id: int, bank_reference: str) -> Contest:
    """Note the bank's payment of all prizes."""
    row = queries.get_contest(call, contest_id)
    policy.may_move_bounty(call.actor).require()
    row.state, row.ended_at = CONTEST.require(row.state, "pay"), call.now
    row.bank_reference = bank_reference
    earned = sum(art.prize for art in queries.arts_of(row.id))
    _move(call, row, Movement.PAY, earned, "pay")
    audit.record(call, "defence.pay", "contest", row.id, {"paid": earned})
    return row


@use_case
def end_contest(call: Call, contest_id: int, reason: str) -> Contest:
    """End a contest without an award; a reserved bounty goes back to the fund."""
    row = queries.get_contest(call, contest_id)
    if not policy.may_move_bounty(call.actor):
        policy.may_serve(call.actor, row.case.alliance_id).require()
    reserved = row.state is ContestState.OPEN
    row.state, row.reason, row.ended_at = CONTEST.require(row.state, "end"), reason, call.now
    if reserved:
        _move(call, row, Movement.RELEASE, row.bounty, "release")
    audit.record(call, "defence.end_contest", "contest", row.id)
    return row


def _move(call: Call, row: Contest, movement: Movement, amount: int, step: str) -> None:
    ledger.move(
        call,
        row.fund_id,
        movement,
        amount,
        key=f"contest:{row.id}:{step}",
        subject_kind="contest",
        subject_id=row.id,
        memo=row.number,
    )


def _bounty_print(row: Contest) -> str:
    content = {"number": row.number, "claim": row.claim, "elements": row.elements, "fund": row.fund_id}
    return approvals.content_hash({**content, "bounty": row.bounty, "closes": row.closes_at.isoformat()})


def _award_print(row: Contest) -> str:
    return approvals.content_hash({"prizes": [[art.id, art.holds, art.prize] for art in queries.arts_of(row.id)]})
