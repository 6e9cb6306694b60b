"""Money moves whole or not at all, once per key, never beyond what is there, and its history cannot be changed."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace.db.base import db
from marketplace.funds import ledger, queries
from marketplace.funds.models import BALANCES, Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import ROUTES, FundState, Movement, Purse
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.money import MAX_FEN
from tests.factories import Make

M = Movement


def balances(fund: Fund) -> tuple[int, ...]:
    return tuple(getattr(fund, name) for name in BALANCES)


def move(make: Make, fund: Fund, movement: Movement, amount: int, key: str, **values: Any) -> LedgerTransaction:
    return ledger.move(
        make.call(), fund.id, movement, amount, key=key, **{"subject_kind": "proposal", "subject_id": 1, **values}
    )


def test_money_walks_from_contribution_to_payment(make: Make) -> None:
    fund = make.fund(1000)
    steps = [
        (M.RESERVE, 600, (1000, 400, 600, 0, 0)),
        (M.RELEASE, 100, (1000, 500, 500, 0, 0)),
        (M.COMMIT, 500, (1000, 500, 0, 500, 0)),
        (M.PAY, 300, (1000, 500, 0, 200, 300)),
        (M.UNCOMMIT, 200, (1000, 700, 0, 0, 300)),
    ]
    for number, (movement, amount, after) in enumerate(steps):
        row = move(make, fund, movement, amount, f"step {number}")
        assert balances(fund) == after, movement
        assert sum(entry.amount for entry in row.entries) == 0
        assert [entry.purse for entry in row.entries] == list(ROUTES[movement])
    assert queries.drifts() == []


@pytest.mark.parametrize(
    ("movement", "code", "left"),
    [
        (M.RESERVE, "funds.not_enough", "4"),
        (M.RELEASE, "funds.not_there", "3"),
        (M.COMMIT, "funds.not_there", "3"),
        (M.UNCOMMIT, "funds.not_there", "2"),
        (M.PAY, "funds.not_there", "2"),
    ],
)
def test_no_purse_gives_more_than_it_holds(make: Make, movement: Movement, code: str, left: str) -> None:
    """One fen too much is refused, the whole of it is not."""
    fund = make.fund(1000)
    move(make, fund, M.RESERVE, 600, "a")
    move(make, fund, M.COMMIT, 300, "b")
    move(make, fund, M.PAY, 100, "c")
    before = balances(fund)
    with pytest.raises(Conflict) as refused:
        move(make, fund, movement, int(left) * 100 + 1, "too much")
    assert refused.value.code == code
    assert refused.value.values == {"fund": fund.name, "available": left, "asked": f"{left}.01"}
    assert balances(fund) == before
    move(make, fund, movement, int(left) * 100, "just enough")
    assert queries.drifts() == []


def test_the_same_command_moves_money_once(make: Make) -> None:
    fund = make.fund(1000)
    first = move(make, fund, M.RESERVE, 300, "approve 1", enterprise_id=None)
    again = move(make, fund, M.RESERVE, 300, "approve 1", memo="other words are no other content")
    assert again is first
    assert balances(fund) == (1000, 700, 300, 0, 0)


@pytest.mark.parametrize(
    "other",
    [{"amount": 301}, {"movement": M.RELEASE}, {"subject_id": 2}, {"subject_kind": "contract"}, {"fund": "other"}],
    ids=str,
)
def test_a_key_used_for_something_else_is_refused(make: Make, other: dict[str, Any]) -> None:
    fund, another = make.fund(1000), make.fund(1000)
    move(make, fund, M.RESERVE, 300, "approve 1")
    values = {"amount": 300, "movement": M.RESERVE, "subject_id": 1, "subject_kind": "proposal", **other}
    target = another if values.pop("fund", None) else fund
    with pytest.raises(Conflict, match="key_reused"):
        move(make, target, values.pop("movement"), values.pop("amount"), "approve 1", **values)
    assert balances(fund) == (1000, 700, 300, 0, 0)
    assert balances(another) == (1000, 1000, 0, 0, 0)


@pytest.mark.parametrize("amount", [0, -1, True, 1.5, MAX_FEN + 1])
def test_an_amount_is_a_whole_number_of_fen_above_zero(make: Make, amount: Any) -> None:
    with pytest.raises(Invalid, match=r"funds\.amount"):
        move(make, make.fund(1000), M.RESERVE, amount, "odd")


def test_the_budget_stays_inside_what_can_be_counted(make: Make) -> None:
    fund = make.fund(MAX_FEN - 1)
    move(make, fund, M.CONTRIBUTE, 1, "the last fen")
    with pytest.raises(Conflict, match="too_much"):
        move(make, fund, M.CONTRIBUTE, 1, "one more")


def test_a_closed_fund_reserves_nothing_new_but_keeps_its_promises(make: Make) -> None:
    fund = make.fund(1000)
    move(make, fund, M.RESERVE, 600, "before")
    fund.state = FundState.CLOSED
    db.session.commit()
    with pytest.raises(Conflict, match="not_open"):
        move(make, fund, M.RESERVE, 1, "after")
    move(make, fund, M.COMMIT, 600, "contract")
    move(make, fund, M.PAY, 600, "paid")
    assert balances(fund) == (1000, 400, 0, 0, 600)


def test_a_fund_that_is_not_there_cannot_pay(make: Make) -> None:
    with pytest.raises(NotFound):
        ledger.move(make.call(), 999_999, M.RESERVE, 1, key="k", subject_kind="x", subject_id=None)


@pytest.mark.parametrize("table", ["ledger_transactions", "ledger_entries"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount = amount + 1", "DELETE FROM {}"])
def test_direct_sql_cannot_change_history(make: Make, table: str, statement: str) -> None:
    make.fund(1000)
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(statement.format(table)))
    assert queries.drifts() == []


@pytest.mark.parametrize("model", [LedgerTransaction, LedgerEntry])
def test_the_session_cannot_change_history_either(make: Make, model: Any) -> None:
    make.fund(1000)
    row = db.session.scalars(select(model)).first()
    row.amount += 1
    with pytest.raises(RuntimeError, match="append-only"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize("change", ["available = available + 1", "reserved = -1", "available = -1, paid = paid + 1001"])
def test_direct_sql_cannot_unbalance_a_fund(make: Make, change: str) -> None:
    make.fund(1000)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"UPDATE funds SET {change}"))


def test_a_balance_that_left_its_ledger_is_found(make: Make) -> None:
    """The twin of every ``drifts() == []`` above: moved behind the ledger's back, it is named."""
    fund = make.fund(1000)
    db.session.execute(update(Fund).where(Fund.id == fund.id).values(available=900, reserved=100))
    assert [(d.fund_id, d.purse, d.balance, d.ledger) for d in queries.drifts()] == [
        (fund.id, Purse.AVAILABLE, 900, 1000),
        (fund.id, Purse.RESERVED, 100, 0),
    ]


