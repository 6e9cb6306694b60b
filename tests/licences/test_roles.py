"""Every state × event × role of patents, offers, conditions, licences, statements and money, through the services.

The journal is made to refuse its entry, so that whatever would have happened is undone and the next combination starts alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import Account
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, NotFound, Refused
from marketplace.licences import service
from marketplace.licences.models import Distribution, Licence, OpenLicence, RoyaltyReceipt, RoyaltyStatement
from marketplace.licences.terms import OpenTerms
from marketplace.licences.workflow import FeeMode, Side
from marketplace.patents.models import Patent
from marketplace.patents.service import record_event
from marketplace.patents.terms import EventTerms
from marketplace.patents.workflow import EventKind
from marketplace.pools import service as pools
from marketplace.pools.models import PoolOffer, PoolRules
from tests.factories import Make
from tests.licences.test_service import TERMS, asked, paid, running
from tests.licences.test_workflow import TABLES
from tests.patents.test_workflow import LEADS as PATENT_LEADS
from tests.pools.scene import FOUND, RULES, Scene, scene
from tests.pools.test_workflow import LEADS as OFFER_LEADS
from tests.pools.test_workflow import RULES_LEAD

DAY = date(2026, 7, 1)
STAFF, CASHIERS, OWNER, LICENSEE = {"secretary", "officer"}, {"manager", "officer"}, {"owner"}, {"licensee"}
Act = Callable[[Call, int], object]


class Reached(Exception):
    """The service got as far as writing its entry: the event would have happened."""


@dataclass(frozen=True)
class Machine:
    """A row, where each event of its workflow leads, and for each event what calls it and which roles may."""

    model: type[Any]
    make: Callable[[Scene], int]
    leads: Mapping[tuple[Any, str], Any]
    events: Mapping[str, tuple[Act, set[str]]]


def _waiting_offer(place: Scene) -> int:
    row = place.evaluated()
    pools.propose_admission(place.make.call(place.make.officer()), row.id)
    return row.id


def _waiting_rules(place: Scene) -> int:
    return pools.propose_rules(place.make.call(place.make.officer()), place.alliance.id, RULES).id


def _offered_licence(place: Scene) -> int:
    return service.offer_terms(place.make.call(place.owner), asked(place).id, TERMS).id


def _statement(place: Scene) -> int:
    return service.call_for_statement(place.make.call(), running(place).id, "2026Q3", date(2026, 10, 31)).id


def _receipt(place: Scene) -> int:
    return service.propose_receipt(place.make.call(place.make.officer()), running(place).id, 10_000, "回单").id


def _division(place: Scene) -> int:
    row = running(place)
    paid(place, row, 10_000)
    return service.propose_distribution(place.make.call(place.make.officer()), row.id).id


def _open(place: Scene) -> int:
    terms = OpenTerms(fee_mode=FeeMode.LUMP, lump=100_000, ends_on=date(2030, 1, 1))
    return service.declare_open(place.make.call(place.owner), place.patent(7).id, terms).id


def _noted(kind: str) -> tuple[Act, set[str]]:
    return lambda call, key: record_event(call, key, EventTerms(EventKind(kind), DAY, "第1号")), {"owner", "officer"}


MACHINES = {
    "patent": Machine(
        Patent, lambda place: place.patent().id, PATENT_LEADS, {event: _noted(event) for _, event in PATENT_LEADS}
    ),
    "offer": Machine(
        PoolOffer,
        _waiting_offer,
        OFFER_LEADS,
        {
            "appoint": (lambda call, key: pools.appoint_expert(call, key, EXPERTS[0]), STAFF),
            "evaluate": (lambda call, key: pools.evaluate(call, key, FOUND), {"expert"}),
            "propose": (pools.propose_admission, STAFF),
            "admit": (pools.admit, STAFF),
            "refuse": (lambda call, key: pools.refuse(call, key, "重复"), STAFF),
            "withdraw": (pools.withdraw, OWNER),
            "leave": (lambda call, key: pools.leave(call, key, "转让"), OWNER),
        },
    ),
    "conditions": Machine(
        PoolRules,
        _waiting_rules,
        {pair: lead for pair, lead in RULES_LEAD.items() if pair[1] != "replace"},
        {"approve": (pools.approve_rules, STAFF), "refuse": (pools.refuse_rules, STAFF)},
    ),
    "licence": Machine(
        Licence,
        _offered_licence,
        TABLES["licence"][1],
        {
            "offer": (lambda call, key: service.offer_terms(call, key, TERMS), OWNER),
            "start": (lambda call, key: service.sign(call, key, Side.LICENSEE), LICENSEE),
            "decline": (lambda call, key: service.decline(call, key, "不许可"), OWNER),
            "withdraw": (service.withdraw, LICENSEE),
            "end": (lambda call, key: service.end(call, key, "期满"), OWNER | LICENSEE),
        },
    ),
    "statement": Machine(
        RoyaltyStatement,
        _statement,
        TABLES["statement"][1],
        {
            "file": (lambda call, key: service.file_statement(call, key, 100), LICENSEE),
            "question": (lambda call, key: service.question_statement(call, key, "请附账册"), OWNER),
            "accept": (service.accept_statement, OWNER),
        },
    ),
    "receipt": Machine(
        RoyaltyReceipt,
        _receipt,
        TABLES["receipt"][1],
        {
            "approve": (service.approve_receipt, CASHIERS),
            "reject": (lambda call, key: service.reject_receipt(call, key, "金额不符"), CASHIERS),
        },
    ),
    "distribution": Machine(
        Distribution,
        _division,
        TABLES["distribution"][1],
        {
            "approve": (service.approve_distribution, CASHIERS),
            "reject": (lambda call, key: service.reject_distribution(call, key, "份额有误"), CASHIERS),
        },
    ),
    "open licence": Machine(
        OpenLicence, _open, TABLES["open licence"][1], {"withdraw": (service.withdraw_open, OWNER)}
    ),
}
EXPERTS: list[str] = []
STAMPS = (
    "admitted_at", "left_at", "decided_at", "started_at", "ended_at", "filed_at", "withdrawn_at", "granted_on", "disclosed_on",
    "closed_at", "in_force_at", "published_at",
)  # fmt: skip


def people(place: Scene) -> dict[str, Actor]:
    make = place.make
    accounts: dict[str, Account] = {
        "owner": place.owner,
        "licensee": place.rival,
        "expert": place.expert,
        "secretary": place.secretary,
        "officer": make.officer(),
        "manager": make.account(Role.FUND_MANAGER),
        "auditor": make.account(Role.AUDITOR),
        "another member": make.owner(make.enterprise(alliance=place.alliance)),
        "another alliance's secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()),
    }
    return {"visitor": Actor.visitor(), **{name: make.call(account).actor for name, account in accounts.items()}}


def put(machine: Machine, key: int, state: Any, now: Any) -> None:
    """Put the row into ``state`` in SQL, with every stamp that any state asks for."""
    columns = machine.model.__table__.columns
    stamps = {name: now.date() if name.endswith("_on") else now for name in STAMPS if name in columns}
    db.session.execute(update(machine.model).where(machine.model.id == key).values(state=state, **stamps))
    db.session.commit()
    db.session.expire_all()


def outcome(act: Act, call: Call, key: int) -> str:
    """ "done", "not now", or "no" for whoever may not."""
    try:
        act(call, key)
    except Reached:
        return "done"
    except Conflict as error:
        return "not now" if error.code == "workflow.not_now" else error.code
    except (Forbidden, NotFound):
        return "no"
    except Refused as error:
        return error.code
    return "kept"


def enumerate_roles(machine: Machine, place: Scene, actors: Mapping[str, Actor], patch: pytest.MonkeyPatch) -> None:
    """Try every state × event × role; fail with those that went otherwise than the tables say."""
    key, now = machine.make(place), place.make.clock()

    def refuse(*_: object) -> None:
        raise Reached

    patch.setattr(audit, "record", refuse)
    wrong, tried = [], 0
    states = type(next(iter(machine.leads))[0])
    for state in states:
        put(machine, key, state, now)
        for event, (act, may) in machine.events.items():
            for who, actor in actors.items():
                found = outcome(act, Call(actor, now, "test"), key)
                leads = (state, event) in machine.leads
                expected = ("done" if leads else "not now") if who in may else "no"
                tried += 1
                if found != expected:
                    wrong.append(f"{state} × {event} × {who}: {found}, not {expected}")
    assert wrong == []
    assert tried == len(states) * len(machine.events) * len(actors)
    assert set(machine.events) == {event for _, event in machine.leads}


@pytest.mark.parametrize("name", list(MACHINES))
def test_each_event_in_each_state_is_for_its_roles_only(make: Make, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = scene(make)
    EXPERTS[:] = [make.owner(make.university()).email]
    enumerate_roles(MACHINES[name], place, people(place), monkeypatch)


NEEDS = {
    "patent": {"granted_on": {"granted", "lapsed", "expired"}, "disclosed_on": {"published", "granted"}},
    "offer": {"admitted_at": {"admitted", "left"}, "left_at": {"left"}, "expert_id": {"evaluating"}},
    "conditions": {"decided_at": {"in_force", "replaced"}},
    "licence": {"started_at": {"running", "ended"}, "ended_at": {"ended"}},
    "statement": {"filed_at": {"filed", "accepted"}},
    "open licence": {"withdrawn_at": {"withdrawn"}},
}
"""For each row, which states the database lets nobody write without which stamp."""


def try_by_sql(machine: Machine, place: Scene, needs: Mapping[str, set[str]]) -> None:
    """Write every state without each stamp, and words that are no state, past the services."""
    key, table = machine.make(place), machine.model.__table__
    states = [state.value for state in type(next(iter(machine.leads))[0])]
    for stamp, needing in needs.items():
        stamps = {name: place.make.clock().date() if name.endswith("_on") else place.make.clock() for name in needs}
        stamps = {name: value for name, value in stamps.items() if name != "expert_id"}
        for state in states:
            change = text(f"UPDATE {table.name} SET state = :state, {stamp} = NULL WHERE id = :key")
            db.session.execute(update(machine.model).where(machine.model.id == key).values(**stamps))
            refused = _refused(change, {"state": state, "key": key})
            assert refused == (state in needing), f"{table.name} {state} without {stamp}"
    for word in ("draft ", "paid_twice", "", None):
        change = text(f"UPDATE {table.name} SET state = :state WHERE id = :key")
        assert _refused(change, {"state": word, "key": key}), f"{table.name}: {word!r}"


def _refused(change: Any, values: dict[str, Any]) -> bool:
    try:
        with db.session.begin_nested():
            db.session.execute(change, values)
            raise Reached
    except Reached:
        return False
    except DBAPIError:
        return True


@pytest.mark.parametrize("name", list(NEEDS))
def test_the_database_refuses_states_that_their_stamps_contradict(make: Make, name: str) -> None:
    try_by_sql(MACHINES[name], scene(make), NEEDS[name])
