"""What happens in a defence: watches, threats in confidence, cases, joining, and the outcome."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.defence import policy, queries
from marketplace.defence.costs import Weight
from marketplace.defence.models import CaseMember, DefenceCase, Threat, Watch
from marketplace.defence.terms import CaseTerms, ThreatTerms, WatchTerms
from marketplace.defence.workflow import CASE, THREAT, CaseState
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound

MOST_PRODUCTS = 100_000


@use_case
def add_watch(call: Call, organisation_id: int, terms: WatchTerms) -> Watch:
    """Look out for patents that come in from now on."""
    policy.may_act_for(call.actor, organisation_id).require()
    if not (terms.words.strip() or terms.ipc.strip() or terms.applicant.strip()):
        raise Invalid("defence.watch_empty", field="words")
    row = Watch(
        organisation_id=organisation_id,
        name=terms.name,
        words=terms.words,
        ipc=terms.ipc,
        applicant=terms.applicant,
        created_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "defence.add_watch", "watch", row.id)
    return row


@use_case
def end_watch(call: Call, watch_id: int) -> None:
    """Look out no more."""
    row = db.session.scalar(select(Watch).where(Watch.id == watch_id)) if watch_id < 2**63 else None
    if row is None or row.ended_at is not None or not policy.may_act_for(call.actor, row.organisation_id):
        raise NotFound("watch")
    row.ended_at = call.now
    audit.record(call, "defence.end_watch", "watch", row.id)


@use_case
def report_threat(call: Call, organisation_id: int, terms: ThreatTerms) -> Threat:
    """Tell the alliance's staff, and nobody else, what is held against a member."""
    policy.may_act_for(call.actor, organisation_id).require()
    if terms.alliance_id not in call.actor.alliances:
        raise Forbidden("defence.not_member")
    row = Threat(
        organisation_id=organisation_id,
        alliance_id=terms.alliance_id,
        kind=terms.kind,
        asserted=terms.asserted,
        who=terms.who,
        text=terms.text,
        reported_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "defence.report", "threat", row.id)
    return row


@use_case
def open_case(call: Call, threat_id: int, terms: CaseTerms) -> DefenceCase:
    """Make a case of a threat: its words are written anew, so that nothing the member said in confidence goes on."""
    threat = queries.get_threat(call, threat_id)
    policy.may_serve(call.actor, threat.alliance_id).require()
    if not 0 < terms.budget <= money.MAX_FEN:
        raise Invalid("defence.amount", field="budget")
    threat.state = THREAT.require(threat.state, "take_up")
    row = DefenceCase(
        alliance_id=threat.alliance_id,
        title=terms.title,
        asserted=terms.asserted,
        summary=terms.summary,
        counsel=terms.counsel,
        budget=terms.budget,
        rule=terms.rule,
        opened_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "defence.open_case", "defence_case", row.id, {"rule": terms.rule})
    return row


@use_case
def join(call: Call, case_id: int, organisation_id: int, weight: Weight) -> DefenceCase:
    """Join a case while it gathers members, knowing one's share by the stated rule."""
    row = queries.get_case(call, case_id)
    policy.may_act_for(call.actor, organisation_id).require()
    if row.state is not CaseState.GATHERING:
        raise Conflict("defence.not_gathering")
    if any(member.organisation_id == organisation_id for member in row.members):
        raise Conflict("defence.joined")
    if not 0 <= weight.products <= MOST_PRODUCTS:
        raise Invalid("defence.products", {"most": MOST_PRODUCTS}, field="products")
    if not 0 <= weight.revenue <= money.MAX_FEN:
        raise Invalid("defence.amount", field="revenue")
    row.members.append(
        CaseMember(
            organisation_id=organisation_id, products=weight.products, revenue=weight.revenue, joined_at=call.now
        )
    )
    row.version += 1
    audit.record(call, "defence.join", "defence_case", row.id, {"organisation": organisation_id})
    return row


@use_case
def begin(call: Call, case_id: int) -> DefenceCase:
    """Nobody joins any more: the shares are fixed and the defence begins."""
    row = queries.get_case(call, case_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    if not row.members:
        raise Conflict("defence.nobody")
    row.state = CASE.require(row.state, "begin")
    audit.record(call, "defence.begin", "defence_case", row.id, {"members": len(row.members)})
    return row


@use_case
def close_case(call: Call, case_id: int, outcome: str, spent: int, saved: int) -> DefenceCase:
    """Write how it ended, what it cost and what it saved the members."""
    row = queries.get_case(call, case_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    for name, amount in (("spent", spent), ("saved", saved)):
        if not 0 <= amount <= money.MAX_FEN:
            raise Invalid("defence.amount", field=name)
    row.state = CASE.require(row.state, "close")
    row.outcome, row.spent, row.saved, row.closed_at = outcome, spent, saved, call.now
    audit.record(call, "defence.close_case", "defence_case", row.id, {"spent": spent, "saved": saved})
    return row


@use_case
def close_threat(call: Call, threat_id: int, reason: str) -> Threat:
    """Lay a threat aside, with words for its reporter."""
    row = queries.get_threat(call, threat_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    row.state, row.reason, row.closed_at = THREAT.require(row.state, "close"), reason, call.now
    audit.record(call, "defence.close_threat", "threat", row.id)
    return row
