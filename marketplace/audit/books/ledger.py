"""The funds' ledger: every movement is two entries of its purses, every balance the sum of its entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Table, case, func, select

from marketplace.audit.books.reading import rows, table
from marketplace.db.base import db

PURSES = ("available", "reserved", "committed", "paid")
ROUTES = {
    "contribute": ("contributed", "available"),
    "reserve": ("available", "reserved"),
    "release": ("reserved", "available"),
    "commit": ("reserved", "committed"),
    "uncommit": ("committed", "available"),
    "pay": ("committed", "paid"),
    "bounce": ("paid", "committed"),
    "return": ("paid", "available"),
    "transfer_out": ("available", "contributed"),
    "transfer_in": ("contributed", "available"),
}
"""From which purse to which each movement goes, written anew (a test compares it with the room's)."""

BATCH = 1000
Row = Mapping[str, Any]


def ledger() -> Iterator[str]:
    """Movements whose entries are not theirs, and balances that differ from the entries."""
    m, e = table("ledger_transactions").c, table("ledger_entries").c
    query = (
        select(m.id, m.movement, m.amount, m.fund_id)
        .add_columns(e.id.label("entry"), e.purse, e.amount.label("moved"), e.fund_id.label("of"))
        .outerjoin_from(m.id.table, e.id.table, e.transaction_id == m.id)
        .order_by(m.id, e.amount)
    )
    found = db.session.execute(query.execution_options(yield_per=BATCH)).mappings()
    for _key, entries in groupby(found, key=lambda row: row["id"]):
        yield from _movement(list(entries))
    yield from _balances(table("funds"), table("ledger_entries"))


def _movement(entries: list[Any]) -> Iterator[str]:
    """Compare one movement with its entries; where both disagree with it in the same way, the movement is what changed."""
    head = entries[0]
    name = f"ledger_transactions {head['id']}"
    if len(entries) != 2 or None in [row["entry"] for row in entries]:
        yield f"{name}: its entries do not sum to 0"
        return
    wrong = [row for row, side in zip(entries, (0, 1), strict=True) if not _fits(head, row, side)]
    if len(wrong) == 2 and entries[0]["moved"] + entries[1]["moved"] == 0:
        yield f"{name}: it is called {head['movement']} of {head['amount']} fen in fund {head['fund_id']}, its entries are not"
    else:
        yield from (f"ledger_entries {row['entry']}: it is not a side of {_words(head)}" for row in wrong)


def _fits(head: Row, row: Row, side: int) -> bool:
    amount = head["amount"] if side else -head["amount"]
    wanted = (ROUTES[head["movement"]][side], amount, head["fund_id"])
    return (row["purse"], row["moved"], row["of"]) == wanted


def _words(head: Row) -> str:
    return f"movement {head['id']}, {head['movement']} of {head['amount']} fen in fund {head['fund_id']}"


def _balances(funds: Table, entries: Table) -> Iterator[str]:
    """Compare each fund with its entries, in one statement: money may move while this reads."""
    booked = [
        func.coalesce(func.sum(case((entries.c.purse == purse, entries.c.amount), else_=0)), 0).label(f"booked_{purse}")
        for purse in ("contributed", *PURSES)
    ]
    query = select(funds, *booked).outerjoin(entries, entries.c.fund_id == funds.c.id).group_by(funds.c.id)
    for fund in rows(query.order_by(funds.c.id)):
        name = f"funds {fund['id']} ({fund['code']})"
        for purse in PURSES:
            if fund[purse] != (entered := int(fund[f"booked_{purse}"])):
                yield f"{name}: {purse} is {fund[purse]} fen, its entries sum to {entered}"
        brought = -int(fund["booked_contributed"])
        if fund["budget"] != brought:
            yield f"{name}: the budget is {fund['budget']} fen, {brought} were brought in"
        if fund["budget"] != sum(fund[purse] for purse in PURSES):
            yield f"{name}: the budget is not the sum of its purses"


def brought_in() -> Iterator[str]:
    """Money in a fund that no approved contribution or transfer brought there, and approved ones without a movement."""
    given, sent = table("fund_contributions").c, table("fund_transfers").c
    wanted: dict[tuple[str, int, str], tuple[str, int, int]] = {}
    for row in rows(select(given.id, given.fund_id, given.amount).where(given.state == "approved")):
        wanted["contribution", row["id"], "contribute"] = ("fund_contributions", row["fund_id"], row["amount"])
    for row in rows(select(sent.id, sent.source_id, sent.target_id, sent.amount).where(sent.state == "approved")):
        wanted["transfer", row["id"], "transfer_out"] = ("fund_transfers", row["source_id"], row["amount"])
        wanted["transfer", row["id"], "transfer_in"] = ("fund_transfers", row["target_id"], row["amount"])
    m = table("ledger_transactions").c
    kinds = ["contribute", "transfer_out", "transfer_in"]
    moves = select(m.id, m.subject_kind, m.subject_id, m.movement, m.fund_id, m.amount).where(m.movement.in_(kinds))
    for move in rows(moves.order_by(m.id)):
        named, fund, amount = wanted.pop((move["subject_kind"], move["subject_id"], str(move["movement"])), ("", 0, 0))
        if not named:
            yield f"ledger_transactions {move['id']}: nobody approved that this money was brought in"
        elif (fund, amount) != (move["fund_id"], move["amount"]):
            yield f"{named} {move['subject_id']}: movement {move['id']} is {move['amount']} fen of fund {move['fund_id']}"
    for (_kind, key, movement), (named, fund, _amount) in sorted(wanted.items()):
        yield f"{named} {key}: it is approved, but fund {fund} has no movement {movement} for it"
