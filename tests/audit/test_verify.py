"""Every kind of tampering is found and named; an honest site has no findings."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace.accounts import granting
from marketplace.accounts.models import AccountGrant
from marketplace.audit import service as audit
from marketplace.audit import verify
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.orders.workflow import OrderState
from tests.factories import PASSWORD, Make

LENGTH = 12


@use_case
def note(call: Call, number: int) -> None:
    audit.record(call, "orders.edit", "order", number, {"step": "目标", "values": [1, None, {"a": "b"}]})


@pytest.fixture
def journal(make: Make) -> Make:
    """A journal of LENGTH records whose table accepts every change."""
    for number in range(LENGTH):
        note(make.call(), number)
    if db.engine.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            db.session.execute(text(f"DROP TRIGGER audit_records_no_{verb}"))
    else:
        db.session.execute(text("DROP TRIGGER audit_records_append_only ON audit_records"))
    db.session.commit()
    return make


def found(invariant: str = "journal") -> list[str]:
    return [f.text for f in verify.findings() if f.invariant == invariant]


def run(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def test_an_honest_journal_has_no_findings(journal: Make) -> None:
    assert verify.findings() == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE audit_records SET actor_name = 'x' WHERE sequence = 5", ["record 5 is not what was written"]),
        ("UPDATE audit_records SET subject_id = NULL WHERE sequence = 1", ["record 1 is not what was written"]),
        ("DELETE FROM audit_records WHERE sequence = 5", ["record 5 is missing"]),
        ("DELETE FROM audit_records WHERE sequence BETWEEN 1 AND 3", ["records 1 to 3 are missing"]),
        ("DELETE FROM audit_records WHERE sequence > 10", ["records 11 to 12 are missing at the end"]),
        ("DELETE FROM audit_records", ["records 1 to 12 are missing at the end"]),
        ("DELETE FROM audit_head", ["the head is missing"]),
        ("UPDATE audit_records SET sequence = 13 WHERE sequence = 12", None),
        ("UPDATE audit_head SET sequence = 11", None),
        ("UPDATE audit_head SET seal = ''", ["the head was moved (it says 12)"]),
    ],
)
def test_tampering_is_named(journal: Make, statement: str, expected: list[str] | None) -> None:
    run(statement)
    assert found() == expected if expected is not None else found()


def test_a_cut_tail_is_found_although_the_head_was_moved_back(journal: Make) -> None:
    digest = db.session.scalar(text("SELECT digest FROM audit_records WHERE sequence = 10"))
    run("DELETE FROM audit_records WHERE sequence > 10")
    run("UPDATE audit_head SET sequence = 10, digest = :digest", digest=digest)
    assert found() == ["the head was moved (it says 10)"]


def test_a_journal_set_back_to_nothing_is_found(journal: Make) -> None:
    run("DELETE FROM audit_records WHERE sequence > 1")
    run("UPDATE audit_head SET sequence = 0, digest = :start, seal = ''", start=audit.START)
    assert found() == ["record 1 is not known to the head"]


@pytest.mark.parametrize("moment", [1, 2])
def test_records_written_while_it_reads_are_no_findings(
    journal: Make, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Others go on working: between the first look at the head and the records, and before the second look."""
    looks = count(1)

    def look() -> Any:
        now = next(looks)
        seen = look_really() if now == 1 else None
        if now == moment:
            note(journal.call(), 99)
        return seen if now == 1 else look_really()

    look_really = verify._head
    monkeypatch.setattr(verify, "_head", look)
    assert list(verify.chain()) == []


def test_a_thousand_random_changes_are_all_found(journal: Make) -> None:
    chance = random.Random(2027)
    unnoticed = []
    for _ in range(1000):
        inside = db.session.begin_nested()
        change = _change(chance)
        if not list(verify.chain()):
            unnoticed.append(change)
        inside.rollback()
    assert unnoticed == []


def _change(chance: random.Random) -> str:
    """Edit, delete, swap or cut at a random place; returns what was done."""
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    kind = chance.choice(["edit", "delete", "swap", "cut"])
    if kind == "edit":
        column = chance.choice(["actor_kind", "actor_name", "command", "subject_kind", "request_id", "digest"])
        run(f"UPDATE audit_records SET {column} = :v WHERE sequence = :n", v=f"x{chance.random()}"[:15], n=one)
        return f"edit {column} of {one}"
    if kind == "delete":
        run("DELETE FROM audit_records WHERE sequence = :n", n=one)
    elif kind == "swap":
        run("UPDATE audit_records SET sequence = 99 WHERE sequence = :n", n=one)
        run("UPDATE audit_records SET sequence = :n WHERE sequence = :m", n=one, m=other)
        run("UPDATE audit_records SET sequence = :m WHERE sequence = 99", m=other)
    else:
        run("DELETE FROM audit_records WHERE sequence >= :n", n=one)
    return f"{kind} {one} {other}"


def test_a_changed_balance_is_found(make: Make) -> None:
    fund = make.fund(5_000, code="F-1")
    note(make.call(), 1)
    assert found("ledger") == []
    run("UPDATE funds SET available = available - 1, reserved = reserved + 1 WHERE id = :i", i=fund.id)
    assert found("ledger") == [
        f"funds {fund.id} (F-1): available is 4999 fen, its entries sum to 5000",
        f"funds {fund.id} (F-1): reserved is 1 fen, its entries sum to 0",
    ]


def test_money_that_nobody_brought_in_is_found(make: Make) -> None:
    fund = make.fund(5_000, code="F-1")
    run("UPDATE funds SET available = available + 1, budget = budget + 1 WHERE id = :i", i=fund.id)
    assert f"funds {fund.id} (F-1): the budget is 5001 fen, 5000 were brought in" in found("ledger")


