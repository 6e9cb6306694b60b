"""Contracts' money: sources, milestones, verdicts, payments and the bank's papers, each recomputed from the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from marketplace.audit.books.reading import rows, table
from marketplace.kernel.money import share

Row = dict[str, Any]
_SIGNED = ["in_force", "completed", "terminated"]
_WHOLE = ["in_force", "completed"]


def contracts() -> Iterator[str]:
    """Sources and milestones that do not add up, and movements of funds that no contract accounts for."""
    c, s, m = table("contracts").c, table("contract_sources").c, table("milestones").c
    signed = {row["id"]: row for row in rows(select(c.id, c.state, c.price, c.retention).where(c.state.in_(_SIGNED)))}
    sources = [row for row in rows(select(s.id.table).order_by(s.id)) if row["contract_id"] in signed]
    milestones = rows(select(m.id, m.contract_id, m.amount, m.accepted).order_by(m.id))
    promised, planned = _sums(sources, "amount"), _sums(milestones, "amount")
    for key, contract in sorted(signed.items()):
        if contract["state"] in _WHOLE and not contract["price"] == promised[key] == planned[key]:
            yield (
                f"contracts {key}: the price is {contract['price']} fen, "
                f"its sources promise {promised[key]}, its milestones are {planned[key]}"
            )
    yield from _milestones(milestones)
    yield from _sources(sources)


def _sums(found: list[Row], column: str) -> Counter[int]:
    sums: Counter[int] = Counter()
    for row in found:
        sums[row["contract_id"]] += row[column]
    return sums


def _milestones(milestones: list[Row]) -> Iterator[str]:
    """What was accepted is what the verdicts say; an expert's word advises and accepts nothing."""
    v = table("verdicts").c
    accepted: Counter[int] = Counter()
    for row in rows(select(v.milestone_id, v.amount).where(v.said_by != "expert")):
        accepted[row["milestone_id"]] += row["amount"]
    for row in milestones:
        if row["accepted"] != accepted[row["id"]]:
            yield (
                f"milestones {row['id']}: {row['accepted']} fen are accepted, its verdicts sum to {accepted[row['id']]}"
            )


def _sources(sources: list[Row]) -> Iterator[str]:
    """Each source against its payments, and each fund's part against the ledger."""
    called, paid = _of_payments()
    booked = _booked()
    for row in sources:
        name = f"contract_sources {row['id']}"
        if row["called"] != called[row["id"]]:
            yield f"{name}: {row['called']} fen are called, its payments sum to {called[row['id']]}"
        if row["paid"] != paid[row["id"]]:
            yield f"{name}: {row['paid']} fen are paid, its payments sum to {paid[row['id']]}"
        if row["fund_id"] is None:
            continue
        sums = booked.pop((row["contract_id"], row["fund_id"]), Counter())
        if row["amount"] != (kept := sums["commit"] - sums["uncommit"]):
            yield f"{name}: it promises {row['amount']} fen, the ledger committed {kept}"
        if row["paid"] != (gone := sums["pay"] - sums["bounce"]):
            yield f"{name}: {row['paid']} fen are paid, the ledger paid {gone}"
    for contract, fund in sorted(booked):
        yield f"contracts {contract}: the ledger moved money of fund {fund}, which is none of its sources"


def _of_payments() -> tuple[Counter[int], Counter[int]]:
    p = table("payments").c
    called: Counter[int] = Counter()
    paid: Counter[int] = Counter()
    for row in rows(select(p.source_id, p.amount, p.state).where(p.kind != "clawback", p.state != "cancelled")):
        called[row["source_id"]] += row["amount"]
        if row["state"] == "paid":
            paid[row["source_id"]] += row["amount"]
    return called, paid


def _booked() -> dict[tuple[int, int], Counter[str]]:
    """Fen by movement that the ledger knows for each contract and fund."""
    t = table("ledger_transactions").c
    sums: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for row in rows(select(t.subject_id, t.fund_id, t.movement, t.amount).where(t.subject_kind == "contract")):
        sums[row["subject_id"], row["fund_id"]][str(row["movement"])] += row["amount"]
    return dict(sums)


def payments() -> Iterator[str]:
    """Payments unlike their verdict, the ledger, the journal, the order that carried them or the bank's answer."""
    p, s, c = table("payments").c, table("contract_sources").c, table("contracts").c
    query = (
        select(p.id.table, s.fund_id, s.contract_id.label("of"), c.reference)
        .join_from(p.id.table, s.id.table, s.id == p.source_id)
        .join(c.id.table, c.id == p.contract_id)
    )
    found = {row["id"]: row for row in rows(query.order_by(p.id))}
    for row in found.values():
        if row["of"] != row["contract_id"] or row["key"].rpartition(":")[2] != str(row["source_id"]):
            yield f"payments {row['id']}: source {row['source_id']} is not the one that was asked"
    yield from _asked(found)
    yield from _moved(found)
    yield from _confirmed(found)
    yield from _ordered(found)
    yield from _answered(found)


