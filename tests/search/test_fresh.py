"""The index follows every change in the transaction of the change, and equals one that is made anew."""

from __future__ import annotations

import random

import pytest

from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.orders.models import Order
from marketplace.search import indexing, queries, service
from marketplace.search.terms import Search
from marketplace.talent.models import Evidence
from marketplace.talent.workflow import EvidenceKind
from tests.factories import Make
from tests.search.test_finding import entries

OFFICER = Actor.system()


def found(text: str) -> int:
    answer = queries.find(OFFICER, Search(text))
    return 0 if answer is None or answer.nearly else sum(answer.counts.values())


def test_a_changed_title_is_found_and_the_old_one_no_more(make: Make) -> None:
    order = make.order(title="石墨烯导热膜")
    order.title = "气凝胶毡"
    db.session.commit()
    assert (found("石墨烯"), found("气凝胶")) == (0, 1)


def test_what_is_rolled_back_is_not_found(make: Make) -> None:
    order = make.order(title="石墨烯导热膜")
    order.title = "气凝胶毡"
    db.session.flush()
    db.session.rollback()
    assert (found("石墨烯"), found("气凝胶")) == (1, 0)
    make.order(title="别的")
    assert found("气凝胶") == 0


def test_parts_of_a_subject_and_names_above_it_are_followed(make: Make) -> None:
    enterprise = make.enterprise(name="东莞甲公司")
    order = make.order(enterprise, title="涂层")
    row = make.capability(make.team(name="乙团队"))
    order.targets[0].name = "摩擦系数"
    enterprise.name = "丙公司"
    row.evidence.append(Evidence(kind=EvidenceKind.PAPER, title="磁流变抛光", body=""))
    row.team.name = "丁团队"
    db.session.commit()
    assert [found(text) for text in ("摩擦系数", "丙公司", "磁流变", "丁团队")] == [1, 1, 1, 2]
    assert [found(text) for text in ("东莞甲公司", "乙团队")] == [0, 0]
    row.evidence.clear()
    db.session.commit()
    assert found("磁流变") == 0


def test_what_is_deleted_is_gone(make: Make) -> None:
    order = make.order(title="石墨烯", targets=[])
    db.session.delete(order)
    db.session.commit()
    assert found("石墨烯") == 0


@pytest.mark.parametrize("seed", range(3))
def test_any_history_equals_a_rebuilt_index(make: Make, seed: int) -> None:
    chance = random.Random(seed)
    orders = [make.order(title=f"订单{n}") for n in range(4)]
    capabilities = [make.capability(make.team(name=f"团队{seed}{n}")) for n in range(3)]
    for step in range(25):
        order, capability = chance.choice(orders), chance.choice(capabilities)
        change = chance.randrange(6)
        if change == 0:
            order.title = f"题{step}"
        elif change == 1:
            order.problem, order.title_en = f"问题{step}", f"Title {step}"
        elif change == 2:
            capability.summary = f"概要{step}"
        elif change == 3:
            capability.team.name_en = f"Team {step}"
        elif change == 4:
            order.targets[0].name = f"指标{step}"
        else:
            order.organisation.name = f"公司{step}"
        db.session.commit() if chance.random() < 0.8 else db.session.rollback()
    db.session.commit()
    followed = entries()
    assert len(followed) == 10
    indexing.rebuild()
    db.session.commit()
    assert entries() == followed


def test_without_the_watch_the_index_would_grow_old(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    order = make.order(title="石墨烯导热膜")
    monkeypatch.setattr(indexing, "_differs", lambda _row, _columns: False)
    order.title = "气凝胶毡"
    db.session.commit()
    assert found("气凝胶") == 0
    service.rebuild(make.call())
    assert (found("石墨烯"), found("气凝胶")) == (0, 1)


def test_a_change_of_state_alone_reads_no_text(make: Make, count_statements: list[str]) -> None:
    order = make.order()
    before = len(count_statements)
    order.reason = "理由"
    db.session.commit()
    assert not [s for s in count_statements[before:] if "search_entries" in s]
    assert db.session.get(Order, order.id) is not None
