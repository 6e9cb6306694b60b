"""The twin of ``approval_limit`` without its protection: each approval writes the fund's balances as it saw them beforehand.

It must over-allocate; if it does not, the measurement proves nothing.
"""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import select, update

from benchmarks import approval_limit
from benchmarks.approval_limit import judge, prepare
from benchmarks.contention import Writer
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.models import Fund
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.rounds.service import checks

__all__ = ["act", "judge", "prepare"]

_seen = threading.local()
_conditional = ledger._change_balances


def act(call: Call, subject: int, writer: Writer) -> None:
    """Look at the fund, then approve as if it still were so."""
    _seen.balances = db.session.execute(select(Fund.available, Fund.reserved).where(Fund.id == subject)).one()
    db.session.rollback()
    approval_limit.act(call, subject, writer)


def _write_what_was_seen(fund: Any, movement: Movement, amount: int) -> None:
    seen = getattr(_seen, "balances", None)
    if seen is None:  # the preparation
        _conditional(fund, movement, amount)
        return
    if seen.available < amount:
        raise Conflict("funds.not_enough")
    values = {"available": seen.available - amount, "reserved": seen.reserved + amount}
    db.session.execute(update(Fund).where(Fund.id == fund.id).values(values))
    ledger._forget_balances(fund.id)


ledger._change_balances = _write_what_was_seen
checks.require_payable = lambda *_: None
