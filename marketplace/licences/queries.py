"""Reads of licences, statements and royalties."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from marketplace.approvals import service as approvals
from marketplace.db import ledger as books
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.licences import income, policy
from marketplace.licences.models import (
    Distribution,
    Licence,
    LicencePatent,
    OpenLicence,
    RoyaltyEntry,
    RoyaltyReceipt,
    RoyaltyStatement,
    RoyaltyTransaction,
)
from marketplace.licences.workflow import (
    DIVIDED,
    Account,
    LicenceKind,
    LicenceState,
    OpenState,
)
from marketplace.organisations.models import Organisation
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent, PatentShare
from marketplace.patents.workflow import SharePart

_LARGEST_ID = 2**63 - 1
EXCLUSIVE = (LicenceKind.SOLE, LicenceKind.EXCLUSIVE)


def visible_to(actor: Actor) -> Select[Licence]:
    """The same rule as ``policy.may_see``, as a query; the sides come with each row."""
    query = select(Licence).options(
        joinedload(Licence.licensee), joinedload(Licence.licensor), joinedload(Licence.alliance)
    )
    return query.where(_visible(actor))


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.reads_everything or actor.has(Role.FUND_MANAGER):
        return true()
    served = {g.alliance for g in actor.grants if g.role is Role.ALLIANCE_SECRETARY and g.alliance is not None}
    own = sorted(actor.organisations)
    return or_(
        Licence.licensee_id.in_(own) if own else false(),
        Licence.licensor_id.in_(own) if own else false(),
        Licence.alliance_id.in_(served) if served else false(),
        _taken_over(own) if own else false(),
    )


def _taken_over(own: list[int]) -> ColumnElement[bool]:
    """The same rule as ``policy.keepers``: the owners of a running licence, and of one that ended while they had the patent."""
    day = func.date(Licence.ended_at)
    bought = exists().where(
        LicencePatent.licence_id == Licence.id, Patent.id == LicencePatent.patent_id, Patent.owner_id.in_(own)
    )
    before = exists().where(
        PatentShare.patent_id == Patent.id,
        PatentShare.organisation_id == Patent.owner_id,
        PatentShare.part == SharePart.OWNER,
        PatentShare.valid_from <= day,
    )
    runs = (Licence.state == LicenceState.RUNNING) & bought.where(Patent.sold_on.is_(None))
    not_sold = or_(Patent.sold_on.is_(None), Patent.sold_on > day)
    ended = (Licence.state == LicenceState.ENDED) & bought.where(not_sold, before)
    return Licence.rests_on_id.is_(None) & Licence.licensor_id.not_in(own) & or_(runs, ended)


def get_licence(call: Call, licence_id: int, *, hold: bool = False) -> Licence:
    """The licence with patents and signatures; NotFound when it is not there or not the actor's to see.

    ``hold``: whoever decides about it next waits until the running use case is over.
    """
    row = None
    if 0 < licence_id <= _LARGEST_ID:
        if hold:
            db.session.execute(select(Licence.id).where(Licence.id == licence_id).with_for_update())
        query = visible_to(call.actor).where(Licence.id == licence_id)
        row = db.session.scalar(
            query.options(
                selectinload(Licence.parts).joinedload(LicencePatent.patent).joinedload(Patent.owner),
                selectinload(Licence.parts).joinedload(LicencePatent.patent).selectinload(Patent.shares),
                selectinload(Licence.signatures),
            )
        )
    if row is None:
        raise NotFound("licence")
    return row


def list_licences(actor: Actor, state: LicenceState | None = None) -> Select[Licence]:
    """The actor's licences, the newest first."""
    query = visible_to(actor)
    if state is not None:
        query = query.where(Licence.state == state)
    return query.order_by(Licence.id.desc())


def content(licence: Licence) -> dict[str, object]:
    """What the two sides sign, as plain JSON."""
    names = (
        "licensee_id",
        "licensor_id",
        "alliance_id",
        "kind",
        "field_of_use",
        "territory",
        "fee_mode",
        "lump",
        "entry_fee",
        "rate",
    )
    days = {name: str(getattr(licence, name)) for name in ("starts_on", "ends_on", "pay_from")}
    return {
        **{name: getattr(licence, name) for name in names},
        **days,
        **_of_chain(licence),
        "patents": [[part.patent_id, part.weight] for part in licence.parts],
    }  # fmt: skip


