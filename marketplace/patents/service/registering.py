"""A patent comes into the register, is described, and its shares are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.db.versions import require_version
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.patents import policy, queries, records, schedule, transfers
from marketplace.patents.models import Patent, PatentShare
from marketplace.patents.terms import PatentTerms, ShareTerms
from marketplace.patents.transfers import Transfer
from marketplace.patents.workflow import SharePart


@use_case
def register_patent(call: Call, organisation_id: int, terms: PatentTerms) -> Patent:
    """Put a patent or application of an organisation into the register."""
    policy.may_register(call.actor, organisation_id).require()
    _require_free(terms, None)
    patent = records.new_patent(call, organisation_id, terms, queries.today(call))
    db.session.add(patent)
    db.session.flush()
    db.session.add_all(records.first_events(call, patent))
    audit.record(
        call, "patents.register", "patent", patent.id, {"organisation": organisation_id, "office": patent.office}
    )
    return patent


@use_case
def change_patent(call: Call, patent_id: int, terms: PatentTerms, version: int) -> Patent:
    """Describe a patent anew; days of publication and grant are part of its history and stay."""
    patent = queries.get_patent(call, patent_id)
    policy.may_change(call.actor, patent).require()
    read = patent.version
    _require_free(terms, patent.id)
    records.check_days(terms, queries.today(call))
    records.fill(patent, terms)
    require_version(patent, version, read)
    done = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    schedule.refresh(patent, queries.events_of(patent.id), done, queries.today(call))
    audit.record(call, "patents.change", "patent", patent.id)
    return patent


@use_case
def set_shares(call: Call, patent_id: int, part: SharePart, shares: Sequence[ShareTerms], day: date) -> Patent:
    """Write who owns, or who invented, how much from ``day`` on; earlier shares stay true for the time before."""
    patent = queries.get_patent(call, patent_id)
    policy.may_change(call.actor, patent).require()
    records.check_shares(shares, "shares")
    if not shares:
        raise Invalid("patents.shares", {"sum": 0}, field="shares")
    if day > queries.today(call):
        raise Invalid("patents.future", field="day")
    present = [row for row in patent.shares if row.part is part and row.valid_to is None]
    latest = max((row.valid_from for row in present), default=patent.filed_on)
    if day < latest:
        raise Conflict("patents.shares_day", {"day": latest})
    # Sold outside, its keeper is no owner and promised before.
    kept = part is SharePart.OWNER and patent.sold_on is None
    done = _announce(call, patent, present, shares, day) if kept else {}
    for row in present:
        row.valid_to = day
    patent.shares += [records.share_row(part, one, day) for one in shares]
    if part is SharePart.OWNER and patent.sold_on is not None:
        _keep_again(call, patent, shares)
    patent.version += 1
    detail = {"part": part, "holders": len(shares), "from": day.isoformat(), **done}
    audit.record(call, "patents.set_shares", "patent", patent.id, detail)
    return patent


def _keep_again(call: Call, patent: Patent, shares: Sequence[ShareTerms]) -> None:
    """The centre corrected a sale: where a member owns a part after all, the row is no history, and that member keeps it."""
    members = {one.organisation_id: one.share for one in shares if one.organisation_id is not None}
    if not members:
        return
    if patent.owner_id not in members:
        patent.owner_id = max(members, key=lambda key: (members[key], -key))
    patent.sold_on = None
    steps = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    schedule.refresh(patent, queries.events_of(patent.id), steps, queries.today(call))


def _announce(
    call: Call, patent: Patent, present: Sequence[PatentShare], shares: Sequence[ShareTerms], day: date
) -> dict[str, int]:
    """Tell the rooms above of everybody who comes in among the owners; the keeper itself only leaves by a transfer."""
    if patent.owner_id not in {one.organisation_id for one in shares}:
        raise Conflict("patents.owner_leaves")
    before = {(row.organisation_id, row.name) for row in present}
    since = min((row.valid_from for row in present), default=patent.filed_on)
    moves = []
    for one in shares:
        if (one.organisation_id, "" if one.organisation_id else one.name) in before:
            continue
        if one.organisation_id in {row.organisation_id for row in present} - {None}:
            continue
        moves.append(
            Transfer(patent, patent.owner_id, since, one.name, one.organisation_id, day, asserts=False, whole=False)
        )
    return transfers.announce(call, *moves)


def _require_free(terms: PatentTerms, except_id: int | None) -> None:
    office, number = records.number_of(terms)
    if queries.number_taken(office, number, except_id):
        raise Invalid("patents.taken", {"number": number}, field="number")
