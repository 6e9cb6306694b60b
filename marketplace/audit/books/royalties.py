"""The royalty journal of the licences: what came in, what was divided, and that nobody divided more than is held."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select

from marketplace.audit.books.reading import lines_of, rows, table
from marketplace.kernel.money import share

Row = dict[str, Any]
BALANCES = {"received": ("paid_in",), "held": ("held",), "divided": ("pool", "owner", "inventor")}
"""A licence's balances and the accounts that they sum up; what was paid in stands there with the sign of its source."""


def royalties() -> Iterator[str]:
    """Transactions, their papers and the licences' sums that contradict one another."""
    booked = {row["key"]: row for row in rows(select(table("royalty_transactions")))}
    entries = _entries()
    for row in sorted(booked.values(), key=lambda row: row["id"]):
        yield from _transaction(row, entries.get(row["id"], []))
    yield from _papers(booked, entries)
    yield from _balances()
    yield from _statements()


def _entries() -> dict[int, list[Row]]:
    e = table("royalty_entries")
    found = rows(select(e).order_by(e.c.transaction_id, e.c.amount, e.c.id))
    return {key: list(group) for key, group in groupby(found, key=lambda row: row["transaction_id"])}


def _transaction(row: Row, entries: list[Row]) -> Iterator[str]:
    name = f"royalty_transactions {row['id']}"
    source = "paid_in" if row["entry"] == "receive" else "held"
    if sum(entry["amount"] for entry in entries) != 0 or len(entries) < 2:
        yield f"{name}: its entries do not sum to 0"
    elif entries[0]["account"] != source or entries[0]["amount"] != -row["amount"]:
        yield f"{name}: it is called {row['entry']} of {row['amount']} fen, its entries are not"
    for entry in entries:
        if entry["licence_id"] != row["licence_id"]:
            yield f"royalty_entries {entry['id']}: it is of licence {entry['licence_id']}, its transaction is not"


def _papers(booked: dict[str, Row], entries: dict[int, list[Row]]) -> Iterator[str]:
    """Every approved receipt and distribution is booked once as it says, and nothing else is."""
    known = set()
    for name, entry in (("royalty_receipts", "receive"), ("distributions", "distribute")):
        of = table(name)
        for row in rows(select(of).where(of.c.state == "approved").order_by(of.c.id)):
            key = f"{'receipt' if entry == 'receive' else 'distribution'}:{row['id']}"
            known.add(key)
            there = booked.get(key)
            if there is None:
                yield f"{name} {row['id']}: it is approved, but not in the journal"
            elif (there["licence_id"], there["entry"], there["amount"]) != (row["licence_id"], entry, row["amount"]):
                yield f"{name} {row['id']}: transaction {there['id']} of the journal says something else"
            else:
                yield from _lines(name, row, entries.get(there["id"], []))
    for key in sorted(set(booked) - known):
        yield f"royalty_transactions {booked[key]['id']}: no approved paper stands behind it"


def _lines(name: str, row: Row, entries: list[Row]) -> Iterator[str]:
    """Compare the entries with the paper's lines; each that is on one side only is named."""
    if name == "royalty_receipts":
        wanted: list[tuple[Any, ...]] = [("held", None, None, "", row["amount"])]
    else:
        names = ("account", "organisation", "patent", "name", "amount")
        wanted = [tuple(line.get(each) for each in names) for line in lines_of(row)]
    left = list(wanted)
    for entry in entries:
        if entry["amount"] < 0:
            continue
        line = (
            str(entry["account"]),
            entry["organisation_id"],
            entry["patent_id"],
            entry["name"],
            entry["amount"],
        )
        if line in left:
            left.remove(line)
        else:
            yield f"royalty_entries {entry['id']}: it is no line of {name} {row['id']}"
    for account, _organisation, _patent, who, amount in left:
        yield f"{name} {row['id']}: its line {account} {who} of {amount} fen is not in the journal"


def _balances() -> Iterator[str]:
    """Compare each licence with its entries, in one statement: money may move while this reads."""
    of, e = table("licences"), table("royalty_entries").c
    booked = [
        func.coalesce(func.sum(case((e.account.in_(accounts), e.amount), else_=0)), 0).label(f"booked_{name}")
        for name, accounts in BALANCES.items()
    ]
    query = select(of.c.id, *(of.c[name] for name in BALANCES), *booked)
    query = query.outerjoin(e.id.table, e.licence_id == of.c.id).group_by(of.c.id).order_by(of.c.id)
    for row in rows(query):
        name = f"licences {row['id']}"
        sums = {each: int(row[f"booked_{each}"]) * (-1 if each == "received" else 1) for each in BALANCES}
        if sums["held"] < 0:
            yield f"{name}: {-sums['held']} fen more were divided than came in"
        for each, entered in sums.items():
            if row[each] != entered:
                yield f"{name}: {each} is {row[each]} fen, its entries sum to {entered}"


def _statements() -> Iterator[str]:
    s, of = table("royalty_statements").c, table("licences").c
    query = select(s.id, s.sales, s.royalty, of.rate).join_from(s.id.table, of.id.table, of.id == s.licence_id)
    for row in rows(query.where(s.state.in_(["filed", "accepted"])).order_by(s.id)):
        if row["royalty"] != share(row["sales"], row["rate"]):
            yield f"royalty_statements {row['id']}: {row['royalty']} fen is not the licence's rate of {row['sales']} fen"
