"""Prior art is paid for by the fund pool: exactly, by two people, and its charts stay behind their wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.defence import policy, queries, service
from marketplace.defence.models import Contest, DefenceCase, PriorArt
from marketplace.defence.terms import ArtTerms, ContestTerms
from marketplace.defence.workflow import CONTEST, ContestState
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.conftest import Clock
from tests.defence.test_service import joined, opened
from tests.factories import Make
from tests.pools.scene import Scene, scene

ART = ArtTerms("一种无线充电线圈", "JP2001-123456A", date(2001, 4, 5), ("图表金丝雀", ""))


@dataclass
class Stage:
    place: Scene
    case: DefenceCase
    fund: Fund
    manager: Account
    entrant: Account
    clock: Clock

    def terms(self, **values: Any) -> ContestTerms:
        whole = ContestTerms(
            "US9876543B2", "1", ("线圈", "屏蔽层"), date(2010, 1, 1), 5_000_001, self.fund.id,
            self.clock() + timedelta(days=30),
        )  # fmt: skip
        return replace(whole, **values)

    def call(self, name: str) -> Any:
        return self.place.make.call(getattr(self, name, None) or getattr(self.place, name))

    def contest(self, state: ContestState) -> Contest:
        """A contest led to ``state`` by the commands themselves."""
        row = service.propose_contest(self.call("secretary"), self.case.id, self.terms())
        if state is ContestState.PROPOSED:
            return row
        if state is ContestState.ENDED:
            return service.end_contest(self.call("secretary"), row.id, "无人应征")
        service.open_contest(self.call("manager"), row.id)
        service.enter(self.call("entrant"), row.id, ART)
        self.clock.now = row.closes_at
        if state is not ContestState.OPEN:
            service.propose_award(self.call("secretary"), row.id, [self.art(row).id])
        if state in {ContestState.AWARDED, ContestState.PAID}:
            service.award(self.call("manager"), row.id)
        if state is ContestState.PAID:
            service.pay(self.call("manager"), row.id, "ICBC-1")
        return row

    def art(self, row: Contest) -> PriorArt:
        return db.session.scalars(select(PriorArt).where(PriorArt.contest_id == row.id)).one()

    def purse(self) -> tuple[int, int, int, int]:
        return self.fund.available, self.fund.reserved, self.fund.committed, self.fund.paid


@pytest.fixture
def stage(make: Make, clock: Clock) -> Stage:
    place = scene(make)
    fund = make.fund(20_000_000, kind=FundKind.ALLIANCE, public=False, alliance_id=place.alliance.id)
    entrant = make.owner(make.university())
    return Stage(place, opened(place), fund, make.account(Role.FUND_MANAGER), entrant, clock)


def test_a_bounty_goes_from_the_fund_to_the_finder_and_the_rest_back(stage: Stage) -> None:
    row = service.propose_contest(stage.call("secretary"), stage.case.id, stage.terms())
    service.open_contest(stage.call("manager"), row.id)
    assert stage.purse() == (14_999_999, 5_000_001, 0, 0)
    service.enter(stage.call("entrant"), row.id, ART)
    with pytest.raises(Conflict, match="contest_runs"):
        service.propose_award(stage.call("secretary"), row.id, [stage.art(row).id])
    stage.clock.now = row.closes_at
    with pytest.raises(Conflict, match="contest_closed"):
        service.enter(stage.call("entrant"), row.id, ART)
    service.propose_award(stage.call("secretary"), row.id, [stage.art(row).id])
    service.award(stage.call("manager"), row.id)
    assert stage.purse() == (17_499_999, 0, 2_500_001, 0)  # one of two elements was shown; its part holds the odd fen
    service.pay(stage.call("manager"), row.id, "ICBC-1")
    assert stage.purse() == (17_499_999, 0, 0, 2_500_001)


def test_the_same_person_never_releases_what_it_proposed(stage: Stage) -> None:
    row = service.propose_contest(stage.call("officer"), stage.case.id, stage.terms())
    with pytest.raises(Forbidden, match="same_person"):
        service.open_contest(stage.call("officer"), row.id)
    assert stage.purse() == (20_000_000, 0, 0, 0)


def test_an_ended_contest_gives_its_bounty_back(stage: Stage) -> None:
    row = stage.contest(ContestState.OPEN)
    service.end_contest(stage.call("secretary"), row.id, "对比文件不足")
    assert stage.purse() == (20_000_000, 0, 0, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "US1"}, "patents"),
        ({"elements": ()}, "elements"),
        ({"bounty": 0}, "amount"),
        ({"fund_id": 9_999}, "fund"),
        ({"closes_at": None}, "closes"),
    ],
)
def test_a_contest_that_cannot_be_is_refused(stage: Stage, change: dict[str, Any], code: str) -> None:
    values = {"closes_at": stage.clock()} if "closes_at" in change else change
    with pytest.raises(Invalid, match=code):
        service.propose_contest(stage.call("secretary"), stage.case.id, stage.terms(**values))


def test_art_must_be_older_than_the_claim_and_show_something(stage: Stage) -> None:
    row = service.propose_contest(stage.call("secretary"), stage.case.id, stage.terms())
    service.open_contest(stage.call("manager"), row.id)
    for terms, code in (
        (replace(ART, published_on=date(2010, 1, 1)), "too_young"),
        (replace(ART, passages=("", "")), "chart_empty"),
        (replace(ART, passages=("x",)), "chart_empty"),
    ):
        with pytest.raises(Invalid, match=code):
            service.enter(stage.call("entrant"), row.id, terms)
    for judge in ("secretary", "officer", "manager"):
        with pytest.raises(Forbidden, match="judges"):
            service.enter(stage.call(judge), row.id, ART)


COMMANDS: dict[str, Callable[[Stage, Any, Contest], object]] = {
    "open": lambda _stage, call, row: service.open_contest(call, row.id),
    "propose_award": lambda stage, call, row: service.propose_award(call, row.id, _entries(row)),
    "think_again": lambda _stage, call, row: service.think_again(call, row.id),
    "award": lambda _stage, call, row: service.award(call, row.id),
    "pay": lambda _stage, call, row: service.pay(call, row.id, "X"),
    "end": lambda _stage, call, row: service.end_contest(call, row.id, "x"),
}
MAY = {
    "open": {"manager", "officer"},
    "propose_award": {"secretary", "officer"},
    "think_again": {"manager", "officer"},
    "award": {"manager", "officer"},
    "pay": {"manager", "officer"},
    "end": {"manager", "officer", "secretary"},
}
ROLES = ("secretary", "officer", "manager", "owner", "rival", "entrant")


def _entries(row: Contest) -> list[int]:
    return list(db.session.scalars(select(PriorArt.id).where(PriorArt.contest_id == row.id)))


@pytest.mark.parametrize("state", list(ContestState))
def test_every_state_event_and_role(stage: Stage, state: ContestState) -> None:
    """What the table and the roles allow happens, everything else is refused and changes nothing."""
    row = stage.contest(state)
    key = row.id
    for event, role in product(COMMANDS, ROLES):
        if event in CONTEST.events(state) and role in MAY[event]:
            continue  # done for good by ``contest`` above, once for each
        with pytest.raises((Conflict, Forbidden, NotFound, Invalid)):
            COMMANDS[event](stage, stage.call(role), row)
        db.session.expire_all()
        assert db.session.get(Contest, key).state is state  # type: ignore[union-attr]
    assert {event for event in COMMANDS if CONTEST.allows(state, event)} == set(CONTEST.events(state))


def test_the_policy_and_the_query_show_every_actor_the_same_contests(stage: Stage) -> None:
    stage.contest(ContestState.OPEN)
    stage.contest(ContestState.PROPOSED)
    rows = db.session.scalars(select(Contest)).all()
    names = ("owner", "rival", "secretary", "officer", "manager", "entrant")
    actors = {n: actor_of(getattr(stage, n, None) or getattr(stage.place, n)) for n in names}
    for name, actor in {**actors, "visitor": Actor.visitor(), "system": Actor.system()}.items():
        seen = {row.id for row in db.session.scalars(queries.contests_visible_to(actor))}
        assert seen == {row.id for row in rows if policy.may_see_contest(actor, row)}, name
        assert len(seen) == {"visitor": 0, "owner": 1, "rival": 1, "entrant": 1}.get(name, 2), name


def pages_with_the_canary(stage: Stage, sign_in: Any) -> set[str]:
    row = stage.contest(ContestState.OPEN)
    joined(stage.place, stage.case, stage.place.rival, stage.place.rival_organisation)
    other = stage.place.make.owner(stage.place.make.enterprise())
    readers = {**{n: getattr(stage.place, n) for n in ("owner", "rival", "secretary", "officer")}, "other": other}
    readers |= {"entrant": stage.entrant, "manager": stage.manager}
    addresses = (f"/defence/contests/{row.id}", "/defence", f"/defence/cases/{stage.case.id}")
    return {who for who, a in readers.items() if any("图表金丝雀" in sign_in(a).get(at).text for at in addresses)}


ALLOWED = {"rival", "secretary", "officer", "manager", "entrant"}


def test_a_claim_chart_never_reaches_another_entrant_or_member(stage: Stage, sign_in: Any) -> None:
    assert pages_with_the_canary(stage, sign_in) == ALLOWED


def test_with_the_wall_down_the_chart_gets_through(stage: Stage, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "may_read_chart", lambda *_: True)
    assert pages_with_the_canary(stage, sign_in) == ALLOWED | {"owner", "other"}
