"""What two people stood for, recomputed: a row that was changed after its approval has another fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from marketplace.audit.books.reading import fingerprint, rows, table

Row = dict[str, Any]
_DECIDED = frozenset({"approved"})


def contents() -> Iterator[str]:
    """Rows in force whose present content nobody approved."""
    e = table("endorsements").c
    approved = {
        (row["subject_kind"], row["subject_id"], row["content_hash"])
        for row in rows(select(e.subject_kind, e.subject_id, e.content_hash).where(e.step == "approved"))
    }
    for kind, name, states, content in _KINDS:
        of = table(name)
        for row in rows(select(of).where(of.c.state.in_(states)).order_by(of.c.id)):
            if (kind, row["id"], fingerprint(content(row))) not in approved:
                yield f"{name} {row['id']}: nobody approved its present content"
    yield from _payments(approved)


def _payments(approved: set[tuple[str, int, str]]) -> Iterator[str]:
    p, s, c = table("payments").c, table("contract_sources").c, table("contracts").c
    under_way = ["approved", "ordered", "paid", "failed", "returned"]
    query = (
        select(p.id, p.contract_id, p.milestone_id, p.kind, p.amount, p.attempt, s.fund_id, c.institution_id)
        .join_from(p.id.table, s.id.table, s.id == p.source_id)
        .join(c.id.table, c.id == p.contract_id)
        .where(s.fund_id.is_not(None), p.state.in_(under_way))
    )
    for row in rows(query.order_by(p.id)):
        content = {
            "contract": row["contract_id"],
            "milestone": row["milestone_id"],
            "kind": str(row["kind"]),
            "fund": row["fund_id"],
            "amount": row["amount"],
            "payee": row["institution_id"],
            "attempt": row["attempt"],
        }
        if ("payment", row["id"], fingerprint(content)) not in approved:
            yield f"payments {row['id']}: nobody approved its present content"


def _contribution(row: Row) -> Row:
    return {"fund": row["fund_id"], "amount": row["amount"], "source": row["source"]}


def _transfer(row: Row) -> Row:
    return {"source": row["source_id"], "target": row["target_id"], "amount": row["amount"], "why": row["why"]}


def _rules(row: Row) -> Row:
    day = row["effective_on"].isoformat()
    kept = {name: row[name] for name in ("number", "rules", "why")}
    return {"fund": row["fund_id"], "effective_on": day, **kept}


def _change(row: Row) -> Row:
    kept = {name: row[name] for name in ("number", "reason", "steps", "earned")}
    return {"contract": row["contract_id"], "kind": str(row["kind"]), **kept}


def _receipt(row: Row) -> Row:
    return {"licence": row["licence_id"], "amount": row["amount"], "paper": row["paper"]}


def _distribution(row: Row) -> Row:
    return {"licence": row["licence_id"], "amount": row["amount"], "lines": row["lines"]}


_KINDS: tuple[tuple[str, str, frozenset[str], Callable[[Row], Row]], ...] = (
    ("contribution", "fund_contributions", _DECIDED, _contribution),
    ("transfer", "fund_transfers", _DECIDED, _transfer),
    ("fund_rules", "fund_rules", frozenset({"approved", "in_force", "replaced"}), _rules),
    ("change", "contract_changes", frozenset({"accepted"}), _change),
    ("royalty_receipt", "royalty_receipts", _DECIDED, _receipt),
    ("distribution", "distributions", _DECIDED, _distribution),
)
