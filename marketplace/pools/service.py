"""What happens to pools: offers, evaluations, admission by two people, leaving, and rules in versions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import func, select

from marketplace.accounts.queries import actor_of
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.conflicts import checks
from marketplace.conflicts.found import Side
from marketplace.conflicts.workflow import EndKind
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.patents import queries as patents
from marketplace.patents.models import PatentShare
from marketplace.pools import policy, queries
from marketplace.pools.models import PoolEvaluation, PoolOffer, PoolRules
from marketplace.pools.terms import EvaluationTerms, RulesTerms
from marketplace.pools.workflow import OFFER, RULES, Relation

LARGEST_FEE = 2_000
"""Basis points of income that a pool may keep."""


@use_case
def offer_patent(call: Call, patent_id: int, alliance_id: int, note: str) -> PoolOffer:
    """Offer a patent to the pool of an alliance its owner belongs to."""
    patent = patents.get_patent(call, patent_id)
    policy.may_offer(call.actor, patent, alliance_id).require()
    if queries.live_offer(patent.id) is not None:
        raise Conflict("pools.offered_already")
    row = PoolOffer(
        patent_id=patent.id, alliance_id=alliance_id, note=note, offered_by=call.actor.account, offered_at=call.now
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "pools.offer", "pool_offer", row.id, {"patent": patent.id, "alliance": alliance_id})
    return row


@use_case
def appoint_expert(call: Call, offer_id: int, email: str) -> PoolOffer:
    """Ask an expert who is close to nobody with a share in the patent."""
    row = queries.get_offer(call, offer_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    expert = queries.find_expert(email)
    if expert is None:
        raise Invalid("pools.no_expert", field="email")
    if patents_close(call, row, expert.person_id, frozenset(actor_of(expert).organisations)):
        raise Invalid("pools.conflict", field="email")
    row.state = OFFER.require(row.state, "appoint")
    row.expert_id = expert.id
    audit.record(call, "pools.appoint", "pool_offer", row.id, {"expert": expert.id})
    return row


def patents_close(call: Call, offer: PoolOffer, person_id: int, organisations: frozenset[int]) -> bool:
    """Return whether a person or the person's organisations are on the side of the patent's holders, or near to it."""
    return bool(organisations & _holders(offer)) or bool(close_to_holders(call, offer, {person_id}))


def close_to_holders(call: Call, offer: PoolOffer, person_ids: Collection[int]) -> set[int]:
    """Return which of these persons are near to a holder of the patent; a fixed number of statements for all of them."""
    side = checks.side_of_organisations(_holders(offer))
    found = checks.found_between(Side(persons=frozenset(person_ids)), side, patents.today(call))
    near = {end.id for link in found for end in (link.left, link.right) if end.kind is EndKind.PERSON}
    return near & set(person_ids)


def _holders(offer: PoolOffer) -> set[int]:
    shares = db.session.scalars(select(PatentShare).where(PatentShare.patent_id == offer.patent_id)).all()
    return {offer.patent.owner_id, *(s.organisation_id for s in shares if s.organisation_id is not None)}


@use_case
def evaluate(call: Call, offer_id: int, terms: EvaluationTerms) -> PoolOffer:
    """Write what the expert found; it is never changed afterwards."""
    row = queries.get_offer(call, offer_id)
    policy.may_evaluate(call.actor, row).require()
    if not terms.chart:
        raise Invalid("pools.chart", field="chart")
    if not 1 <= terms.weight <= 10:
        raise Invalid("pools.weight", field="weight")
    row.state = OFFER.require(row.state, "evaluate")
    row.weight = terms.weight
    db.session.add(
        PoolEvaluation(
            offer_id=row.id,
            expert_id=call.actor.account,
            validity=terms.validity,
            essentiality=terms.essentiality,
            relation=terms.relation,
            weight=terms.weight,
            chart=[{"element": element, "reading": reading} for element, reading in terms.chart],
            remark=terms.remark,
            at=call.now,
        )
    )
    audit.record(call, "pools.evaluate", "pool_offer", row.id)
    return row


@use_case
def propose_admission(call: Call, offer_id: int) -> PoolOffer:
    """The first person stands for the admission; substitutes are not admitted."""
    row = queries.get_offer(call, offer_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    _require_admissible(call, row)
    row.state = OFFER.require(row.state, "propose")
    approvals.propose(call, "pool_offer", row.id, queries.fingerprint(row))
    audit.record(call, "pools.propose", "pool_offer", row.id)
    return row


@use_case
def admit(call: Call, offer_id: int) -> PoolOffer:
    """The second person agrees: the patent is in the pool."""
    row = queries.get_offer(call, offer_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    _require_admissible(call, row)
    row.state = OFFER.require(row.state, "admit")
    row.admitted_at = row.decided_at = call.now
    approvals.approve(call, "pool_offer", row.id, queries.fingerprint(row))
    audit.record(call, "pools.admit", "pool_offer", row.id, {"patent": row.patent_id, "alliance": row.alliance_id})
    return row


@use_case
def refuse(call: Call, offer_id: int, reason: str) -> PoolOffer:
    """Keep the patent out of the pool, with words."""
    row = queries.get_offer(call, offer_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    row.state, row.reason, row.decided_at = OFFER.require(row.state, "refuse"), reason, call.now
    audit.record(call, "pools.refuse", "pool_offer", row.id)
    return row


@use_case
def withdraw(call: Call, offer_id: int) -> PoolOffer:
    """Take an offer back before it was decided."""
    row = queries.get_offer(call, offer_id)
    policy.may_withdraw(call.actor, row).require()
    row.state, row.decided_at = OFFER.require(row.state, "withdraw"), call.now
    audit.record(call, "pools.withdraw", "pool_offer", row.id)
    return row


@use_case
def leave(call: Call, offer_id: int, reason: str) -> PoolOffer:
    """Take a patent out of the pool: no new licence covers it, those that run go on."""
    row = queries.get_offer(call, offer_id)
    policy.may_withdraw(call.actor, row).require()
    row.state, row.reason, row.left_at = OFFER.require(row.state, "leave"), reason, call.now
    audit.record(call, "pools.leave", "pool_offer", row.id, {"patent": row.patent_id})
    return row


@use_case
def propose_rules(call: Call, alliance_id: int, terms: RulesTerms) -> PoolRules:
    """Write a new version of a pool's conditions; it holds once a different person approved it."""
    policy.may_serve(call.actor, alliance_id).require()
    _check(terms)
    present = queries.rules_of(alliance_id)
    if present is not None and (terms.bundle_cap > present.bundle_cap or terms.rate > present.rate):
        raise Invalid("pools.price_rises", field="bundle_cap" if terms.bundle_cap > present.bundle_cap else "rate")
    last = db.session.scalar(select(func.max(PoolRules.number)).where(PoolRules.alliance_id == alliance_id)) or 0
    row = PoolRules(
        alliance_id=alliance_id,
        number=last + 1,
        **asdict(terms),
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "pool_rules", row.id, _rules_fingerprint(row))
    audit.record(call, "pools.propose_rules", "pool_rules", row.id, {"alliance": alliance_id, **asdict(terms)})
    return row


