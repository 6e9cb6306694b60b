"""The only writer of royalties: the double entry of ``db.ledger``, which the funds use as well."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.db import ledger as books
from marketplace.db.base import db
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.licences.income import Line
from marketplace.licences.models import BALANCES, Licence, RoyaltyEntry, RoyaltyTransaction
from marketplace.licences.workflow import Account, Entry

_ROUTES: dict[Entry, tuple[Account, dict[str, int]]] = {
    Entry.RECEIVE: (Account.PAID_IN, {"received": 1, "held": 1}),
    Entry.DISTRIBUTE: (Account.HELD, {"held": -1, "divided": 1}),
}
"""From which account the money comes, and which balances rise and fall with it."""


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
    return db.session.scalar(select(Licence.held).where(Licence.id == licence_id)) or 0


def _book(
    call: Call, licence_id: int, entry: Entry, amount: int, key: str, lines: Sequence[Line]
) -> RoyaltyTransaction:
    if not books.is_amount(amount) or any(line.amount <= 0 for line in lines):
        raise Invalid("licences.amount", field="amount")
    licence = books.hold(Licence, licence_id, *BALANCES)
    if licence is None:
        raise NotFound("licence")
    earlier = books.earlier(RoyaltyTransaction, key)
    if earlier is not None:
        if (earlier.licence_id, earlier.entry, earlier.amount) != (licence_id, entry, amount):
            raise Conflict("licences.key_reused")
        return earlier
    source, changes = _ROUTES[entry]
    if not books.shift(Licence, licence_id, {name: sign * amount for name, sign in changes.items()}):
        if entry is Entry.RECEIVE:
            raise Invalid("licences.amount", field="amount")
        raise Conflict("licences.not_held", {"held": money.plain(licence.held), "asked": money.plain(amount)})
    row = RoyaltyTransaction(
        licence_id=licence_id, entry=entry, amount=amount, key=key, account_id=call.actor.account, at=call.now
    )
    return books.post(
        row,
        [
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
