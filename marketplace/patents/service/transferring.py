"""A patent changes hands: shares, keeper, history and calendar follow, and what was promised about it takes effect before."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.outbox import service as outbox
from marketplace.patents import policy, queries, records, schedule, transfers
from marketplace.patents.models import Patent, PatentEvent, PatentShare
from marketplace.patents.terms import ShareTerms, TransferTerms
from marketplace.patents.transfers import Transfer
from marketplace.patents.workflow import ALIVE, EventKind, SharePart


@use_case
def transfer_patent(call: Call, patent_id: int, terms: TransferTerms) -> Patent:
    """Hand on all that the keeper of a patent owns of it, as entered at the office on a day (Patent Law 10).

    A member that buys keeps it from then on; sold outside, the row stays as history. Raises Conflict ``patents.not_alive``,
    ``patents.shares_day``, ``patents.no_share``, Invalid ``patents.own_buyer``, ``patents.future``.
    """
    patent = queries.get_patent(call, patent_id)
    policy.may_change(call.actor, patent).require()
    _check(call, patent, terms)
    present = [row for row in patent.shares if row.part is SharePart.OWNER and row.valid_to is None]
    given = [row for row in present if row.organisation_id == patent.owner_id]
    if not given:
        raise Conflict("patents.no_share")
    latest = max(row.valid_from for row in present)
    if terms.on < latest:
        raise Conflict("patents.shares_day", {"day": latest.isoformat()})
    seller_id, held_since = patent.owner_id, min(row.valid_from for row in given)
    move = Transfer(
        patent, seller_id, held_since, terms.buyer, terms.buyer_id, terms.on, asserts=terms.asserts, whole=True
    )
    done = transfers.announce(call, move)
    _hand_on(patent, present, given, terms)
    note = f"{terms.buyer}；{terms.note}" if terms.note else terms.buyer
    db.session.add(
        PatentEvent(
            patent_id=patent.id,
            kind=EventKind.TRANSFER,
            on=terms.on,
            note=note[:500],
            account_id=call.actor.account,
            recorded_at=call.now,
        )
    )
    db.session.flush()
    db.session.expire(patent, ["owner"])
    steps = {(step.rule, step.number) for step in queries.steps_of(patent.id)}
    schedule.refresh(patent, queries.events_of(patent.id), steps, queries.today(call))
    if terms.buyer_id is not None:
        for address in queries.owners_mail(terms.buyer_id):
            values = {"number": patent.full_number, "patent_id": patent.id}
            outbox.enqueue(call, address, "patent_received", values)
    detail = {"from": seller_id, "to": terms.buyer_id, "on": terms.on.isoformat(), **done}
    audit.record(call, "patents.transfer", "patent", patent.id, detail)
    return patent


def _check(call: Call, patent: Patent, terms: TransferTerms) -> None:
    if patent.state not in ALIVE:
        raise Conflict("patents.not_alive")
    if terms.buyer_id == patent.owner_id:
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
