"""Corruptions of every book, one at a time, by somebody who may write the database: each is found and named by table and row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.audit import verify
from marketplace.audit.books.ledger import ROUTES
from marketplace.contracts import service as contracts
from marketplace.contracts.terms import ChangeTerms, StepChange
from marketplace.contracts.workflow import ChangeKind
from marketplace.db.base import db
from marketplace.funds import service as funds
from marketplace.funds import workflow
from marketplace.funds.terms import ContributionTerms, TransferTerms
from marketplace.kernel.call import Role
from marketplace.licences import service as licences
from marketplace.licences.models import RoyaltyStatement
from tests.conftest import START, Clock, rolled_back
from tests.contracts.scene import Scene, awarded
from tests.contracts.test_delivery import decide, deliver, milestones
from tests.contracts.test_delivery import key as fresh
from tests.contracts.test_payments import accepted, answer, of_funds, pay_all, payments, through
from tests.factories import Make
from tests.licences.test_service import TERMS, paid, running
from tests.pools.scene import scene as pool_scene

MONEY = ("money brought in", "contracts", "payments", "royalties", "contents", "ledger")
LOCKED = (
    "ledger_transactions",
    "ledger_entries",
    "payment_orders",
    "bank_receipts",
    "verdicts",
    "royalty_transactions",
    "royalty_entries",
    "endorsements",
)


@pytest.fixture(scope="module")
def book(_app: Flask, _session_clock: Clock) -> Iterator[None]:
    """Books in which everything has happened once, with every trigger dropped."""
    _session_clock.now = START
    with rolled_back(_app), _app.app_context():
        make = Make(_session_clock)
        _money_moves(make)
        _contracts_pay(make)
        _licences_earn(make)
        for name in LOCKED:
            _unlock(name)
        db.session.commit()
        yield
        db.session.remove()


def _unlock(name: str) -> None:
    if db.engine.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER IF EXISTS {name}_no_{verb}"))
    else:
        db.session.execute(text(f"DROP TRIGGER IF EXISTS {name}_append_only ON {name}"))


def _money_moves(make: Make) -> None:
    one, other = (make.call(make.account(Role.FUND_MANAGER)) for _ in range(2))
    first, second = make.fund(code="F-1"), make.fund(code="F-2")
    funds.approve_contribution(
        other, funds.propose_contribution(one, first.id, ContributionTerms(900_000, "财政拨款")).id
    )
    transfer = funds.propose_transfer(one, first.id, TransferTerms(second.id, 300_000, "调剂"))
    funds.approve_transfer(other, transfer.id)


def _contracts_pay(make: Make) -> None:
    """One contract with a lower price and payments in every state, and one that ended with money to be paid back."""
    scene = _funded(make)
    accepted(scene)
    pay_all(scene)
    rows = milestones(scene)[1:]
    steps = [StepChange(r.id, r.title, r.deliverables, r.due_on, r.amount) for r in rows]
    steps[-1] = replace(steps[-1], amount=steps[-1].amount - 1_000)
    change = contracts.propose_change(
        scene.call("institution"), scene.contract_id, ChangeTerms(ChangeKind.PRICE_CUT, "降价", tuple(steps))
    )
    contracts.accept_change(scene.call("enterprise"), change.id)
    deliver(scene, milestones(scene)[1])
    decide(scene, milestones(scene)[1])
    loan = of_funds(payments())[-1]
    through(scene, loan)
    contracts.order_payments(scene.call("officer"), fresh())
    ended = _funded(make)
    _pay_first(ended)
    change = contracts.propose_change(
        ended.call("enterprise"), ended.contract_id, ChangeTerms(ChangeKind.END_AGREED, "终止", earned=1_000_000)
    )
    contracts.accept_change(ended.call("institution"), change.id)
    for row in of_funds(payments()):
        if row.contract_id == ended.contract_id and row.kind == "clawback":
            through(ended, row)


def _funded(make: Make) -> Scene:
    """An awarded order whose funds got their money in the proper way."""
    made = awarded(make)
    one, other = (make.call(make.account(Role.FUND_MANAGER)) for _ in range(2))
    for fund in made.funds:
        row = funds.propose_contribution(one, fund.id, ContributionTerms(1_000, "追加"))
        funds.approve_contribution(other, row.id)
    return made


def _pay_first(scene: Scene) -> None:
    scene.in_force()
    deliver(scene, milestones(scene)[0])
    decide(scene, milestones(scene)[0])
    for row in payments():
        if row.contract_id != scene.contract_id:
            continue
        if row.source.fund_id is None:
            contracts.declare_paid(scene.call("enterprise"), row.id, "T1", fresh())
            contracts.confirm_arrival(scene.call("institution"), row.id, fresh())
        else:
            through(scene, row)
    contracts.order_payments(scene.call("officer"), fresh())
    ours = [row for row in of_funds(payments()) if row.contract_id == scene.contract_id]
    contracts.import_receipts(scene.call("officer"), [answer(row) for row in ours])


def _licences_earn(make: Make) -> None:
    place = pool_scene(make)
    row = running(place, TERMS)
    paid(place, row, 5_000_001)
    division = licences.propose_distribution(make.call(place.officer), row.id)
    licences.approve_distribution(make.call(make.officer()), division.id)
    paid(place, row, 70_000)
    statement = RoyaltyStatement(licence_id=row.id, period="2026Q3", due_on=date(2026, 11, 15))
    make.save(statement)
    licences.file_statement(make.call(place.rival), statement.id, 40_000_000)


def run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def found() -> list[str]:
    """The findings about money, without the makers' own contributions, which nobody approved."""
    own = {f"ledger_transactions {key}:" for key in db.session.scalars(text(MAKERS))}
    lines = [finding.text for finding in verify.findings() if finding.invariant in (*MONEY, "rules of funds")]
    return [line for line in lines if not any(line.startswith(name) for name in own)]


