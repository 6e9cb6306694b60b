"""Licences that nobody asks for: what a covenant promised, and what becomes of an open licence when its owner changes."""

from __future__ import annotations

from datetime import date

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.licences import queries
from marketplace.licences.models import Licence, LicencePatent
from marketplace.licences.references import take_reference
from marketplace.licences.workflow import LICENCE, OPEN_LICENCE, FeeMode, LicenceKind, LicenceState
from marketplace.patents.models import Patent
from marketplace.patents.transfers import Transfer, when_transferred


def grant_promised(
    call: Call, patent: Patent, licensor_id: int, licensee_id: int, purpose: str, field_of_use: str, on: date
) -> Licence:
    """Let a free ordinary licence run until the end of the term, inside the running use case; its licensor cannot end it."""
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
def close_open_licence(call: Call, transfer: Transfer) -> dict[str, int]:
    """An open licence is its owner's own word: the next owner gives it anew or not; licences that were taken stay."""
    row = queries.open_of(transfer.patent.id) if transfer.whole else None
    if row is None:
        return {}
    row.state, row.withdrawn_at = OPEN_LICENCE.require(row.state, "withdraw"), call.now
    return {"open_licence": row.id}
