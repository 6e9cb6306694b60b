"""Every state × event × role of threats, cases, contests, covenants, capabilities and training places, by services and SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.defence import service
from marketplace.defence.models import Contest, Covenant, DefenceCase, PriorArt, Threat
from marketplace.defence.terms import ArtTerms, ContestTerms, CovenantTerms
from marketplace.defence.workflow import ContestState as K
from marketplace.defence.workflow import CovenantKind
from marketplace.defence.workflow import CovenantState as V
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind
from marketplace.kernel.call import Call, Role
from marketplace.kernel.fields import Field
from marketplace.talent import service as talent
from marketplace.talent.models import Capability, Place, Programme
from marketplace.talent.terms import ProgrammeTerms
from marketplace.talent.workflow import CapabilityState as A
from marketplace.talent.workflow import PlaceState as P
from marketplace.talent.workflow import ProgrammeKind
from marketplace.talent.workflow import ProgrammeState as G
from tests.conftest import Clock
from tests.defence.test_service import CASE, joined, opened, threatened
from tests.defence.test_workflow import TABLES
from tests.factories import Make
from tests.licences.test_roles import CASHIERS, LICENSEE, OWNER, STAFF, Machine, enumerate_roles, people, try_by_sql
from tests.pools.scene import Scene, scene
from tests.talent.test_workflow import LEADS as CAPABILITY_LEADS

TEXT = CovenantTerms(CovenantKind.ON_TRANSFER, "转让即许可", "转让给只主张权利者时，其他成员即获许可。")
COURSE = ProgrammeTerms(
    ProgrammeKind.COURSE, Field.CHEMISTRY, "涂层配方", "两周", date(2027, 3, 1), date(2027, 3, 12), 5
)


def _case(place: Scene) -> int:
    row = opened(place)
    joined(place, row, place.rival, place.rival_organisation)
    return row.id


def _contest(place: Scene) -> int:
    """A contest that two people awarded, none of whom acts below, beside an open one: the fund holds both bounties."""
    make, case = place.make, opened(place)
    fund = make.fund(20_000_000, kind=FundKind.ALLIANCE, public=False, alliance_id=place.alliance.id)
    one, other = make.account(Role.ALLIANCE_SECRETARY, alliance=place.alliance), make.account(Role.FUND_MANAGER)
    _opened_contest(make, case, fund, one, other)
    row = _opened_contest(make, case, fund, one, other)
    art = ArtTerms("一种无线充电线圈", "JP2001-123456A", date(2001, 4, 5), ("图2", "图3"))
    service.enter(make.call(make.owner(make.university())), row.id, art)
    assert isinstance(make.clock, Clock)
    make.clock.now = row.closes_at
    service.propose_award(make.call(one), row.id, _entries(row.id))
    return service.award(make.call(other), row.id).id


def _opened_contest(make: Make, case: DefenceCase, fund: Fund, one: Account, other: Account) -> Contest:
    closes = make.clock() + timedelta(days=30)
    terms = ContestTerms("US9876543B2", "1", ("线圈", "屏蔽层"), date(2010, 1, 1), 5_000_001, fund.id, closes)
    return service.open_contest(make.call(other), service.propose_contest(make.call(one), case.id, terms).id)


def _entries(contest: int) -> list[int]:
    return list(db.session.scalars(select(PriorArt.id).where(PriorArt.contest_id == contest)))


def _propose_award(call: Call, contest: int) -> object:
    return service.propose_award(call, contest, _entries(contest))


def _capability(place: Scene) -> int:
    return place.make.capability(place.make.team(place.university)).id


def _covenant(place: Scene) -> int:
    return service.propose_covenant(place.make.call(place.make.officer()), place.alliance.id, TEXT).id


def _programme(place: Scene) -> int:
    return talent.offer_programme(place.make.call(place.owner), place.university.id, COURSE).id


def _place(place: Scene) -> int:
    number = _programme(place)
    for who in (place.make.owner(place.make.enterprise()), place.rival):
        row = talent.ask_place(place.make.call(who), number)
        if who is not place.rival:
            talent.decide_place(place.make.call(place.owner), row.id, "give")
    return row.id


MACHINES = {
    "threat": Machine(
        Threat,
        lambda place: threatened(place).id,
        TABLES["threat"][1],
        {
            "take_up": (lambda call, key: service.open_case(call, key, CASE), STAFF),
            "close": (lambda call, key: service.close_threat(call, key, "与成员无关"), STAFF),
        },
    ),
    "case": Machine(
        DefenceCase,
        _case,
        TABLES["case"][1],
        {
            "begin": (service.begin, STAFF),
            "close": (lambda call, key: service.close_case(call, key, "和解", 0, 0), STAFF),
        },
    ),
    "contest": Machine(
        Contest,
        _contest,
        TABLES["contest"][1],
        {
            "open": (service.open_contest, CASHIERS),
            "propose_award": (_propose_award, STAFF),
            "think_again": (service.think_again, CASHIERS),
            "award": (service.award, CASHIERS),
            "pay": (lambda call, key: service.pay(call, key, "ICBC-1"), CASHIERS),
            "end": (lambda call, key: service.end_contest(call, key, "无人应征"), CASHIERS | STAFF),
        },
    ),
    "capability": Machine(
        Capability,
        _capability,
        CAPABILITY_LEADS,
        {"publish": (talent.publish_capability, OWNER), "withdraw": (talent.withdraw_capability, OWNER)},
    ),
    "covenant": Machine(
        Covenant,
        _covenant,
        {(V.PROPOSED, "enact"): V.IN_FORCE, (V.PROPOSED, "stop"): V.REJECTED, (V.IN_FORCE, "stop"): V.ENDED},
        {
            "enact": (service.enact, STAFF),
            "stop": (lambda call, key: service.stop_covenant(call, key, "措辞不清"), STAFF),
        },
    ),
    "programme": Machine(
        Programme,
        _programme,
        {(G.OPEN, "close"): G.CLOSED},
        {"close": (lambda call, key: talent.close_programme(call, key, "名额已满"), OWNER)},
    ),
    "place": Machine(
        Place,
        _place,
        {
            (P.ASKED, "give"): P.GIVEN,
            (P.ASKED, "refuse"): P.REFUSED,
            (P.ASKED, "leave"): P.LEFT,
            (P.GIVEN, "leave"): P.LEFT,
            (P.GIVEN, "complete"): P.COMPLETED,
        },
        {
            "give": (lambda call, key: talent.decide_place(call, key, "give"), OWNER),
            "refuse": (lambda call, key: talent.decide_place(call, key, "refuse"), OWNER),
            "complete": (lambda call, key: talent.decide_place(call, key, "complete"), OWNER),
            "leave": (talent.leave_place, LICENSEE),
        },
    ),
}
NEEDS: Mapping[str, Mapping[str, set[str]]] = {
    "threat": {"closed_at": {"closed"}},
    "case": {"closed_at": {"closed"}},
    "contest": {"ended_at": {state.value for state in (K.PAID, K.ENDED)}},
    "capability": {"published_at": {A.PUBLISHED.value}},
    "covenant": {"in_force_at": {"in_force"}, "ended_at": {"ended", "rejected"}},
    "programme": {},
    "place": {},
}


@pytest.mark.parametrize("name", list(MACHINES))
def test_each_event_in_each_state_is_for_its_roles_only(make: Make, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = scene(make)
    enumerate_roles(MACHINES[name], place, people(place), monkeypatch)


@pytest.mark.parametrize("name", list(NEEDS))
def test_the_database_refuses_states_that_their_stamps_contradict(make: Make, name: str) -> None:
    try_by_sql(MACHINES[name], scene(make), dict(NEEDS[name]))
