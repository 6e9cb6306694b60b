"""A patent changes hands: shares, keeper, history and calendar follow, and what was promised about it takes effect before."""

from __future__ import annotations

from datetime import date

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.organisations.naming import folded
from marketplace.outbox import service as outbox
from marketplace.patents import policy, queries, records, schedule, transfers
from marketplace.patents.models import Patent, PatentEvent, PatentShare
from marketplace.patents.terms import ShareTerms, TransferTerms
from marketplace.patents.transfers import Transfer
from marketplace.patents.workflow import ALIVE, EventKind, SharePart

TAKEN_BACK = "误登记的转让已撤回 / a sale entered by mistake was taken back"


@use_case
def transfer_patent(call: Call, patent_id: int, terms: TransferTerms) -> Patent:
    """Hand on all that the keeper of a patent owns of it, as entered at the office on a day (Patent Law 10).

    A member that buys keeps it from then on; sold outside, the row stays as history. A sale entered by mistake goes back to its
    keeper by the centre, as if it had not been; what it already set off stays. Raises Conflict ``patents.not_alive``,
    ``patents.shares_day``, ``patents.no_share``, ``patents.take_back_first``, Invalid ``patents.own_buyer``,
    ``patents.future``, ``patents.shares``.
    """
    patent = queries.get_patent(call, patent_id)
    policy.may_change(call.actor, patent).require()
    check_transfer(call, patent, terms)
    if patent.sold_on is not None:
        return _take_back(call, patent, patent.sold_on, terms)
    present = [row for row in patent.shares if row.part is SharePart.OWNER and row.valid_to is None]
    given = [row for row in present if row.organisation_id == patent.owner_id]
    if not given:
        raise Conflict("patents.no_share")
    latest = max(row.valid_from for row in present)
    if terms.on < latest:
        raise Conflict("patents.shares_day", {"day": latest})
    seller_id, held_since = patent.owner_id, min(row.valid_from for row in given)
    move = Transfer(
        patent, seller_id, held_since, terms.buyer, terms.buyer_id, terms.on, asserts=terms.asserts, whole=True
    )
    done = transfers.announce(call, move)
    _hand_on(patent, present, given, terms)
    _write(call, patent, terms, terms.buyer)
    if terms.buyer_id is not None:
        for address in queries.owners_mail(terms.buyer_id):
            values = {"number": patent.full_number, "patent_id": patent.id}
            outbox.enqueue(call, address, "patent_received", values)
    detail = {"from": seller_id, "to": terms.buyer_id, "on": terms.on.isoformat(), **done}
    audit.record(call, "patents.transfer", "patent", patent.id, detail)
    return patent


def _write(call: Call, patent: Patent, terms: TransferTerms, what: str) -> None:
    """Put the entry into the history and work the calendar out anew."""
    db.session.add(
        PatentEvent(
            patent_id=patent.id,
            kind=EventKind.TRANSFER,
            on=terms.on,
            note=(f"{what}；{terms.note}" if terms.note else what)[:500],
            account_id=call.actor.account,
            recorded_at=call.now,
        )
    )
    db.session.flush()
    db.session.expire(patent, ["owner"])
    steps = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    schedule.refresh(patent, queries.events_of(patent.id), steps, queries.today(call))


def _take_back(call: Call, patent: Patent, sold_on: date, terms: TransferTerms) -> Patent:
    """Undo a sale to somebody outside that never was: the owners are those of the moment before it."""
    if terms.buyer_id != patent.owner_id:
        raise Conflict("patents.take_back_first")
    move = Transfer(patent, patent.owner_id, sold_on, terms.buyer, patent.owner_id, sold_on, asserts=False, whole=True)
    done = transfers.announce(call, move)
    for row in patent.shares:
        if row.part is SharePart.OWNER and (row.valid_to is None or row.valid_to >= sold_on):
            before = row.valid_from < sold_on or row.organisation_id == patent.owner_id
            row.valid_to = None if before else row.valid_from
    back = [row for row in patent.shares if row.part is SharePart.OWNER and row.valid_to is None]
    records.check_shares([ShareTerms(row.name, row.share, row.organisation_id) for row in back], "buyer")
    patent.sold_on = None
    _write(call, patent, terms, TAKEN_BACK)
    audit.record(call, "patents.transfer", "patent", patent.id, {"taken_back": sold_on.isoformat(), **done})
    return patent


def check_transfer(call: Call, patent: Patent, terms: TransferTerms) -> None:
    """Raise what ``transfer_patent`` would of a dead right, a day ahead, and a seller that names itself in either language."""
    if patent.state not in ALIVE:
        raise Conflict("patents.not_alive")
    seller = {patent.owner.folded_name, patent.owner.folded_name_en}
    itself = terms.buyer_id == patent.owner_id or (terms.buyer_id is None and folded(terms.buyer) in seller)
    if itself and patent.sold_on is None:
        raise Invalid("patents.own_buyer", field="buyer")
    if terms.on > queries.today(call):
        raise Invalid("patents.future", field="on")


def _hand_on(patent: Patent, present: list[PatentShare], given: list[PatentShare], terms: TransferTerms) -> None:
    """Close the seller's shares and open the buyer's, added to what the buyer had already."""
    had = [row for row in present if terms.buyer_id is not None and row.organisation_id == terms.buyer_id]
    share = sum(row.share for row in (*given, *had))
    for row in (*given, *had):
        row.valid_to = terms.on
    name = "" if terms.buyer_id is not None else terms.buyer
    patent.shares.append(records.share_row(SharePart.OWNER, ShareTerms(name, share, terms.buyer_id), terms.on))
    if terms.buyer_id is not None:
        patent.owner_id = terms.buyer_id
    else:
        patent.sold_on = terms.on