MAKERS = "SELECT id FROM ledger_transactions WHERE key LIKE 'test:%'"
LAST_PAID = "SELECT max(p.id) FROM payments p JOIN bank_receipts b ON b.payment_id = p.id WHERE p.state = 'paid'"
OWN_DUE = (
    "SELECT max(p.id) FROM payments p JOIN contract_sources s ON s.id = p.source_id "
    "WHERE s.fund_id IS NULL AND p.state = 'due' AND p.kind = 'milestone'"
)
FUND_DUE = (
    "SELECT max(p.id) FROM payments p JOIN contract_sources s ON s.id = p.source_id "
    "WHERE s.fund_id IS NOT NULL AND p.state = 'due' AND p.kind = 'milestone'"
)
ORDERED = "SELECT max(id) FROM payments WHERE state = 'ordered'"
PAYING = "SELECT max(id) FROM ledger_transactions WHERE movement = 'pay'"
COMMITTING = "SELECT min(id) FROM ledger_transactions WHERE movement = 'commit'"
RUNNING = "SELECT min(id) FROM contracts WHERE state = 'in_force'"
FUND = "SELECT id FROM funds WHERE code = 'F-1'"
OWNERS = "SELECT min(id) FROM royalty_entries WHERE account = 'owner'"
EARNING = "SELECT min(licence_id) FROM royalty_entries"
RECEIVED = "SELECT min(id) FROM royalty_transactions WHERE entry = 'receive'"

REJECT_BEHIND = """UPDATE fund_contributions SET state = 'rejected'
    WHERE id = (SELECT subject_id FROM ledger_transactions WHERE id = :k)"""

