"""Two distinct natural persons, exactly the same content."""

from __future__ import annotations

import pytest

from marketplace.approvals import service
from marketplace.approvals.models import Step
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Conflict, Forbidden
from tests.factories import Make

A, B = service.content_hash({"amount": 1}), service.content_hash({"amount": 2})


def test_the_fingerprint_depends_on_content_and_not_on_the_order_of_keys() -> None:
    assert service.content_hash({"a": 1, "b": [2, "三"]}) == service.content_hash({"b": [2, "三"], "a": 1})
    assert service.content_hash({"a": [1, 2]}) != service.content_hash({"a": [2, 1]})
    assert A != B


def test_two_persons_agree(make: Make) -> None:
    first, second = make.account(), make.account()
    service.propose(make.call(first), "grant", 1, A)
    service.approve(make.call(second), "grant", 1, A)
    stood = [(row.person_id, row.step) for row in service.endorsements_of("grant", 1)]
    assert stood == [(first.person_id, Step.PROPOSED), (second.person_id, Step.APPROVED)]
    assert service.endorsements_of("grant", 2) == service.endorsements_of("proposal", 1) == []


def test_one_person_with_two_accounts_is_one_person(make: Make) -> None:
    person = make.person()
    service.propose(make.call(make.account(person=person)), "grant", 1, A)
    with pytest.raises(Forbidden) as refused:
        service.approve(make.call(make.account(person=person)), "grant", 1, A)
    assert refused.value.code == "approvals.same_person"


@pytest.mark.parametrize(
    ("kind", "key", "fingerprint"),
    [("grant", 1, B), ("grant", 2, A), ("opening", 1, A)],
    ids=["content", "row", "kind"],
)
def test_an_approval_of_anything_else_is_refused(make: Make, kind: str, key: int, fingerprint: str) -> None:
    service.propose(make.call(make.account()), "grant", 1, A)
    with pytest.raises(Conflict) as refused:
        service.approve(make.call(make.account()), kind, key, fingerprint)
    assert refused.value.code == "approvals.changed"


def test_nobody_stands_twice_for_the_same_content(make: Make) -> None:
    first, second = make.account(), make.account()
    service.propose(make.call(first), "grant", 1, A)
    service.approve(make.call(second), "grant", 1, A)
    for again, caller in ((service.propose, first), (service.propose, second), (service.approve, second)):
        with pytest.raises(Conflict) as refused:
            again(make.call(caller), "grant", 1, A)
        assert refused.value.code == "approvals.already"


def test_an_edit_can_be_proposed_again(make: Make) -> None:
    first, second = make.account(), make.account()
    service.propose(make.call(first), "grant", 1, A)
    service.propose(make.call(first), "grant", 1, B)
    service.approve(make.call(second), "grant", 1, B)
    assert service.proposers_of("grant", 1, A) == {first.person_id}


@pytest.mark.parametrize("actor", [Actor.system(), Actor.visitor()], ids=["system", "visitor"])
def test_only_natural_persons_decide(make: Make, actor: Actor) -> None:
    call = Call(actor, make.clock())
    with pytest.raises(Forbidden) as refused:
        service.propose(call, "grant", 1, A)
    assert refused.value.code == "approvals.no_person"
    service.propose(make.call(make.account()), "grant", 1, A)
    with pytest.raises(Forbidden):
        service.approve(call, "grant", 1, A)
    db.session.rollback()
