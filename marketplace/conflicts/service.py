"""Declaring relations, looking at them, and overriding a found link with two people and a reason."""

from __future__ import annotations

from marketplace.accounts.models import Person
from marketplace.accounts.proving import require_fresh
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.conflicts import policy, queries
from marketplace.conflicts.models import ConflictOverride, Relation
from marketplace.conflicts.terms import End, OverrideTerms, RelationTerms
from marketplace.conflicts.workflow import ENDS, OVERRIDE, RELATION, EndKind, OverrideState, RelationState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.organisations.models import Organisation
from marketplace.storage import service as storage
from marketplace.web.filters import CITY

FILE_KINDS = ("pdf", "png", "jpg", "jpeg", "docx", "xlsx", "txt")
FEWEST_WORDS = 4
"""Characters of evidence: less says nothing that anybody could check."""


@use_case
def declare(call: Call, terms: RelationTerms) -> Relation:
    """Declare a relation; it counts at once. Whoever is named in words is recognised only where that is certain."""
    policy.may_declare(call.actor, terms.near).require()
    _check(terms)
    other = _recognise(terms)
    if other == terms.near:
        raise Invalid("conflicts.with_itself", field="other_name")
    row = Relation(
        kind=terms.kind,
        person_id=_of(terms.near, EndKind.PERSON),
        organisation_id=_of(terms.near, EndKind.ORGANISATION),
        other_kind=terms.other_kind,
        other_person_id=_of(other, EndKind.PERSON),
        other_organisation_id=_of(other, EndKind.ORGANISATION),
        other_name=terms.other_name.strip(),
        other_at=terms.other_at.strip(),
        since=terms.since,
        until=terms.until,
        evidence=terms.evidence.strip(),
        file_id=storage.keep(call, terms.upload, FILE_KINDS).id if terms.upload else None,
        state=RelationState.DECLARED,
        declared_by=call.actor.account,
        declared_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "conflicts.declare", "relation", row.id, _detail(row))
    return row


@use_case
def withdraw(call: Call, relation_id: int, reason: str) -> Relation:
    """Take one's own declaration back, with the reason, before an officer has looked at it."""
    row = queries.get_relation(call, relation_id)
    policy.may_withdraw(call.actor, row.declared_by).require()
    return _decide(call, row, "withdraw", _given(reason))


@use_case
def confirm(call: Call, relation_id: int) -> Relation:
    """Confirm a declared relation on its evidence."""
    row = queries.get_relation(call, relation_id)
    policy.may_decide(call.actor, row.person_ids).require()
    return _decide(call, row, "confirm", "")


@use_case
def refuse(call: Call, relation_id: int, reason: str) -> Relation:
    """Find that a declared relation does not hold, with the reason; it counts no more and stays readable."""
    row = queries.get_relation(call, relation_id)
    policy.may_decide(call.actor, row.person_ids).require()
    return _decide(call, row, "refuse", _given(reason))


@use_case
def identify(call: Call, relation_id: int, other_id: int) -> Relation:
    """Say which known person or organisation a declaration means by the name it gives."""
    row = queries.get_relation(call, relation_id)
    policy.may_decide(call.actor, row.person_ids | _persons(row.other_kind, other_id)).require()
    if row.state is not RelationState.DECLARED and row.state is not RelationState.CONFIRMED:
        raise Conflict("conflicts.over")
    if row.other is not None:
        raise Conflict("conflicts.known")
    if other_id not in {candidate.id for candidate in queries.candidates(row)}:
        raise Invalid("conflicts.no_candidate", field="other_id")
    if End(row.other_kind, other_id) == row.near:
        raise Invalid("conflicts.with_itself", field="other_id")
    if row.other_kind is EndKind.PERSON:
        row.other_person_id = other_id
    else:
        row.other_organisation_id = other_id
    audit.record(call, "conflicts.identify", "relation", row.id, {"other": other_id})
    return row


@use_case
def propose_override(call: Call, terms: OverrideTerms) -> ConflictOverride:
    """The first officer gives the reason why a found link shall not stand in the way of one subject."""
    link = queries.find_link(terms.key, call.now.astimezone(CITY).date())
    policy.may_override(call.actor, link.persons if link else ()).require()
    if link is None:
        raise NotFound("link")
    reason = _given(terms.reason)
    if queries.overrides_of(terms.subject_kind, terms.subject_id, [link.key]):
        raise Conflict("conflicts.override_exists")
    row = ConflictOverride(
        subject_kind=terms.subject_kind,
        subject_id=terms.subject_id,
        key=link.key,
        link=link.content,
        link_hash=approvals.content_hash(link.content),
        content_hash="",
        reason=reason,
        state=OverrideState.PROPOSED,
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    row.content_hash = fingerprint(row)
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, queries.OVERRIDE, row.id, row.content_hash)
    audit.record(call, "conflicts.propose_override", "override", row.id, _override_detail(row))
    return row


