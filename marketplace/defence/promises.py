"""What covenants do when a patent changes hands: the other bound members are licensed the moment before, and everybody is told.

``ON_TRANSFER`` takes effect when the buyer only asserts; sold to somebody else it waits, written down, until that turns out
otherwise. ``NON_ASSERTION`` always takes effect: a buyer who is not bound never promised anything. Between bound members
nothing happens, for the promise goes on. An application that nobody disclosed yet stays secret: its covenant waits for the day
on which it is disclosed, and then takes effect by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import select

from marketplace.db.base import db
from marketplace.defence.models import Covenant, CovenantMember, CovenantTransfer
from marketplace.defence.workflow import CovenantState
from marketplace.kernel.call import Call
from marketplace.kernel.fields import Field
from marketplace.licences.promised import grant_promised
from marketplace.outbox import service as outbox
from marketplace.patents.models import Patent
from marketplace.patents.queries import owners_mail
from marketplace.patents.transfers import Transfer, when_disclosed, when_transferred
from marketplace.web import words
from marketplace.web.filters import CITY

UNDISCLOSED = "尚未公开的申请 / an application not yet published"
"""Instead of a number that is still a secret."""


@when_transferred
def keep_promises(call: Call, transfer: Transfer) -> dict[str, int]:
    """Carry out every covenant that covers the patent of the seller; return what was done, for the journal."""
    if transfer.buyer_id == transfer.seller_id:
        return _forget(transfer)
    licensed = waiting = 0
    for covenant in covering(transfer.patent):
        sellers = (m for m in covenant.members if m.organisation_id == transfer.seller_id)
        if not any(_still_held(m, transfer) for m in sellers) or _bound(covenant, transfer.buyer_id, call.now):
            continue
        row = CovenantTransfer(
            covenant_id=covenant.id,
            covenant=covenant,
            patent_id=transfer.patent.id,
            patent=transfer.patent,
            seller_id=transfer.seller_id,
            buyer=transfer.buyer,
            on=transfer.on,
            asserts=transfer.asserts,
            licensed=0,
            at=call.now,
        )
        db.session.add(row)
        if row.is_owed and transfer.patent.is_public:
            licensed += take_effect(call, row)
        else:
            waiting += 1
            _tell(call, row, "covenant_secret" if row.is_owed else "covenant_waits")
    db.session.flush()
    done = {"covenant_licences": licensed, "covenants_waiting": waiting}
    return {name: number for name, number in done.items() if number}


def _forget(transfer: Transfer) -> dict[str, int]:
    """Drop what waited for a sale that never was; a licence that was given stays, for others may rely on it."""
    query = select(CovenantTransfer).where(
        CovenantTransfer.patent_id == transfer.patent.id,
        CovenantTransfer.seller_id == transfer.seller_id,
        CovenantTransfer.on == transfer.on,
        CovenantTransfer.sprung_at.is_(None),
    )
    rows = db.session.scalars(query.with_for_update()).all()
    for row in rows:
        db.session.delete(row)
    return {"covenants_forgotten": len(rows)} if rows else {}


@when_disclosed
def keep_what_waited(call: Call, patent: Patent) -> dict[str, int]:
    """Carry out what covenants owe for the time before, now that the application is no secret any more."""
    query = select(CovenantTransfer).where(
        CovenantTransfer.patent_id == patent.id, CovenantTransfer.sprung_at.is_(None)
    )
    rows = db.session.scalars(query.order_by(CovenantTransfer.id).with_for_update()).all()
    licensed = sum(take_effect(call, row) for row in rows if row.is_owed)
    return {"covenant_licences": licensed} if licensed else {}


def take_effect(call: Call, row: CovenantTransfer) -> int:
    """License the patent to everybody who was bound when it changed hands, from that day on; return how many licences began."""
    field, title = _in_both(row.covenant.field), row.covenant.title
    purpose = (
        f"依公约《{title}》取得，权利人变更前一刻生效 / by the covenant “{title}”, from the moment before the transfer"
    )
    granted = [
        grant_promised(call, row.patent, row.seller_id, member.organisation_id, purpose, field, row.on)
        for member in beneficiaries(row.covenant, row.seller_id, row.at)
    ]
    row.licensed, row.sprung_at = len(granted) - granted.count(None), call.now
    _tell(call, row, "covenant_licensed")
    return row.licensed


def _in_both(field: Field | None) -> str:
    """Name a field in both languages, for a record that readers of either keep; a covenant of every field names none."""
    names = []
    for locale in ("zh_Hans_CN", "en"):
        with force_locale(locale):
            names.append(words.label(field))
    return " / ".join(names) if field is not None else ""


def covering(patent: Patent) -> Sequence[Covenant]:
    """The covenants in force whose field the patent is in, and that somebody is bound by."""
    query = select(Covenant).where(
        Covenant.state == CovenantState.IN_FORCE, (Covenant.field.is_(None)) | (Covenant.field == patent.field)
    )
    return [row for row in db.session.scalars(query.order_by(Covenant.id)) if row.members]


def beneficiaries(covenant: Covenant, seller_id: int, at: datetime) -> list[CovenantMember]:
    """Who was bound at that moment, the seller left out."""
    return [m for m in covenant.members if m.organisation_id != seller_id and _bound_at(m, at)]


def _bound_at(member: CovenantMember, at: datetime) -> bool:
    return member.bound_since <= at and (member.left_at is None or member.left_at > at)


def _bound(covenant: Covenant, organisation_id: int | None, at: datetime) -> bool:
    return any(m.organisation_id == organisation_id and _bound_at(m, at) for m in covenant.members)


def _still_held(member: CovenantMember, transfer: Transfer) -> bool:
    """Who left stays bound for the patents held until then."""
    return member.left_at is None or transfer.held_since <= member.left_at.astimezone(CITY).date()


def _tell(call: Call, row: CovenantTransfer, template: str) -> None:
    number = row.patent.full_number if row.patent.is_public else UNDISCLOSED
    for member in beneficiaries(row.covenant, row.seller_id, row.at):
        for address in owners_mail(member.organisation_id):
            values = {"number": number, "covenant_id": row.covenant.id}
            outbox.enqueue(call, address, template, values)
