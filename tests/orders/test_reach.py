"""Invitations, the framework pool, followed fields and hints: whom an order reaches, and who may answer it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Invalid, Refused
from marketplace.kernel.fields import Field
from marketplace.orders import hints, inviting, jobs, service
from marketplace.orders.likeness import features, likeness
from marketplace.orders.models import Order, OrderInvitation, PoolPlace
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import INVITATION, POOL, Frequency, InvitationState, OrderState, PoolState
from marketplace.outbox.models import Message
from tests.conftest import START, Clock
from tests.factories import Make


class Scene:
    """An order in bidding, a team that could answer, and everybody around them."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.alliance = make.alliance()
        self.enterprise = make.enterprise(alliance=self.alliance)
        self.order: Order = make.order(self.enterprise, alliance_id=self.alliance.id)
        self.university = make.university()
        self.team = make.team(self.university)
        self.people: dict[str, Account] = {
            "owner": make.owner(self.enterprise),
            "member": make.account(Role.ENTERPRISE_MEMBER, organisation=self.enterprise),
            "lead": make.lead(self.team),
            "institution": make.owner(self.university),
            "rival": make.lead(make.team()),
            "other enterprise": make.owner(make.enterprise()),
            "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=self.alliance),
            "other secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()),
            "officer": make.officer(),
            "auditor": make.account(Role.AUDITOR),
            "fund manager": make.account(Role.FUND_MANAGER),
            "administrator": make.account(Role.ADMINISTRATOR),
        }

    def call(self, who: str) -> Any:
        return self.make.call(self.people[who])

    def invited(self) -> OrderInvitation:
        return service.invite_team(self.call("owner"), self.order.id, self.team.id, "有同类成果")

    def applied(self) -> PoolPlace:
        return service.apply_to_pool(self.call("lead"), self.alliance.id, self.team.id, "三项同类业绩")


@pytest.fixture
def scene(make: Make) -> Scene:
    return Scene(make)


def mails() -> list[tuple[str, str]]:
    return sorted((row.template, row.recipient) for row in db.session.scalars(select(Message)))


def test_an_invited_team_hears_by_mail_without_content(scene: Scene) -> None:
    scene.invited()
    told = sorted(scene.people[who].email for who in ("lead", "institution"))
    assert mails() == [("order_invited", address) for address in told]
    for message in db.session.scalars(select(Message)):
        assert set(message.values) == {"reference", "order_id"}


def test_a_team_invited_to_a_draft_hears_when_it_is_published(scene: Scene) -> None:
    scene.order.state, scene.order.published_at = OrderState.SCREENING, None
    scene.order.procedure, scene.order.procedure_reason = Procedure.INVITATION, "仅此团队有资质"
    db.session.commit()
    scene.invited()
    assert mails() == []
    service.publish_order(scene.call("secretary"), scene.order.id)
    assert [template for template, _ in mails()].count("order_invited") == 2


@pytest.mark.parametrize(
    ("procedure", "prepare", "admitted"),
    [
        (Procedure.OPEN, None, True),
        (Procedure.INVITATION, None, False),
        (Procedure.INVITATION, "invited", True),
        (Procedure.INVITATION, "applied", False),
        (Procedure.FRAMEWORK, None, False),
        (Procedure.FRAMEWORK, "invited", False),
        (Procedure.FRAMEWORK, "applied", False),
        (Procedure.FRAMEWORK, "admitted", True),
    ],
)
def test_who_may_answer(scene: Scene, procedure: Procedure, prepare: str | None, admitted: bool) -> None:
    scene.order.procedure = procedure
    db.session.commit()
    if prepare == "admitted":
        service.decide_place(scene.call("secretary"), scene.applied().id, "admit")
    elif prepare:
        getattr(scene, prepare)()
    assert inviting.admits(scene.order, scene.team, START) is admitted


def test_a_withdrawn_invitation_and_an_old_place_admit_nobody(scene: Scene) -> None:
    scene.order.procedure = Procedure.INVITATION
    db.session.commit()
    row = scene.invited()
    service.withdraw_invitation(scene.call("owner"), row.id)
    assert not inviting.admits(scene.order, scene.team, START)
    service.invite_team(scene.call("owner"), scene.order.id, scene.team.id, "再次邀请")
    assert inviting.admits(scene.order, scene.team, START)
    scene.order.procedure = Procedure.FRAMEWORK
    db.session.commit()
    place = service.decide_place(scene.call("secretary"), scene.applied().id, "admit")
    assert place.expires_at is not None
    assert inviting.admits(scene.order, scene.team, place.expires_at - timedelta(seconds=1))
    assert not inviting.admits(scene.order, scene.team, place.expires_at)


