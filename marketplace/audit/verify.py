"""The invariants of the whole site, checked from outside the services: the journal's chain, the money, the four eyes.

Used by tests and by ``flask audit verify``. It reads tables of later rooms by name only, because it stands below them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, or_, select

from marketplace.audit.books.contents import contents
from marketplace.audit.books.contracts import contracts, payments
from marketplace.audit.books.ledger import brought_in, ledger
from marketplace.audit.books.royalties import royalties
from marketplace.audit.models import AuditHead, AuditRecord
from marketplace.audit.service import START, audit_key, digest_of, seal_of
from marketplace.db.base import Base, db
from marketplace.kernel.call import STAFF

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: ``invariant`` names the rule, ``text`` the place in plain words."""

    invariant: str
    text: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.text}"


def findings() -> list[Finding]:
    """Check everything; an empty list means that nothing contradicts the journal, the ledger and the rules."""
    found: list[Finding] = []
    for name, check in CHECKS:
        found.extend(Finding(name, text) for text in check())
    return found


def chain() -> Iterator[str]:
    """Edited, missing, inserted or moved records, a cut tail and a moved head, each named by its sequence number."""
    key, before = audit_key(), _head()
    table = cast("Table", AuditRecord.__table__)
    expected, previous, known = 1, START, START
    rows = db.session.execute(select(table).order_by(table.c.sequence).execution_options(yield_per=BATCH))
    for row in rows:
        if row.sequence < expected:
            yield f"record {row.sequence} was inserted before the beginning"
            continue
        if row.sequence > expected:
            yield f"{_records(expected, row.sequence - 1)} missing"
        elif not _same(digest_of(key, previous, cast("AuditRecord", row)), row.digest):
            yield f"record {row.sequence} is not what was written"
        expected, previous = row.sequence + 1, row.digest
        if before is not None and row.sequence == before.sequence:
            known = row.digest
    yield from _ends(key, before, expected - 1, known)


def _head() -> Any | None:
    return db.session.execute(select(cast("Table", AuditHead.__table__))).first()


def _ends(key: bytes, before: Any | None, last: int, known: str) -> Iterator[str]:
    """Compare the records with the head as it was before they were read and as it is after: others write meanwhile.

    ``last`` is the last record's number, ``known`` the digest of the record that the first of the two heads names.
    """
    after = _head()
    if before is None or after is None:
        yield "the head is missing"
        return
    empty = after.sequence == 0 and after.digest == START and after.seal == ""
    if not empty and not _same(seal_of(key, after.sequence, after.digest), after.seal):
        yield f"the head was moved (it says {after.sequence})"
    if last < before.sequence:
        yield f"{_records(last + 1, before.sequence)} missing at the end"
    elif last > after.sequence:
        yield f"{_records(after.sequence + 1, last)} not known to the head"
    elif not _same(known, before.digest):
        yield f"record {before.sequence} is not the one the head knows"


def _records(first: int, last: int) -> str:
    return f"record {first} is" if first == last else f"records {first} to {last} are"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def four_eyes() -> Iterator[str]:
    """Approvals without a different person's proposal of exactly the same content, and approved matches without approval."""
    table = _table("endorsements")
    first = table.alias("first")
    proposed = exists().where(
        first.c.subject_kind == table.c.subject_kind,
        first.c.subject_id == table.c.subject_id,
        first.c.content_hash == table.c.content_hash,
        first.c.step == "proposed",
        first.c.person_id != table.c.person_id,
    )
    alone = select(table.c.subject_kind, table.c.subject_id).where(table.c.step == "approved", ~proposed)
    for kind, key in db.session.execute(alone.order_by(table.c.id)):
        yield f"{kind} {key} was approved without a different person's proposal of the same content"
    accounts = _table("accounts")
    borrowed = (
        select(table.c.id)
        .join(accounts, accounts.c.id == table.c.account_id)
        .where(accounts.c.person_id != table.c.person_id)
    )
    yield from (f"endorsement {key} names another person than its account's" for key in _ids(borrowed))
    yield from _unapproved()


