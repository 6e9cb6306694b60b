"""Running balances, what an enterprise has drawn, and what the public may know."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.db.base import db
from marketplace.funds import ledger, queries
from marketplace.funds.models import Fund
from marketplace.funds.rules import NOTHING, Drawn
from marketplace.funds.workflow import FundState, Movement
from marketplace.kernel.errors import NotFound
from tests.conftest import Clock
from tests.factories import Make

M = Movement


def move(make: Make, fund: Fund, movement: Movement, amount: int, enterprise: int | None = None) -> int:
    key = f"{fund.id}:{make.call().request_id}:{db.session.query(queries.LedgerTransaction).count()}"
    return ledger.move(
        make.call(), fund.id, movement, amount, key=key, subject_kind="t", subject_id=1, enterprise_id=enterprise
    ).id


def test_every_line_knows_what_was_available_after_it(make: Make) -> None:
    fund, other = make.fund(1000), make.fund(50)
    first = queries.transactions(fund.id)
    steps = [(M.RESERVE, 600), (M.COMMIT, 200), (M.RELEASE, 100), (M.PAY, 50), (M.UNCOMMIT, 150), (M.CONTRIBUTE, 7)]
    ids = []
    for movement, amount in steps:
        ids.append(move(make, fund, movement, amount))
        move(make, other, M.CONTRIBUTE, 9)
    after = queries.available_after(fund.id, ids)
    assert [after[i] for i in ids] == [400, 400, 500, 500, 650, 657]
    assert queries.available_after(fund.id, ids[2:3]) == {ids[2]: 500}, "a page knows it without the lines before"
    newest = [row.id for row in db.session.scalars(first)]
    assert newest == sorted(newest, reverse=True)
    assert [row.id for row in db.session.scalars(queries.transactions(fund.id, M.PAY))] == [ids[3]]


def test_what_an_enterprise_has_drawn_counts_what_came_back(make: Make) -> None:
    fund, other = make.fund(10_000), make.fund(10_000)
    a, b = make.enterprise().id, make.enterprise().id
    steps = [(M.RESERVE, 1000, a), (M.RESERVE, 500, b), (M.COMMIT, 900, a), (M.RELEASE, 100, a), (M.PAY, 300, a)]
    for movement, amount, enterprise in [*steps, (M.UNCOMMIT, 200, a), (M.RESERVE, 40, None)]:
        move(make, fund, movement, amount, enterprise)
    pairs = [(fund.id, a), (fund.id, b), (other.id, a)]
    day = make.clock().date()
    assert queries.enterprise_drawn(pairs, day) == {
        pairs[0]: Drawn(700, 700),
        pairs[1]: Drawn(500, 500),
        pairs[2]: NOTHING,
    }
    assert queries.enterprise_drawn([], day) == {}


def test_a_year_counts_what_was_reserved_in_it_and_not_given_back(make: Make, clock: Clock) -> None:
    """600 last year, of which a contract gave 50 back this year; 300 this year and 100 more that were released again."""
    fund, a = make.fund(10_000), make.enterprise().id

    def movement(kind: Movement, amount: int, subject: int) -> None:
        values = {"key": f"{subject}:{kind}", "subject_kind": "proposal", "subject_id": subject, "enterprise_id": a}
        ledger.move(make.call(), fund.id, kind, amount, **values)  # type: ignore[arg-type]

    clock.now -= timedelta(days=30)
    movement(M.RESERVE, 600, 1)
    movement(M.COMMIT, 600, 1)
    clock.advance(days=30)
    movement(M.RESERVE, 300, 2)
    movement(M.RESERVE, 100, 3)
    movement(M.RELEASE, 100, 3)
    movement(M.UNCOMMIT, 50, 1)
    pair = (fund.id, a)
    assert queries.enterprise_drawn([pair], date(2027, 1, 12)) == {pair: Drawn(850, 300)}
    assert queries.enterprise_drawn([pair], date(2028, 1, 1)) == {pair: Drawn(850, 0)}


def test_the_public_learns_of_open_public_money_only(make: Make) -> None:
    shown = make.fund(1000, name="公开")
    make.fund(state=FundState.DRAFT)
    make.fund(state=FundState.CLOSED)
    make.fund(public=False)
    assert queries.public_totals() == [shown]


@pytest.mark.parametrize("number", [0, -1, 999_999, 10**30])
def test_a_fund_that_cannot_be_is_not_found(make: Make, number: int) -> None:
    with pytest.raises(NotFound):
        queries.get_fund(make.call(make.officer()), number)