def test_inviting_needs_words_and_a_team_that_could_answer(scene: Scene) -> None:
    call = scene.call("owner")
    with pytest.raises(Invalid, match=r"orders\.reason_needed"):
        service.invite_team(call, scene.order.id, scene.team.id, " ")
    enterprise_team = scene.make.team(scene.make.enterprise())
    with pytest.raises(Refused):
        service.invite_team(call, scene.order.id, enterprise_team.id, "x")
    scene.invited()
    with pytest.raises(Conflict):
        scene.invited()


INVITING = {"owner", "member", "secretary", "officer"}
MAY = {"withdraw": INVITING, "renew": INVITING, "decline": {"lead", "institution"}}


@pytest.mark.parametrize("state", list(InvitationState))
@pytest.mark.parametrize("event", sorted(MAY))
def test_every_event_of_an_invitation_in_every_state_by_every_role(
    scene: Scene, state: InvitationState, event: str
) -> None:
    row = scene.invited()
    for who in scene.people:
        decided = None if state is InvitationState.INVITED else START
        db.session.execute(update(OrderInvitation).values(state=state, decided_at=decided))
        db.session.commit()
        db.session.expire_all()
        call = scene.call(who)
        run: Callable[[], object] = {
            "withdraw": lambda call=call: service.withdraw_invitation(call, row.id),
            "decline": lambda call=call: service.decline_invitation(call, row.id),
            "renew": lambda call=call: service.invite_team(call, scene.order.id, scene.team.id, "再邀请"),
        }[event]
        after = INVITATION.require(state, event) if INVITATION.allows(state, event) else state
        if who in MAY[event] and INVITATION.allows(state, event):
            run()
        else:
            with pytest.raises(Refused):
                run()
            after = state
        found = db.session.get(OrderInvitation, row.id, populate_existing=True)
        assert found is not None
        assert found.state is after, who


@pytest.mark.parametrize("state", list(PoolState))
@pytest.mark.parametrize("event", ["admit", "refuse", "end"])
def test_every_event_of_a_place_in_every_state_by_every_role(scene: Scene, state: PoolState, event: str) -> None:
    place = scene.applied()
    for who in scene.people:
        facts = {"decided_at": START, "expires_at": START + timedelta(days=9), "reason": "x"}
        given = (
            facts if state is not PoolState.APPLIED else dict.fromkeys(["decided_at", "expires_at"]) | {"reason": ""}
        )
        db.session.execute(update(PoolPlace).values(state=state, **given))
        db.session.commit()
        db.session.expire_all()
        if who in {"secretary", "officer"} and POOL.allows(state, event):
            after = service.decide_place(scene.call(who), place.id, event, "理由").state
            assert after is POOL.require(state, event), who
        else:
            with pytest.raises(Refused):
                service.decide_place(scene.call(who), place.id, event, "理由")