def _unapproved() -> Iterator[str]:
    """What came into force although nobody approved it: matches, money brought in, openings."""
    proposals, contributions, orders = _table("proposals"), _table("fund_contributions"), _table("orders")
    transfers = _table("fund_transfers")
    present = _table("endorsements").c.content_hash == proposals.c.content_hash
    bare = select(proposals.c.id).where(proposals.c.state == "approved", ~_approval("proposal", proposals, present))
    yield from (f"proposal {key} is approved, but nobody approved its present content" for key in _ids(bare))
    given = contributions.c.state == "approved"
    unseen = select(contributions.c.id).where(given, ~_approval("contribution", contributions))
    yield from (f"contribution {key} is in force, but nobody approved it" for key in _ids(unseen))
    sent = select(transfers.c.id).where(transfers.c.state == "approved", ~_approval("transfer", transfers))
    yield from (f"transfer {key} is in force, but nobody approved it" for key in _ids(sent))
    unasked = select(orders.c.id).where(orders.c.opened_at.is_not(None), ~_approval("opening", orders))
    yield from (f"the bids of order {key} were opened, but nobody approved that" for key in _ids(unasked))
    early = select(orders.c.id).where(orders.c.concepts_at.is_not(None), ~_approval("concept_opening", orders))
    yield from (f"the concepts of order {key} were opened, but nobody approved that" for key in _ids(early))
    lists = _table("shortlists")
    listed = exists().where(lists.c.order_id == orders.c.id, lists.c.state == "confirmed")
    unchosen = select(orders.c.id).where(listed, ~_approval("shortlist", orders))
    yield from (f"the shortlist of order {key} is in force, but nobody approved it" for key in _ids(unchosen))

    bids, opened = _table("bids"), _table("opened_bids")
    priced = exists().where(bids.c.order_id == orders.c.id, opened.c.bid_id == bids.c.id, opened.c.price_salt != "")
    unpriced = select(orders.c.id).where(priced, ~_approval("price_opening", orders))
    yield from (f"the prices of order {key} were opened, but nobody approved that" for key in _ids(unpriced))


def limits() -> Iterator[str]:
    """Matches approved above an amount without one of the further persons that its level asked for at that time."""
    proposals, levels, given = _table("proposals"), _table("approval_levels"), _table("endorsements")
    by_level = exists().where(
        given.c.subject_kind == "proposal",
        given.c.subject_id == proposals.c.id,
        given.c.content_hash == proposals.c.content_hash,
        given.c.step == "approved",
        given.c.level_id == levels.c.id,
    )
    counted = and_(
        levels.c.above < proposals.c.price,
        levels.c.active_from < proposals.c.approved_at,
        or_(levels.c.ended_at.is_(None), levels.c.ended_at > proposals.c.approved_at),
    )
    lacking = (
        select(proposals.c.id, levels.c.id).join(levels, counted).where(proposals.c.state == "approved", ~by_level)
    )
    for proposal, level in db.session.execute(lacking.order_by(proposals.c.id, levels.c.id)):
        yield f"proposal {proposal} was approved without the person that level {level} asks for"


def contracting() -> Iterator[str]:
    """Awards under contract before their standstill was over, or over an objection that was open."""
    awards, complaints = _table("awards"), _table("complaints")
    early = select(awards.c.id).where(
        awards.c.state == "contracting", awards.c.started_at < awards.c.standstill_ends_at
    )
    yield from (f"award {key} went to contract within its standstill" for key in _ids(early))
    over = (
        select(awards.c.id)
        .join(complaints, complaints.c.award_id == awards.c.id)
        .where(
            awards.c.state == "contracting",
            complaints.c.filed_at <= awards.c.started_at,
            or_(complaints.c.decided_at.is_(None), complaints.c.decided_at > awards.c.started_at),
        )
        .distinct()
    )
    yield from (f"award {key} went to contract over an open objection" for key in _ids(over))