def _of_chain(licence: Licence) -> dict[str, object]:
    """Said only where there is something to say: what was signed before sub-licences keeps its fingerprint."""
    said = {"may_sublicense": licence.may_sublicense or None, "rests_on": licence.rests_on_id}
    return {name: value for name, value in said.items() if value is not None}


def fingerprint(licence: Licence) -> str:
    return approvals.content_hash(content(licence))


def running_on(patent_ids: Collection[int], kinds: Collection[LicenceKind] = tuple(LicenceKind)) -> Sequence[Licence]:
    """Running licences that cover one of these patents."""
    query = (
        select(Licence)
        .where(
            Licence.state == LicenceState.RUNNING,
            Licence.kind.in_(list(kinds)),
            Licence.id.in_(select(LicencePatent.licence_id).where(LicencePatent.patent_id.in_(list(patent_ids)))),
        )
        .order_by(Licence.id)
    )
    return db.session.scalars(query).all()


def held_by(organisation_id: int, on: date | None = None) -> set[int]:
    """The patents an organisation has licences of, of all or of those begun by the day ``on``.

    A promised licence waits behind somebody's exclusive one.
    """
    begun = true() if on is None else or_(Licence.starts_on.is_(None), Licence.starts_on <= on)
    first, part = aliased(Licence), aliased(LicencePatent)
    behind = exists().where(
        part.patent_id == LicencePatent.patent_id,
        part.licence_id == first.id,
        first.state == LicenceState.RUNNING,
        first.kind.in_(EXCLUSIVE),
        first.licensee_id != organisation_id,
    )
    query = (
        select(LicencePatent.patent_id)
        .join(Licence, Licence.id == LicencePatent.licence_id)
        .where(Licence.state == LicenceState.RUNNING, Licence.licensee_id == organisation_id, begun)
        .where(or_(Licence.irrevocable.is_(False), ~behind))
    )
    return set(db.session.scalars(query))


def history_of(patent_id: int) -> tuple[int, int]:
    """Return how many licences ever covered a patent and the fen it brought its owners and inventors."""
    licences = select(func.count()).select_from(LicencePatent).join(Licence, Licence.id == LicencePatent.licence_id)
    licences = licences.where(LicencePatent.patent_id == patent_id, Licence.started_at.is_not(None))
    royalties = select(func.coalesce(func.sum(RoyaltyEntry.amount), 0)).where(RoyaltyEntry.patent_id == patent_id)
    return int(db.session.scalar(licences) or 0), int(db.session.scalar(royalties) or 0)


def open_licences() -> Select[OpenLicence]:
    """What everybody may take, the newest first."""
    return (
        select(OpenLicence)
        .where(OpenLicence.state == OpenState.DECLARED)
        .options(joinedload(OpenLicence.patent).joinedload(Patent.owner))
        .order_by(OpenLicence.declared_at.desc(), OpenLicence.id.desc())
    )


def get_open(open_id: int) -> OpenLicence:
    query = select(OpenLicence).where(OpenLicence.id == open_id)
    row = (
        db.session.scalar(query.options(joinedload(OpenLicence.patent).joinedload(Patent.owner)))
        if 0 < open_id <= _LARGEST_ID
        else None
    )
    if row is None:
        raise NotFound("open_licence")
    return row


def open_of(patent_id: int) -> OpenLicence | None:
    query = select(OpenLicence).where(OpenLicence.patent_id == patent_id, OpenLicence.state == OpenState.DECLARED)
    return db.session.scalar(query)


def statements_of(licence_id: int) -> Sequence[RoyaltyStatement]:
    query = select(RoyaltyStatement).where(RoyaltyStatement.licence_id == licence_id)
    return db.session.scalars(query.order_by(RoyaltyStatement.period)).all()


def get_statement(call: Call, statement_id: int, *, hold: bool = False) -> RoyaltyStatement:
    """The statement, if its licence is the actor's to see; ``hold`` as in ``get_licence``."""
    known = 0 < statement_id <= _LARGEST_ID
    key = (
        db.session.scalar(select(RoyaltyStatement.licence_id).where(RoyaltyStatement.id == statement_id))
        if known
        else None
    )
    if key is None:
        raise NotFound("statement")
    get_licence(call, key, hold=hold)
    return db.session.get_one(RoyaltyStatement, statement_id, populate_existing=hold)


def receipts_of(licence_id: int) -> Sequence[RoyaltyReceipt]:
    query = select(RoyaltyReceipt).where(RoyaltyReceipt.licence_id == licence_id)
    return db.session.scalars(query.order_by(RoyaltyReceipt.id.desc())).all()