def test_half_a_movement_is_found(make: Make) -> None:
    fund = make.fund(5_000)
    run(
        "INSERT INTO ledger_transactions (fund_id, movement, amount, key, subject_kind, memo, at) "
        "VALUES (:f, 'reserve', 7, 'half', 'test', '', '2027-01-01 00:00:00')",
        f=fund.id,
    )
    key = db.session.scalar(text("SELECT id FROM ledger_transactions WHERE key = 'half'"))
    assert found("ledger") == [f"ledger_transactions {key}: its entries do not sum to 0"]


def _endorse(make: Make, step: str, person_of: Any, fingerprint: str, *, person: int | None = None) -> None:
    run(
        "INSERT INTO endorsements (subject_kind, subject_id, content_hash, step, person_id, account_id, at) "
        "VALUES ('grant', 1, :h, :s, :p, :a, '2027-01-01 00:00:00')",
        h=fingerprint,
        s=step,
        p=person or person_of.person_id,
        a=person_of.id,
    )


def test_two_persons_who_stood_for_the_same_content_are_fine(make: Make) -> None:
    first, second = make.account(), make.account()
    _endorse(make, "proposed", first, "a")
    _endorse(make, "approved", second, "a")
    assert found("four eyes") == []


def test_an_approval_of_other_content_is_found(make: Make) -> None:
    first, second = make.account(), make.account()
    _endorse(make, "proposed", first, "a")
    _endorse(make, "approved", second, "b")
    assert found("four eyes") == ["grant 1 was approved without a different person's proposal of the same content"]


def test_an_endorsement_in_anothers_name_is_found(make: Make) -> None:
    first, second = make.account(), make.account()
    _endorse(make, "proposed", first, "a")
    _endorse(make, "approved", first, "a", person=second.person_id)
    assert [line for line in found("four eyes") if "another person" in line]


@pytest.fixture
def auditor(make: Make) -> AccountGrant:
    """A role given in the proper way: two founders, one proposes it, the other approves."""
    call, people = make.call(), []
    for name, number in (("甲", "E11111111"), ("乙", "E22222222")):
        email = f"{number}@example.test".lower()
        people.append(granting.found(call, name=name, email=email, identity_number=number, password=PASSWORD))
    one, other = (make.call(person) for person in people)
    account = make.account(email="auditor@example.test")
    grant = granting.propose_grant(one, account.email, Role.AUDITOR, "审计")
    granting.approve_grant(other, grant.id)
    return grant


def test_roles_given_by_two_people_and_by_the_founding_are_fine(auditor: AccountGrant) -> None:
    assert verify.findings() == []


@pytest.mark.parametrize(
    ("change", "who"),
    [
        ("UPDATE account_grants SET role = 'administrator' WHERE id = :g", "administrator"),
        ("UPDATE account_grants SET account_id = account_id - 1 WHERE id = :g", "auditor"),
    ],
)
def test_a_role_changed_after_its_approval_is_found(auditor: AccountGrant, change: str, who: str) -> None:
    run(change, g=auditor.id)
    (line,) = found("roles")
    assert line.startswith(f"role {auditor.id} ({who} of account ")


def test_a_role_that_somebody_slipped_in_is_found(make: Make, auditor: AccountGrant) -> None:
    slipped = make.officer()
    (line,) = found("roles")
    assert f"(centre_officer of account {slipped.id})" in line


def test_what_came_into_force_without_approval_is_found(make: Make) -> None:
    order = make.order(state=OrderState.OPENED, opened_at=make.clock())
    fund, proposer = make.fund(0), make.account()
    run(
        "INSERT INTO fund_contributions (fund_id, amount, source, state, reason, proposed_by, proposed_at, decided_at, version)"
        " VALUES (:f, 5, '', 'approved', '', :a, '2027-01-01 00:00:00', '2027-01-01 00:00:00', 1)",
        f=fund.id,
        a=proposer.id,
    )
    key = db.session.scalar(text("SELECT max(id) FROM fund_contributions"))
    assert found("four eyes") == [
        f"contribution {key} is in force, but nobody approved it",
        f"the bids of order {order.id} were opened, but nobody approved that",
    ]


def test_a_bid_that_is_readable_too_early_is_found(make: Make) -> None:
    order, team = make.order(), make.team()
    now = make.clock()
    content = OpenedBid(plan="x", price=1, start_on=now.date(), months=1)
    bid = Bid(order_id=order.id, team_id=team.id, state=BidState.DRAFT, created_at=now, changed_at=now, content=content)
    make.save(bid)
    assert found("sealing") == [f"bid {bid.id} is readable, but was never opened"]


def test_a_bid_opened_before_its_order_is_found(make: Make) -> None:
    bid = make.opened_bid(make.order(), make.team())
    assert found("sealing") == [f"bid {bid.id} was opened, but its order was not or it was never submitted"]


def test_an_order_opened_before_its_publication_is_found(make: Make) -> None:
    order = make.order(state=OrderState.OPENED, opened_at=make.clock() - timedelta(days=1))
    assert found("stamps") == [f"order {order.reference}: its stamps contradict each other"]


def test_the_command_says_what_is_wrong_and_fails(app: Flask, journal: Make) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0
    run("DELETE FROM audit_records WHERE sequence = 5")
    db.session.commit()
    answer = runner.invoke(args=["audit", "verify"])
    assert answer.exit_code == 1
    assert "journal: record 5 is missing" in answer.output