def _approval(kind: str, subject: Table, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    c = _table("endorsements").c
    return exists().where(c.subject_kind == kind, c.subject_id == subject.c.id, c.step == "approved", *more)


def roles() -> Iterator[str]:
    """Roles of staff in force that the journal does not know in this form: neither two people nor the founding gave them.

    The staff of a demo city are put there, so where the journal begins with one there is nothing to compare.
    """
    journal = select(AuditRecord.command, AuditRecord.subject_id, AuditRecord.detail)
    if db.session.execute(journal.where(AuditRecord.command == "demo.found").limit(1)).first():
        return
    c = _table("account_grants").c
    held = select(c.id, c.account_id, c.role, c.alliance_id).where(c.state == "active", c.role.in_(sorted(STAFF)))
    rows = db.session.execute(held.order_by(c.id)).all()
    # The journal is read after the roles: whatever was given in between is in it already.
    entered = db.session.execute(journal.where(AuditRecord.command.in_(["accounts.approve_grant", "accounts.found"])))
    known = {(key, _held(detail)) for _command, key, detail in entered}
    for row in rows:
        content = {"account": row.account_id, "role": str(row.role), "alliance": row.alliance_id}
        if (row.id, _held(content)) not in known:
            yield f"role {row.id} ({row.role} of account {row.account_id}) is in force, but was not given by two people"


def _held(content: Mapping[str, Any]) -> tuple[Any, ...]:
    return content.get("account"), content.get("role"), content.get("alliance")


def awards() -> Iterator[str]:
    """Orders awarded twice."""
    proposals = _table("proposals")
    twice = (
        select(proposals.c.order_id)
        .where(proposals.c.state == "approved")
        .group_by(proposals.c.order_id)
        .having(func.count() > 1)
    )
    yield from (f"order {key} was awarded more than once" for key in _ids(twice))


def sealing() -> Iterator[str]:
    """Bids that are readable before their opening, or were opened although their order was not."""
    bids, opened = _table("bids"), _table("opened_bids")
    early = select(bids.c.id).join(opened, opened.c.bid_id == bids.c.id).where(bids.c.opened_at.is_(None))
    yield from (f"bid {key} is readable, but was never opened" for key in _ids(early))
    orders, concepts = _table("orders"), _table("concept_parts")
    known = (
        select(bids.c.id).join(concepts, concepts.c.bid_id == bids.c.id).join(orders, orders.c.id == bids.c.order_id)
    )
    yield from (
        f"the concept of bid {key} is readable, but was never opened"
        for key in _ids(known.where(orders.c.concepts_at.is_(None)))
    )
    unasked = (
        select(bids.c.id)
        .join(orders, orders.c.id == bids.c.order_id)
        .where(bids.c.opened_at.is_not(None), or_(orders.c.opened_at.is_(None), bids.c.submitted_at.is_(None)))
    )
    yield from (f"bid {key} was opened, but its order was not or it was never submitted" for key in _ids(unasked))


def stamps() -> Iterator[str]:
    """Steps of an order's life out of their order in time."""
    orders = _table("orders")
    c = orders.c
    wrong: ColumnElement[bool] = or_(
        and_(c.opened_at.is_not(None), c.published_at.is_(None)),
        and_(c.approved_at.is_not(None), c.opened_at.is_(None)),
        c.opened_at < c.published_at,
        c.concepts_at < c.published_at,
        c.opened_at < c.concepts_at,
        c.approved_at < c.opened_at,
    )
    for reference in db.session.scalars(select(c.reference).where(wrong).order_by(c.id)):
        yield f"order {reference}: its stamps contradict each other"


def capacity() -> Iterator[str]:
    """Quarters in which a team promised more days than it has."""
    quarters = _table("team_quarters")
    c = quarters.c
    over = select(c.team_id, c.quarter).where(or_(c.reserved_days < 0, c.reserved_days > c.capacity_days))
    for team, quarter in db.session.execute(over.order_by(c.team_id, c.quarter)):
        yield f"team {team} promised more days than it has in {quarter}"


def rules() -> Iterator[str]:
    """Funds whose rules differ from the version in force, and versions in force that two people did not agree on."""
    funds, versions = _table("funds"), _table("fund_rules")
    held = versions.c.state == "in_force"
    query = select(funds, versions.c.number, versions.c.rules).join(versions, versions.c.fund_id == funds.c.id)
    for row in db.session.execute(query.where(held).order_by(funds.c.id)).mappings():
        for name, agreed in sorted(row["rules"].items()):
            present = _as_json(row[name])
            if present != agreed:
                yield f"fund {row['code']}: {name} is {present}, version {row['number']} of its rules says {agreed}"
    counted = versions.c.state.in_(["approved", "in_force", "replaced"])
    bare = select(versions.c.id).where(counted, ~_approval("fund_rules", versions))
    yield from (f"version {key} of a fund's rules counts, but nobody approved it" for key in _ids(bare))


def _as_json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


CHECKS: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("journal", chain),
    ("ledger", ledger),
    ("money brought in", brought_in),
    ("contracts", contracts),
    ("payments", payments),
    ("royalties", royalties),
    ("contents", contents),
    ("rules of funds", rules),
    ("four eyes", four_eyes),
    ("limits", limits),
    ("roles", roles),
    ("awards", awards),
    ("standstill", contracting),
    ("sealing", sealing),
    ("stamps", stamps),
    ("capacity", capacity),
)


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _ids(query: Select[Any]) -> list[int]:
    return sorted(db.session.scalars(query))