@use_case
def approve_rules(call: Call, rules_id: int) -> PoolRules:
    """The second person agrees: new licences follow this version, earlier ones keep theirs."""
    row = queries.get_rules(rules_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    present = queries.rules_of(row.alliance_id)
    row.state, row.decided_at = RULES.require(row.state, "approve"), call.now
    approvals.approve(call, "pool_rules", row.id, _rules_fingerprint(row))
    if present is not None:
        if row.bundle_cap > present.bundle_cap or row.rate > present.rate:
            raise Conflict("pools.price_rises")
        present.state = RULES.require(present.state, "replace")
    audit.record(call, "pools.approve_rules", "pool_rules", row.id, {"alliance": row.alliance_id})
    return row


@use_case
def refuse_rules(call: Call, rules_id: int) -> PoolRules:
    """Drop a proposed version."""
    row = queries.get_rules(rules_id)
    policy.may_serve(call.actor, row.alliance_id).require()
    row.state, row.decided_at = RULES.require(row.state, "refuse"), call.now
    audit.record(call, "pools.refuse_rules", "pool_rules", row.id)
    return row


def _require_admissible(call: Call, row: PoolOffer) -> None:
    """Who owns the patent may have changed since the expert was asked, so that nearness is looked at again."""
    found = queries.evaluation_of(row.id)
    if found is None:
        raise NotFound("evaluation")
    if found.relation is Relation.SUBSTITUTE:
        raise Conflict("pools.substitute")
    if row.patent.state not in policy.POOLABLE:
        raise Conflict("pools.not_valid")
    expert = row.expert
    if expert is not None and patents_close(call, row, expert.person_id, frozenset(actor_of(expert).organisations)):
        raise Conflict("pools.conflict_since")


def _rules_fingerprint(row: PoolRules) -> str:
    names = ("alliance_id", "number", "entry_fee", "patent_price", "bundle_cap", "rate", "pool_fee", "members_free")
    return approvals.content_hash({name: getattr(row, name) for name in names})


def _check(terms: RulesTerms) -> None:
    for name in ("entry_fee", "patent_price", "bundle_cap"):
        if not 0 <= getattr(terms, name) <= money.MAX_FEN:
            raise Invalid("pools.amount", field=name)
    if not 0 <= terms.rate <= money.BASIS:
        raise Invalid("pools.rate", field="rate")
    if not 0 <= terms.pool_fee <= LARGEST_FEE:
        raise Invalid("pools.fee", {"most": LARGEST_FEE // 100}, field="pool_fee")
