"""The twin of ``joint_funds`` without its protection: each command looks at all its funds first and then writes what it saw.

It must promise more than there is; if it does not, the measurement proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from benchmarks.contention import Writer
from benchmarks.joint_funds import Part, judge, pick, prepare
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds.models import Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import Movement, Purse
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict

__all__ = ["act", "judge", "prepare"]


def act(call: Call, subject: int, writer: Writer) -> None:
    wanted = [(fund, amount) for fund, amount in pick(subject, writer) if fund is not None]
    balances = select(Fund.id, Fund.available, Fund.reserved).where(Fund.id.in_([fund for fund, _ in wanted]))
    seen: dict[int, Any] = {row.id: row for row in db.session.execute(balances)}
    db.session.rollback()
    if any(seen[fund].available < amount for fund, amount in wanted):
        raise Conflict("funds.not_enough")
    _write(call, seen, wanted, f"{writer.number}.{writer.turn}:{len(wanted)}")


@use_case
def _write(call: Call, seen: Mapping[int, Any], parts: Sequence[Part], key: str) -> None:
    for fund, amount in sorted((fund or 0, amount) for fund, amount in parts):
        values = {"available": seen[fund].available - amount, "reserved": seen[fund].reserved + amount}
        db.session.execute(update(Fund).where(Fund.id == fund).values(**values))
        db.session.add(
            LedgerTransaction(
                fund_id=fund,
                movement=Movement.RESERVE,
                amount=amount,
                key=f"{key}:{fund}",
                subject_kind="benchmark",
                at=call.now,
                entries=[
                    LedgerEntry(fund_id=fund, purse=Purse.AVAILABLE, amount=-amount),
                    LedgerEntry(fund_id=fund, purse=Purse.RESERVED, amount=amount),
                ],
            )
        )
    audit.record(call, "benchmark.naive", "fund", None)