class LedgerMachine(RuleBasedStateMachine):
    """Random movements and repeated commands on two funds, beside four plain counters each."""

    make: Make
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.funds = [self.make.fund(), self.make.fund()]
        self.model = [dict.fromkeys(Purse, 0) for _ in self.funds]
        self.commands: dict[str, tuple[int, Movement, int]] = {}

    @rule(
        target=keys,
        which=st.integers(0, 1),
        movement=st.sampled_from(Movement),
        amount=st.one_of(st.integers(1, 500), st.integers(1, MAX_FEN)),
    )
    def command(self, which: int, movement: Movement, amount: int) -> str:
        key = f"{self.funds[0].id}:{len(self.commands)}"
        source, target = ROUTES[movement]
        purses = self.model[which]
        room = MAX_FEN + purses[Purse.CONTRIBUTED] if source is Purse.CONTRIBUTED else purses[source]
        try:
            move(self.make, self.funds[which], movement, amount, key)
            assert amount <= room
            purses[source] -= amount
            purses[target] += amount
            self.commands[key] = (which, movement, amount)
        except Conflict:
            assert amount > room
        return key

    @rule(key=keys, more=st.integers(0, 1))
    def repeat(self, key: str, more: int) -> None:
        """A command that happened changes nothing when it comes again, and is refused when it says something else."""
        if key not in self.commands:
            return
        which, movement, amount = self.commands[key]
        other = min(amount + more, MAX_FEN)
        expected = nullcontext() if other == amount else pytest.raises(Conflict, match="key_reused")
        with expected:
            move(self.make, self.funds[which], movement, other, key)

    @invariant()
    def the_fund_is_the_model_to_the_fen(self) -> None:
        for fund, purses in zip(self.funds, self.model, strict=True):
            expected = (-purses[Purse.CONTRIBUTED], *(purses[purse] for purse in list(Purse)[1:]))
            assert balances(fund) == expected
        assert queries.drifts() == []


def test_any_run_of_movements_agrees_with_a_plain_model(make: Make) -> None:
    machine = type("Machine", (LedgerMachine,), {"make": make})
    quick = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(machine, settings=quick)