CASES: list[tuple[str, str, str]] = [
    # table, the row's number (SQL), what is done to it
    ("funds", FUND, "UPDATE funds SET available = available - 1, reserved = reserved + 1 WHERE id = :k"),
    ("funds", FUND, "UPDATE funds SET available = available + 5, budget = budget + 5 WHERE id = :k"),
    ("funds", FUND, "UPDATE funds SET paid = paid + 7, available = available - 7 WHERE id = :k"),
    ("ledger_transactions", PAYING, "UPDATE ledger_transactions SET amount = amount + 1 WHERE id = :k"),
    ("ledger_transactions", PAYING, "UPDATE ledger_transactions SET movement = 'bounce' WHERE id = :k"),
    ("ledger_transactions", PAYING, f"UPDATE ledger_transactions SET fund_id = ({FUND}) WHERE id = :k"),
    ("ledger_transactions", PAYING, "UPDATE ledger_transactions SET subject_id = 999 WHERE id = :k"),
    ("ledger_transactions", PAYING, "UPDATE ledger_transactions SET key = 'payment:999:1' WHERE id = :k"),
    ("ledger_transactions", PAYING, "DELETE FROM ledger_entries WHERE transaction_id = :k AND purse = 'paid'"),
    ("ledger_transactions", PAYING, "DELETE FROM ledger_entries WHERE transaction_id = :k"),
    ("ledger_entries", "SELECT max(id) FROM ledger_entries", "UPDATE ledger_entries SET amount = amount * 2 WHERE id = :k"),
    ("ledger_entries", "SELECT min(id) FROM ledger_entries WHERE purse = 'committed'",
     "UPDATE ledger_entries SET purse = 'paid' WHERE id = :k"),
    ("ledger_entries", "SELECT max(id) FROM ledger_entries", f"UPDATE ledger_entries SET fund_id = ({FUND}) WHERE id = :k"),
    ("fund_contributions", "SELECT min(id) FROM fund_contributions",
     "UPDATE fund_contributions SET amount = amount + 1 WHERE id = :k"),
    ("fund_contributions", "SELECT min(id) FROM fund_contributions",
     "UPDATE fund_contributions SET source = 'x' WHERE id = :k"),
    ("fund_transfers", "SELECT min(id) FROM fund_transfers", "UPDATE fund_transfers SET amount = amount - 1 WHERE id = :k"),
    ("fund_transfers", "SELECT min(id) FROM fund_transfers",
     "UPDATE fund_transfers SET target_id = (SELECT max(id) FROM funds) WHERE id = :k"),
    ("ledger_transactions", "SELECT id FROM ledger_transactions WHERE key LIKE 'contribution:%' ORDER BY id LIMIT 1",
     REJECT_BEHIND),
    ("contracts", RUNNING, "UPDATE contracts SET price = price + 1 WHERE id = :k"),
    ("contract_sources", f"SELECT min(id) FROM contract_sources WHERE contract_id = ({RUNNING})",
     "UPDATE contract_sources SET paid = paid - 1 WHERE id = :k"),
    ("contract_sources", f"SELECT max(id) FROM contract_sources WHERE contract_id = ({RUNNING})",
     "UPDATE contract_sources SET called = called + 1 WHERE id = :k"),
    ("contract_sources", f"SELECT max(id) FROM contract_sources WHERE contract_id = ({RUNNING})",
     "UPDATE contract_sources SET amount = amount + 1 WHERE id = :k"),
    ("milestones", "SELECT min(id) FROM milestones",
     "UPDATE milestones SET amount = amount + 1, accepted = accepted + 1 WHERE id = :k"),
    ("milestones", f"SELECT max(id) FROM milestones WHERE contract_id = ({RUNNING})",
     "UPDATE milestones SET accepted = 5 WHERE id = :k"),
    ("verdicts", "SELECT min(id) FROM verdicts", "UPDATE verdicts SET amount = amount - 100 WHERE id = :k"),
    ("payments", LAST_PAID, "UPDATE payments SET amount = amount + 1 WHERE id = :k"),
    ("payments", LAST_PAID, "UPDATE payments SET state = 'due', paid_at = NULL WHERE id = :k"),
    ("payments", OWN_DUE, "UPDATE payments SET amount = amount + 1 WHERE id = :k"),
    ("payments", OWN_DUE, "UPDATE payments SET state = 'paid', paid_at = created_at WHERE id = :k"),
    ("payments", FUND_DUE, "UPDATE payments SET amount = amount - 1 WHERE id = :k"),
    ("payments", FUND_DUE, "UPDATE payments SET state = 'approved' WHERE id = :k"),
    ("payments", FUND_DUE, "UPDATE payments SET source_id = source_id - 1 WHERE id = :k"),
    ("payments", ORDERED, "UPDATE payments SET state = 'paid', paid_at = created_at WHERE id = :k"),
    ("payments", LAST_PAID, "DELETE FROM bank_receipts WHERE payment_id = :k"),
    ("payments", LAST_PAID, "DELETE FROM endorsements WHERE subject_kind = 'payment' AND subject_id = :k"),
    ("payment_orders", "SELECT max(id) FROM payment_orders", "UPDATE payment_orders SET total = total + 1 WHERE id = :k"),
    ("payment_orders", "SELECT max(id) FROM payment_orders", "UPDATE payment_orders SET lines = '[]', total = 0 WHERE id = :k"),
    ("bank_receipts", "SELECT max(id) FROM bank_receipts", "UPDATE bank_receipts SET amount = amount + 1 WHERE id = :k"),
    ("contract_changes", "SELECT min(id) FROM contract_changes", "UPDATE contract_changes SET reason = 'x' WHERE id = :k"),
    ("royalty_transactions", RECEIVED, "UPDATE royalty_transactions SET amount = amount + 1 WHERE id = :k"),
    ("royalty_transactions", RECEIVED, "DELETE FROM royalty_entries WHERE transaction_id = :k AND account = 'held'"),
    ("royalty_transactions", RECEIVED, "UPDATE royalty_transactions SET key = 'receipt:999' WHERE id = :k"),
    ("royalty_entries", OWNERS, "UPDATE royalty_entries SET organisation_id = NULL WHERE id = :k"),
    ("royalty_entries", OWNERS, "UPDATE royalty_entries SET amount = amount + 1 WHERE id = :k"),
    ("licences", EARNING, "UPDATE licences SET received = received + 1, held = held + 1 WHERE id = :k"),
    ("licences", EARNING, "UPDATE licences SET divided = divided - 5, held = held + 5 WHERE id = :k"),
    ("royalty_receipts", "SELECT min(id) FROM royalty_receipts",
     "UPDATE royalty_receipts SET amount = amount + 1 WHERE id = :k"),
    ("distributions", "SELECT min(id) FROM distributions", "UPDATE distributions SET lines = '[]' WHERE id = :k"),
    ("payments", LAST_PAID, "UPDATE payments SET key = 'verdict:x' WHERE id = :k"),
    ("payment_orders", "SELECT max(id) FROM payment_orders", "UPDATE payment_orders SET lines = '[{}, 1]' WHERE id = :k"),
    ("payment_orders", "SELECT max(id) FROM payment_orders", "UPDATE payment_orders SET lines = '{}' WHERE id = :k"),
    ("distributions", "SELECT min(id) FROM distributions",
     "UPDATE distributions SET lines = '[{\"amount\": \"9\"}]' WHERE id = :k"),
    ("royalty_statements", "SELECT min(id) FROM royalty_statements",
     "UPDATE royalty_statements SET royalty = royalty - 1 WHERE id = :k"),
]  # fmt: skip