def get_receipt(call: Call, receipt_id: int) -> RoyaltyReceipt:
    row = db.session.get(RoyaltyReceipt, receipt_id) if 0 < receipt_id <= _LARGEST_ID else None
    if row is None or not policy.may_book(call.actor):
        raise NotFound("receipt")
    return row


def distributions_of(licence_id: int) -> Sequence[Distribution]:
    query = select(Distribution).where(Distribution.licence_id == licence_id)
    return db.session.scalars(query.order_by(Distribution.id.desc())).all()


def get_distribution(call: Call, distribution_id: int) -> Distribution:
    row = db.session.get(Distribution, distribution_id) if 0 < distribution_id <= _LARGEST_ID else None
    if row is None or not policy.may_book(call.actor):
        raise NotFound("distribution")
    return row


def parts_of(licence: Licence, day: date) -> list[income.Part]:
    """The licence's patents with their holders on ``day``, as the division wants them. Two statements."""
    ids = [part.patent_id for part in licence.parts]
    query = select(PatentShare).where(PatentShare.patent_id.in_(ids)).options(joinedload(PatentShare.organisation))
    shares = db.session.scalars(query.order_by(PatentShare.id)).all()
    found = []
    for part in licence.parts:
        rows = [
            s
            for s in shares
            if s.patent_id == part.patent_id and s.valid_from <= day and (s.valid_to is None or day < s.valid_to)
        ]
        owners = tuple(_owner(s) for s in rows if s.part is SharePart.OWNER)
        inventors = tuple(income.Inventor(s.name, s.share) for s in rows if s.part is SharePart.INVENTOR)
        found.append(income.Part(part.patent_id, part.weight, owners, inventors, part.patent.inventor_share))
    return found


def _owner(row: PatentShare) -> income.Owner:
    """Universities and institutes of the city are public institutions: the floor protects their inventors."""
    organisation = row.organisation
    if organisation is None:
        return income.Owner(row.name, row.share)
    return income.Owner("", row.share, organisation.id, public=not organisation.is_enterprise)


@dataclass(frozen=True, slots=True)
class Earned:
    """What one patent brought one holder."""

    patent: Patent
    account: Account
    name: str
    amount: int


def earned(organisation_ids: Collection[int]) -> list[Earned]:
    """What these organisations and their inventors got, by patent; licensees are not named. Two statements."""
    e = RoyaltyEntry
    query = (
        select(e.patent_id, e.account, e.name, func.sum(e.amount).label("total"))
        .where(e.organisation_id.in_(list(organisation_ids)), e.patent_id.is_not(None))
        .group_by(e.patent_id, e.account, e.name)
        .order_by(e.patent_id, e.account, e.name)
    )
    rows = db.session.execute(query).all()
    known = {p.id: p for p in db.session.scalars(select(Patent).where(Patent.id.in_([row.patent_id for row in rows])))}
    return [Earned(known[row.patent_id], row.account, row.name, int(row.total)) for row in rows]


def bookings(organisation_ids: Collection[int], holder: str | None) -> list[tuple[RoyaltyEntry, Patent]]:
    """What these organisations and their inventors got, oldest first; of one ``holder`` ("" = the owner) when given."""
    e = RoyaltyEntry
    query = (
        select(e, Patent)
        .join(Patent, Patent.id == e.patent_id)
        .where(e.organisation_id.in_(list(organisation_ids)))
        .options(joinedload(e.transaction))
        .order_by(e.id)
    )
    if holder is not None:
        query = query.where(e.name == holder)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def transactions_of(licence_id: int) -> Sequence[RoyaltyTransaction]:
    query = select(RoyaltyTransaction).where(RoyaltyTransaction.licence_id == licence_id)
    return db.session.scalars(
        query.options(selectinload(RoyaltyTransaction.entries)).order_by(RoyaltyTransaction.id)
    ).all()


def drifts() -> list[str]:
    """Movements whose entries do not sum to 0, licences whose balances differ from theirs; only an empty list is good."""
    e = RoyaltyEntry
    balances = {"-received": (Account.PAID_IN,), "held": (Account.HELD,), "divided": DIVIDED}
    found = [f"movement {key}" for key in books.unbalanced(e)]
    differing = books.drifts(Licence, e.licence_id, e.account, e.amount, balances)
    return found + [f"licence {key}: {name} {cached} <> {booked}" for key, name, cached, booked in differing]


def own_organisations(actor: Actor) -> Sequence[Organisation]:
    return patents.own_organisations(actor)
