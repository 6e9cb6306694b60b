"""Asking the sources for money and giving back what is not needed: for use cases that hold the contract's row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from marketplace.contracts.models import Contract, Milestone, Payment, Source
from marketplace.contracts.split import allocate
from marketplace.contracts.workflow import PAYMENT, PaymentKind
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.web.filters import CITY

PAY_WITHIN = timedelta(days=30)
"""As the contract's clause on the price says."""


def own_place(sources: Sequence[Source]) -> int | None:
    """Return the place of the enterprise's own money among the sources."""
    return next((place for place, source in enumerate(sources) if source.fund_id is None), None)


def own_first(sources: Sequence[Source]) -> bool:
    """True when a fund pays only in proportion to own money: then own money goes first."""
    return any(source.fund is not None and source.fund.match_max is not None for source in sources)


def call_money(
    call: Call, contract: Contract, kind: PaymentKind, amount: int, key: str, milestone: Milestone | None = None
) -> list[Payment]:
    """Ask each source for its part of ``amount``; raises Conflict when the sources have less left."""
    sources = contract.sources
    try:
        parts = allocate(
            amount,
            [source.uncalled for source in sources],
            own=own_place(sources),
            own_first=own_first(sources),
        )
    except ValueError as error:
        raise Conflict("contracts.nothing_left") from error
    made = []
    for source, part in zip(sources, parts, strict=True):
        if part:
            source.called += part
            made.append(_payment(call, contract, source, kind, part, f"{key}:{source.id}", milestone))
    db.session.add_all(made)
    db.session.flush()
    return made


def claim_back(call: Call, contract: Contract, amount: int, key: str) -> list[Payment]:
    """Ask the institution to pay ``amount`` back to the sources, in proportion to what each has paid."""
    paying = [source for source in contract.sources if source.paid]
    parts = allocate(amount, [source.paid for source in paying], own=None, own_first=False)
    made = [
        _payment(call, contract, source, PaymentKind.CLAWBACK, part, f"{key}:{source.id}", None)
        for source, part in zip(paying, parts, strict=True)
        if part
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def cancel(call: Call, payment: Payment, reason: str) -> None:
    """Take a call back that nothing was paid for."""
    payment.state = PAYMENT.require(payment.state, "cancel")
    payment.reason, payment.changed_at = reason, call.now
    if payment.kind is not PaymentKind.CLAWBACK:
        payment.source.called -= payment.amount


def lower(call: Call, contract: Contract, parts: Sequence[int], key: str) -> None:
    """Take ``parts`` (fen by source) out of what the sources promised: a fund's part is available again."""
    for source, part in zip(contract.sources, parts, strict=True):
        source.amount -= part
    ordered = sorted(zip(contract.sources, parts, strict=True), key=lambda pair: pair[0].fund_id or 0)
    for source, part in ordered:
        if part and source.fund_id is not None:
            move(call, contract, source, Movement.UNCOMMIT, part, f"{key}:{source.fund_id}")


def move(call: Call, contract: Contract, source: Source, movement: Movement, amount: int, key: str) -> None:
    """Move a fund's money for this contract; own money never passes through a ledger of ours."""
    if source.fund_id is None:
        return
    ledger.move(
        call,
        source.fund_id,
        movement,
        amount,
        key=key,
        subject_kind="contract",
        subject_id=contract.id,
        enterprise_id=contract.enterprise_id,
        memo=contract.reference,
    )


def _payment(
    call: Call,
    contract: Contract,
    source: Source,
    kind: PaymentKind,
    amount: int,
    key: str,
    milestone: Milestone | None,
) -> Payment:
    return Payment(
        contract_id=contract.id,
        milestone_id=milestone.id if milestone else None,
        source_id=source.id,
        kind=kind,
        key=key,
        amount=amount,
        due_on=(call.now + PAY_WITHIN).astimezone(CITY).date(),
        created_at=call.now,
        changed_at=call.now,
    )
