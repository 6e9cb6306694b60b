"""The twin of ``fund_limit`` without its protection: look first, then write what was seen less the amount.

It must over-allocate; if it does not, the measurement proves nothing.
"""

from __future__ import annotations

from sqlalchemy import select, update

from benchmarks.contention import Writer
from benchmarks.fund_limit import LARGEST, judge, prepare
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds.models import Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import Movement, Purse
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict

__all__ = ["act", "judge", "prepare"]


def act(call: Call, subject: int, writer: Writer) -> None:
    amount = writer.random.randint(1, LARGEST)
    available, reserved = db.session.execute(select(Fund.available, Fund.reserved).where(Fund.id == subject)).one()
    db.session.rollback()
    if available < amount:
        raise Conflict("funds.not_enough")
    _write(call, subject, amount, available - amount, reserved + amount, f"{writer.number}.{writer.turn}")


@use_case
def _write(call: Call, fund_id: int, amount: int, available: int, reserved: int, key: str) -> None:
    db.session.execute(update(Fund).where(Fund.id == fund_id).values(available=available, reserved=reserved))
    db.session.add(
        LedgerTransaction(
            fund_id=fund_id,
            movement=Movement.RESERVE,
            amount=amount,
            key=key,
            subject_kind="benchmark",
            at=call.now,
            entries=[
                LedgerEntry(fund_id=fund_id, purse=Purse.AVAILABLE, amount=-amount),
                LedgerEntry(fund_id=fund_id, purse=Purse.RESERVED, amount=amount),
            ],
        )
    )
    audit.record(call, "benchmark.naive", "fund", fund_id)
