"""One use case is one unit of work with one audit record."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import TimeoutError

from marketplace.alliances.models import Alliance
from marketplace.audit import service as audit
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.db.transaction import after_commit, use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from tests.factories import Make


def _alliance(call: Call, code: str = "X") -> Alliance:
    row = Alliance(code=code, name="n", name_en="n", founded_at=call.now)
    db.session.add(row)
    return row


def test_a_use_case_commits_its_rows_and_its_audit_record(make: Make) -> None:
    @use_case
    def found(call: Call) -> None:
        _alliance(call)
        audit.record(call, "test.found", "alliance", None)

    found(make.call())
    db.session.remove()
    assert db.session.scalars(select(Alliance.code)).all() == ["X"]
    assert db.session.scalars(select(AuditRecord.command)).all() == ["test.found"]


@pytest.mark.parametrize("records", [0, 2])
def test_a_use_case_without_exactly_one_audit_record_is_undone(make: Make, records: int) -> None:
    @use_case
    def found(call: Call) -> None:
        _alliance(call)
        for _ in range(records):
            audit.record(call, "test.found", "alliance", None)

    with pytest.raises(RuntimeError, match=f"wrote {records} audit records"):
        found(make.call())
    assert db.session.scalars(select(Alliance.code)).all() == []


def test_a_refused_use_case_leaves_nothing_and_runs_no_effects(make: Make) -> None:
    effects: list[str] = []

    @use_case
    def refuse(call: Call) -> None:
        _alliance(call)
        after_commit(lambda: effects.append("ran"))
        audit.record(call, "test.found", "alliance", None)
        raise Conflict("stale")

    with pytest.raises(Conflict):
        refuse(make.call())
    assert db.session.scalars(select(Alliance.code)).all() == []
    assert db.session.scalars(select(AuditRecord.command)).all() == []
    assert effects == []


def test_a_use_case_that_gets_no_connection_says_that_the_site_is_busy(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    @use_case
    def found(call: Call) -> None:
        raise AssertionError("it has no connection to write with")

    def full(*_args: Any, **_kwargs: Any) -> None:
        raise TimeoutError("QueuePool limit reached")

    call = make.call()
    monkeypatch.setattr(db.session(), "connection", full)
    with pytest.raises(Conflict) as refused:
        found(call)
    assert refused.value.code == "busy"


def test_a_page_that_gets_no_connection_says_so_too(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise TimeoutError("QueuePool limit reached")

    monkeypatch.setattr(db.session, "execute", full)
    monkeypatch.setattr(db.session, "scalar", full)
    monkeypatch.setattr(db.session, "scalars", full)
    answer = client.get("/orders")
    assert answer.status_code == 409
    assert "Nothing was changed" in client.get("/orders", headers={"Accept-Language": "en"}).get_data(as_text=True)


def test_a_use_case_may_not_call_another(make: Make) -> None:
    @use_case
    def inner(call: Call) -> None:
        audit.record(call, "test.inner", "alliance", None)

    @use_case
    def outer(call: Call) -> Any:
        return inner(call)

    with pytest.raises(RuntimeError, match="inside another use case"):
        outer(make.call())


def test_a_broken_constraint_is_a_conflict_not_a_crash(make: Make) -> None:
    @use_case
    def found(call: Call) -> None:
        _alliance(call)
        audit.record(call, "test.found", "alliance", None)

    found(make.call())
    with pytest.raises(Conflict, match="constraint"):
        found(make.call())