def test_the_database_refuses_states_without_their_facts(scene: Scene) -> None:
    scene.invited()
    scene.applied()
    wrong = [
        "UPDATE order_invitations SET state = 'declined'",
        "UPDATE order_invitations SET why = ''",
        "UPDATE order_invitations SET state = 'forged'",
        "UPDATE framework_places SET state = 'admitted'",
        "UPDATE framework_places SET state = 'refused', decided_at = '2027-01-01 00:00:00'",
        "UPDATE orders SET lot_number = 1",
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(text(statement))


def test_teams_learn_of_their_own_invitation_only(scene: Scene, sign_in: Any) -> None:
    scene.invited()
    page = f"/orders/{scene.order.id}"
    for who in ("owner", "secretary", "officer", "auditor"):
        assert scene.team.name in sign_in(scene.people[who]).get(f"{page}/invitations").text, who
    for who in ("rival", "other enterprise", "other secretary"):
        assert sign_in(scene.people[who]).get(f"{page}/invitations").status_code in {403, 404}, who
    assert "有同类成果" in sign_in(scene.people["lead"]).get(page).text
    assert "有同类成果" not in sign_in(scene.people["rival"]).get(page).text
    assert page in sign_in(scene.people["lead"]).get("/home").text


def test_a_digest_tells_that_there_is_news_and_nothing_of_it(scene: Scene, clock: Clock) -> None:
    service.follow_fields(scene.call("lead"), {Field.NEW_MATERIALS, Field.OPTICS}, Frequency.WEEKLY)
    jobs.send_digests(scene.make.call())
    assert mails() == []
    clock.advance(days=6)
    scene.make.order(scene.enterprise, alliance_id=scene.alliance.id, field=Field.OPTICS)
    jobs.send_digests(scene.make.call())
    assert mails() == []
    clock.advance(days=1)
    jobs.send_digests(scene.make.call())
    assert mails() == [("order_digest", scene.people["lead"].email)]
    (message,) = db.session.scalars(select(Message))
    assert set(message.values) == {"account"}
    clock.advance(days=7)
    jobs.send_digests(scene.make.call())
    assert len(mails()) == 1  # nothing new since
    service.follow_fields(scene.call("lead"), set(), Frequency.WEEKLY)
    scene.make.order(scene.enterprise, alliance_id=scene.alliance.id, field=Field.OPTICS)
    clock.advance(days=8)
    jobs.send_digests(scene.make.call())
    assert len(mails()) == 1


def test_a_digest_counts_nothing_that_the_follower_may_not_see(scene: Scene, clock: Clock) -> None:
    service.follow_fields(scene.call("rival"), {Field.OPTICS}, Frequency.DAILY)
    clock.advance(hours=1)
    scene.make.order(scene.enterprise, alliance_id=scene.alliance.id, field=Field.OPTICS, visibility="alliance")
    clock.advance(days=1)
    jobs.send_digests(scene.make.call())
    assert mails() == []


def test_the_follow_page_keeps_what_was_chosen(scene: Scene, sign_in: Any) -> None:
    lead = sign_in(scene.people["lead"])
    assert lead.post("/orders/follow", data={"fields": ["optics", "food"], "frequency": "daily"}).status_code == 303
    page = lead.get("/orders/follow").text
    assert page.count(" checked") == 2
    assert lead.post("/orders/follow", data={"fields": ["alchemy"], "frequency": "daily"}).status_code == 422


def test_alike_orders_are_named_and_others_are_not(scene: Scene) -> None:
    twin = scene.make.order(title=scene.order.title, problem=scene.order.problem, alliance_id=scene.alliance.id)
    scene.make.order(title="速溶茶粉", title_en="Tea", problem="茶粉冲泡后有沉淀，影响口感，需要改进工艺。" * 4)
    hidden = scene.make.order(title=scene.order.title, problem=scene.order.problem, visibility="alliance")
    found = hints.alike_orders(scene.call("owner"), scene.order)
    assert [order.id for order, _ in found] == [twin.id]
    assert hidden.id not in {order.id for order, _ in hints.alike_orders(scene.call("owner"), twin)}


@pytest.mark.parametrize(
    ("one", "two", "least", "most"),
    [
        ("盐雾涂层", "盐雾涂层", 1.0, 1.0),
        ("盐雾涂层", "茶粉工艺", 0.0, 0.0),
        ("", "", 0.0, 0.0),
        ("盐雾涂层试验", "盐雾涂层", 0.5, 0.9),
    ],
)
def test_likeness_is_between_nothing_and_the_same(one: str, two: str, least: float, most: float) -> None:
    assert least - 1e-9 <= likeness(features(one), features(two)) <= most + 1e-9


def test_another_room_can_say_which_patents_may_solve_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, sign_in: Any
) -> None:
    monkeypatch.setattr(hints, "_PATENTS", [])
    known = [hints.Hint("一种无铬涂层", f"/patents/{n}", "同一领域") for n in range(9)]
    hints.find_patents_by(lambda _call, _order: known)
    hints.find_patents_by(lambda _call, _order: [hints.Hint("一种无铬涂层", "/patents/1", "对手公司", 2_500_000)])
    scene.order.state = OrderState.NEEDS_WORK
    db.session.commit()
    page = sign_in(scene.people["owner"]).get(f"/orders/{scene.order.id}/check").text
    assert page.count('href="/patents/') == hints.MOST
    assert page.count('href="/patents/1"') == 1  # both know it: shown once, with its price
    assert "¥25,000" in page
