"""The only writer of royalties: every movement's entries sum to 0, in the same style as the funds' ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from marketplace.db.base import db
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.licences.income import Line
from marketplace.licences.models import Licence, RoyaltyEntry, RoyaltyTransaction
from marketplace.licences.workflow import Account, Entry


def receive(call: Call, licence_id: int, amount: int, *, key: str) -> RoyaltyTransaction:
    """Book what a licensee paid, inside the running use case; the same key with the same amount books nothing again.

    Raises Invalid ``licences.amount``, NotFound, or Conflict ``licences.key_reused``.
    """
    return _book(call, licence_id, Entry.RECEIVE, amount, key, [Line(Account.HELD, amount)])


def distribute(call: Call, licence_id: int, lines: Sequence[Line], *, key: str) -> RoyaltyTransaction:
    """Book a division of what the licence holds; Conflict ``licences.not_held`` when it holds less."""
    amount = sum(line.amount for line in lines)
    return _book(call, licence_id, Entry.DISTRIBUTE, amount, key, lines)


def held(licence_id: int) -> int:
    """Return the fen received and not divided yet."""
    query = select(func.coalesce(func.sum(RoyaltyEntry.amount), 0)).where(
        RoyaltyEntry.licence_id == licence_id, RoyaltyEntry.account == Account.HELD
    )
    return int(db.session.scalar(query) or 0)


def _book(
    call: Call, licence_id: int, entry: Entry, amount: int, key: str, lines: Sequence[Line]
) -> RoyaltyTransaction:
    if not 0 < amount <= money.MAX_FEN or any(line.amount <= 0 for line in lines):
        raise Invalid("licences.amount", field="amount")
    # The licence's row is locked until the use case ends, so that its movements stand in one line.
    if db.session.scalar(select(Licence.id).where(Licence.id == licence_id).with_for_update()) is None:
        raise NotFound("licence")
    earlier = db.session.scalar(select(RoyaltyTransaction).where(RoyaltyTransaction.key == key))
    if earlier is not None:
        if (earlier.licence_id, earlier.entry, earlier.amount) != (licence_id, entry, amount):
            raise Conflict("licences.key_reused")
        return earlier
    source = Account.PAID_IN if entry is Entry.RECEIVE else Account.HELD
    if source is Account.HELD and held(licence_id) < amount:
        raise Conflict("licences.not_held", {"held": money.plain(held(licence_id)), "asked": money.plain(amount)})
    row = RoyaltyTransaction(
        licence_id=licence_id,
        entry=entry,
        amount=amount,
        key=key,
        account_id=call.actor.account,
        at=call.now,
        entries=[
            RoyaltyEntry(licence_id=licence_id, account=source, amount=-amount),
            *(
                RoyaltyEntry(
                    licence_id=licence_id,
                    account=line.account,
                    organisation_id=line.organisation,
                    patent_id=line.patent,
                    name=line.name,
                    amount=line.amount,
                )
                for line in lines
            ),
        ],
    )
    db.session.add(row)
    db.session.flush()
    return row