def _asked(found: dict[int, Row]) -> Iterator[str]:
    """The sources were asked for exactly what a verdict accepts, less the retention.

    Where one payment is wrong, its source's sum is wrong by the same amount: that names the payment.
    """
    v, m, c, s = table("verdicts").c, table("milestones").c, table("contracts").c, table("contract_sources").c
    query = (
        select(v.id, v.amount, c.retention)
        .join_from(v.id.table, m.id.table, m.id == v.milestone_id)
        .join(c.id.table, c.id == m.contract_id)
        .where(v.said_by != "expert")
    )
    by_verdict: defaultdict[int, list[Row]] = defaultdict(list)
    for row in found.values():
        kind, _, rest = row["key"].partition(":")
        if kind == "verdict":
            by_verdict[int(rest.partition(":")[0])].append(row)
    called, _paid = _of_payments()
    more = {row["id"]: called[row["id"]] - row["called"] for row in rows(select(s.id, s.called))}
    for row in rows(query.order_by(v.id)):
        net = row["amount"] - share(row["amount"], row["retention"])
        over = sum(payment["amount"] for payment in by_verdict[row["id"]]) - net
        if over == 0:
            continue
        for payment in by_verdict[row["id"]]:
            if more[payment["source_id"]] == over:
                yield f"payments {payment['id']}: {payment['amount']} fen is {over} too much for verdict {row['id']}"
        missing = [key for key, change in more.items() if change == over < 0]
        here = {payment["source_id"] for payment in by_verdict[row["id"]]}
        yield from (f"payments verdict:{row['id']}:{key}: it is missing" for key in missing if key not in here)
        yield f"verdicts {row['id']}: it asks for {net} fen, its payments sum to {net + over}"


def _moved(found: dict[int, Row]) -> Iterator[str]:
    """Each arrival is one movement of the ledger under the payment's own key, and each movement somebody's arrival."""
    t = table("ledger_transactions").c
    query = select(t.id, t.key, t.fund_id, t.movement, t.amount, t.subject_id).where(
        t.movement.in_(["pay", "bounce", "return"]), t.subject_kind == "contract"
    )
    net: Counter[int] = Counter()
    for move in rows(query.order_by(t.id)):
        kind, _, rest = move["key"].partition(":")
        number = rest.partition(":")[0]
        row = found.get(int(number)) if kind == "payment" and number.isdigit() else None
        if row is None or (row["fund_id"], row["contract_id"]) != (move["fund_id"], move["subject_id"]):
            yield f"ledger_transactions {move['id']}: it is no payment of its contract and fund"
        else:
            net[row["id"]] += -move["amount"] if move["movement"] == "bounce" else move["amount"]
    for row in found.values():
        due = row["amount"] if row["state"] == "paid" else 0
        if row["fund_id"] is not None and net[row["id"]] != due:
            yield f"payments {row['id']}: {due} fen have arrived, the ledger moved {net[row['id']]}"


def _confirmed(found: dict[int, Row]) -> Iterator[str]:
    """Own money passes through no ledger: the journal knows that its payee confirmed this amount."""
    a = table("audit_records").c
    query = select(a.subject_id, a.detail).where(a.command == "contracts.confirm_arrival")
    known = {(row["subject_id"], row["detail"].get("amount")) for row in rows(query)}
    for row in found.values():
        if row["fund_id"] is None and row["state"] == "paid" and (row["id"], row["amount"]) not in known:
            yield f"payments {row['id']}: nobody confirmed that {row['amount']} fen arrived"


def _ordered(found: dict[int, Row]) -> Iterator[str]:
    """A payment order's total is the sum of its lines, and each payment in it is the line that went out."""
    lines: dict[int, dict[str, int]] = {}
    for order in rows(select(table("payment_orders")).order_by(table("payment_orders").c.id)):
        lines[order["id"]] = {line["reference"]: line["amount"] for line in order["lines"]}
        if order["total"] != (total := sum(lines[order["id"]].values())):
            yield f"payment_orders {order['id']}: the total is {order['total']} fen, its lines sum to {total}"
    for row in found.values():
        if row["order_id"] is None:
            continue
        reference = f"{row['reference']}-{row['id']}-{row['attempt']}"
        if lines.get(row["order_id"], {}).get(reference) != row["amount"]:
            yield f"payment_orders {row['order_id']}: it has no line {reference} of {row['amount']} fen (payments {row['id']})"


def _answered(found: dict[int, Row]) -> Iterator[str]:
    """What the bank said last of each payment is the payment's state."""
    b = table("bank_receipts").c
    said: dict[tuple[int, int], str] = {}
    for receipt in rows(select(b.id, b.payment_id, b.attempt, b.outcome, b.amount).order_by(b.id)):
        row = found.get(receipt["payment_id"])
        if row is None or row["amount"] != receipt["amount"]:
            yield f"bank_receipts {receipt['id']}: its {receipt['amount']} fen are not payment {receipt['payment_id']}"
        said[receipt["payment_id"], receipt["attempt"]] = str(receipt["outcome"])
    for row in found.values():
        answer = said.get((row["id"], row["attempt"]), "")
        needed = row["state"] if row["state"] in {"paid", "failed", "returned"} else ""
        if row["fund_id"] is not None and row["kind"] != "clawback" and answer != needed:
            yield f"payments {row['id']}: it is {row['state']}, the bank said {answer or 'nothing'}"