def test_honest_books_have_no_finding(book: None) -> None:
    assert found() == []


@pytest.mark.parametrize(("table", "number", "change"), CASES)
def test_each_corruption_is_named_by_table_and_row(book: None, table: str, number: str, change: str) -> None:
    inside = db.session.begin_nested()
    try:
        key = db.session.scalar(text(number))
        assert key is not None
        run(change, k=key)
        lines = found()
        assert any(line.startswith((f"{table} {key}:", f"{table} {key} (")) for line in lines), lines
    finally:
        inside.rollback()


def test_money_forged_whole_into_both_books_is_found(book: None) -> None:
    """A movement with its entries and the balances set right is sound in itself: nobody approved that it came."""
    inside = db.session.begin_nested()
    fund = db.session.scalar(text(FUND))
    run(
        "INSERT INTO ledger_transactions (fund_id, movement, amount, key, subject_kind, memo, at) "
        "VALUES (:f, 'contribute', 9, 'forged', 'contribution', '', '2027-01-01 00:00:00')",
        f=fund,
    )
    key = db.session.scalar(text("SELECT id FROM ledger_transactions WHERE key = 'forged'"))
    for purse, amount in (("contributed", -9), ("available", 9)):
        run(
            "INSERT INTO ledger_entries (transaction_id, fund_id, purse, amount) VALUES (:k, :f, :p, :a)",
            k=key,
            f=fund,
            p=purse,
            a=amount,
        )
    run("UPDATE funds SET budget = budget + 9, available = available + 9 WHERE id = :f", f=fund)
    assert found() == [f"ledger_transactions {key}: nobody approved that this money was brought in"]
    inside.rollback()


def test_the_auditors_routes_are_the_rooms() -> None:
    assert {key.value: (a.value, b.value) for key, (a, b) in workflow.ROUTES.items()} == ROUTES