@use_case
def approve_override(call: Call, override_id: int, seen: str) -> ConflictOverride:
    """A different natural person approves exactly the link and the reason with fingerprint ``seen``."""
    require_fresh(call)
    row = queries.get_override(call, override_id)
    link = queries.find_link(row.key, call.now.astimezone(CITY).date())
    policy.may_override(call.actor, link.persons if link else ()).require()
    target = OVERRIDE.require(row.state, "approve")
    unchanged = link is not None and approvals.content_hash(link.content) == row.link_hash
    if seen != row.content_hash or fingerprint(row) != row.content_hash or not unchanged:
        raise Conflict("approvals.changed")
    approvals.approve(call, queries.OVERRIDE, row.id, row.content_hash)
    row.state, row.decided_by, row.decided_at = target, call.actor.account, call.now
    audit.record(call, "conflicts.approve_override", "override", row.id, _override_detail(row))
    return row


@use_case
def refuse_override(call: Call, override_id: int, reason: str) -> ConflictOverride:
    """Refuse a proposed override or end an approved one, with the reason; the link stands in the way again."""
    row = queries.get_override(call, override_id)
    policy.may_override(call.actor, ()).require()
    row.state = OVERRIDE.require(row.state, "refuse")
    row.refusal, row.decided_by, row.decided_at = _given(reason), call.actor.account, call.now
    audit.record(call, "conflicts.refuse_override", "override", row.id, _override_detail(row))
    return row


def fingerprint(row: ConflictOverride) -> str:
    """What the two people stand for: this subject, this link as they read it, and this reason."""
    return approvals.content_hash([row.subject_kind.value, row.subject_id, row.key, row.link_hash, row.reason])


def _check(terms: RelationTerms) -> None:
    if (terms.near.kind, terms.other_kind) not in ENDS[terms.kind]:
        raise Invalid("conflicts.wrong_ends", field="other_kind")
    if not terms.other_name.strip():
        raise Invalid("conflicts.name_needed", field="other_name")
    if len(terms.evidence.strip()) < FEWEST_WORDS:
        raise Invalid("conflicts.evidence_needed", field="evidence")
    if terms.since and terms.until and terms.until < terms.since:
        raise Invalid("conflicts.dates", field="until")
    known = db.session.get(Person if terms.near.kind is EndKind.PERSON else Organisation, terms.near.id)
    if known is None:
        raise Invalid("conflicts.nobody", field="near")


def _recognise(terms: RelationTerms) -> End | None:
    """An organisation by its code or full name; a person by name and place when exactly one such person acts there."""
    if terms.other_kind is EndKind.ORGANISATION:
        organisation = queries.find_organisation(terms.other_name)
        return None if organisation is None else End(EndKind.ORGANISATION, organisation.id)
    place = queries.find_organisation(terms.other_at) if terms.other_at.strip() else None
    named = [each for each in queries.persons_called(terms.other_name.strip()) if place and place.name in each.places]
    return End(EndKind.PERSON, named[0].id) if len(named) == 1 else None


def _of(end: End | None, kind: EndKind) -> int | None:
    return end.id if end is not None and end.kind is kind else None


def _persons(kind: EndKind, key: int) -> frozenset[int]:
    return frozenset({key}) if kind is EndKind.PERSON else frozenset()


def _decide(call: Call, row: Relation, event: str, reason: str) -> Relation:
    row.state = RELATION.require(row.state, event)
    row.reason, row.decided_by, row.decided_at = reason, call.actor.account, call.now
    audit.record(call, f"conflicts.{event}", "relation", row.id, _detail(row))
    return row


def _given(reason: str) -> str:
    text = reason.replace("\x00", "").strip()
    if not text:
        raise Invalid("conflicts.reason_needed", field="reason")
    return text


def _detail(row: Relation) -> dict[str, object]:
    """Between whom and of which kind; what the evidence says stays with the declaration."""
    return {
        "kind": row.kind.value,
        "near": [row.near.kind.value, row.near.id],
        "other": [row.other.kind.value, row.other.id] if row.other else None,
    }


def _override_detail(row: ConflictOverride) -> dict[str, object]:
    return {"subject": [row.subject_kind.value, row.subject_id], "link": row.key, "content": row.content_hash}
