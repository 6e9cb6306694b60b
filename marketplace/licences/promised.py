"""Licences that nobody asks for: what a covenant promised, and what becomes of an open licence when its owner changes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.licences import queries
from marketplace.licences.models import Licence, LicencePatent
from marketplace.licences.references import take_reference
from marketplace.licences.workflow import LICENCE, OPEN_LICENCE, FeeMode, LicenceKind, LicenceState
from marketplace.patents.models import Patent
from marketplace.patents.transfers import CHANGED_HANDS, Transfer, when_transferred
from marketplace.pools import queries as pools

BEHIND = "在先的独占或排他许可存续期间不得实施 / of no effect while an earlier exclusive licence runs"


def grant_promised(
    call: Call, patent: Patent, licensor_id: int, licensee_id: int, purpose: str, field_of_use: str, on: date
) -> Licence | None:
    """Let a free ordinary licence run until the end of the term, inside the running use case; its licensor cannot end it.

    None for who has one like it already; another licence, which may end, does not make up for it. An exclusive or sole licence
    of somebody else came first and keeps its right: the promised one says so, and lets nobody use the patent until that ends.
    """
    running = queries.running_on([patent.id])
    if any(one.irrevocable and one.licensee_id == licensee_id for one in running):
        return None
    if any(one.is_exclusive and one.licensee_id != licensee_id for one in running):
        purpose = f"{purpose}；{BEHIND}"
    offered = LICENCE.require(LicenceState.REQUESTED, "offer")
    row = Licence(
        reference=take_reference(call),
        licensee_id=licensee_id,
        licensor_id=licensor_id,
        kind=LicenceKind.ORDINARY,
        fee_mode=FeeMode.FREE,
        purpose=purpose,
        field_of_use=field_of_use,
        starts_on=on,
        ends_on=max(patent.expires_on, on),
        state=LICENCE.require(offered, "start"),
        irrevocable=True,
        requested_at=call.now,
        started_at=call.now,
        parts=[LicencePatent(patent_id=patent.id, weight=1)],
    )
    db.session.add(row)
    db.session.flush()
    return row


@when_transferred
def turn_down_requests(_call: Call, transfer: Transfer) -> dict[str, int]:
    """Nobody licenses what is no longer its own, nor a pool what left it: what does not run yet is asked for anew."""
    if not transfer.whole:
        return {}
    stays = [alliance.id for alliance in pools.alliances_of(transfer.buyer_id)] if transfer.buyer_id is not None else []
    query = select(Licence).where(
        Licence.id.in_(select(LicencePatent.licence_id).where(LicencePatent.patent_id == transfer.patent.id)),
        Licence.state.in_([LicenceState.REQUESTED, LicenceState.OFFERED]),
        Licence.rests_on_id.is_(None),
        or_(
            Licence.licensor_id == transfer.seller_id,
            Licence.alliance_id.is_not(None) & Licence.alliance_id.not_in(stays),
        ),
    )
    rows = db.session.scalars(query.order_by(Licence.id).with_for_update()).all()
    for row in rows:
        row.state, row.reason = LICENCE.require(row.state, "decline"), CHANGED_HANDS
    return {"licences_declined": len(rows)} if rows else {}


@when_transferred
def close_open_licence(call: Call, transfer: Transfer) -> dict[str, int]:
    """An open licence is its owner's own word: the next owner gives it anew or not; licences that were taken stay."""
    row = queries.open_of(transfer.patent.id) if transfer.whole else None
    if row is None:
        return {}
    row.state, row.withdrawn_at = OPEN_LICENCE.require(row.state, "withdraw"), call.now
    return {"open_licence": row.id}
