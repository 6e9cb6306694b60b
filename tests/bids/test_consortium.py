"""Each member's institution authorises its own part, learns nothing else, and without that nothing is submitted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.audit.models import AuditRecord
from marketplace.bids import consents, queries, service
from marketplace.bids.models import Bid, BidConsent
from marketplace.bids.policy import may_see_part
from marketplace.bids.terms import BidTerms, Load
from marketplace.bids.workflow import BidState, ConsentState
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.outbox.models import Message
from marketplace.talent.models import Team
from tests.bids.scene import Scene, fresh


class Consortium:
    """A draft that names one partner team of another university and one sister team."""

    def __init__(self, scene: Scene) -> None:
        self.scene, make = scene, scene.make
        self.partner: Team = make.team()
        self.partner_owner = make.owner(self.partner.organisation)
        self.third: Team = make.team()
        self.third_owner = make.owner(self.third.organisation)
        self.bid: Bid = scene.drafted()
        self.save()

    def terms(self, partner_money: int = 8_000_000, **values: Any) -> BidTerms:
        loads = (
            Load(self.scene.team.id, 90, 42_000_000 - partner_money - 1_000_000, "总体"),
            Load(self.partner.id, 40, partner_money, "盐雾试验"),
            Load(self.third.id, 5, 1_000_000, "检测"),
        )
        return self.scene.terms(loads=loads, **values)

    def save(self, **values: Any) -> None:
        service.save_draft(self.scene.call(), self.bid.id, self.terms(**values))

    def consent(self, team: Team) -> BidConsent:
        row = db.session.get(BidConsent, (self.bid.id, team.id), populate_existing=True)
        assert row is not None
        return row

    def give(self, team: Team, owner: Any) -> None:
        digest = consents.get(self.scene.call(owner), self.bid.id, team.id).digest
        service.give_consent(self.scene.call(owner), self.bid.id, team.id, digest)


@pytest.fixture
def together(scene: Scene) -> Consortium:
    return Consortium(scene)


def test_a_consortium_submits_once_every_institution_has_authorised_its_part(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    with pytest.raises(Invalid, match="not_admissible"):
        service.submit_bid(scene.call(), bid.id)
    service.ask_partners(scene.call(), bid.id)
    together.give(together.partner, together.partner_owner)
    with pytest.raises(Invalid, match="not_admissible"):
        service.submit_bid(scene.call(), bid.id)
    together.give(together.third, together.third_owner)
    assert service.submit_bid(scene.call(), bid.id).state is BidState.SUBMITTED
    asked = db.session.scalars(select(Message.recipient).where(Message.template == "bid_part_asked"))
    assert set(asked) == {together.partner_owner.email, together.third_owner.email}


def test_without_the_check_an_unauthorised_consortium_would_get_in(
    together: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consents, "lacking", lambda *_: [])
    assert service.submit_bid(together.scene.call(), together.bid.id).state is BidState.SUBMITTED


def test_an_institution_reads_its_own_part_and_nothing_else(together: Consortium, sign_in: Any) -> None:
    scene, bid = together.scene, together.bid
    together.save(plan="CANARY 以硅烷预处理与水性涂层结合，分三阶段试验并交付样件和检测报告。")
    service.ask_partners(scene.call(), bid.id)
    part = consents.read(consents.get(scene.call(together.partner_owner), bid.id, together.partner.id))
    assert set(part) == {"format", "order", "team", "days", "money", "task", "start_on", "months", "salt"}
    assert (part["days"], part["money"], part["task"]) == (40, 8_000_000, "盐雾试验")
    page = sign_in(together.partner_owner).get(f"/bids/{bid.id}/parts/{together.partner.id}").text
    assert "¥80,000" in page
    assert "盐雾试验" in page
    for secret in ("CANARY", "420,000", "¥330,000", "¥10,000", together.third.name, "总体"):
        assert secret not in page, secret
    client = sign_in(together.partner_owner)
    for path in ("", "/edit", "/check", "/receipt", "/files", "/bid.json", f"/parts/{together.third.id}"):
        assert client.get(f"/bids/{bid.id}{path}").status_code == 404, path


def test_the_part_lies_encrypted_in_the_database(together: Consortium) -> None:
    service.ask_partners(together.scene.call(), together.bid.id)
    stored = db.session.scalar(select(BidConsent.part).where(BidConsent.team_id == together.partner.id))
    assert stored is not None
    assert "盐雾试验".encode() not in stored
    assert b"8000000" not in stored


def test_a_changed_part_voids_the_authorisation_and_a_changed_rest_does_not(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    service.ask_partners(scene.call(), bid.id)
    together.give(together.partner, together.partner_owner)
    together.give(together.third, together.third_owner)
    service.submit_bid(
        scene.call(), bid.id, together.terms(plan="另一种技术路线：" + "阶段试验并交付样件与检测报告" * 3)
    )
    with pytest.raises(Invalid, match="not_admissible"):
        service.submit_bid(scene.call(), bid.id, together.terms(partner_money=7_000_000))
    assert fresh(bid).state is BidState.SUBMITTED


def test_the_answer_is_bound_to_what_was_read(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    service.ask_partners(scene.call(), bid.id)
    old = together.consent(together.partner).digest
    together.save(partner_money=1)
    service.ask_partners(scene.call(), bid.id)
    with pytest.raises(Conflict, match="part_changed"):
        service.give_consent(scene.call(together.partner_owner), bid.id, together.partner.id, old)
    assert together.consent(together.partner).state is ConsentState.ASKED
    assert together.consent(together.third).asked_at == scene.clock()


def test_only_owners_of_the_institution_bind_it(together: Consortium) -> None:
    scene, bid, make = together.scene, together.bid, together.scene.make
    service.ask_partners(scene.call(), bid.id)
    digest = together.consent(together.partner).digest
    insiders = [
        make.lead(together.partner),
        make.account(Role.UNIVERSITY_MEMBER, organisation=together.partner.organisation),
    ]
    for account in insiders:
        with pytest.raises(Forbidden, match="owner_needed"):
            service.give_consent(scene.call(account), bid.id, together.partner.id, digest)
    outsiders = [scene.lead, together.third_owner, scene.owner, scene.officers[0], make.account(Role.AUDITOR)]
    for account in outsiders:
        with pytest.raises(NotFound):
            service.give_consent(scene.call(account), bid.id, together.partner.id, digest)


def test_who_sees_a_part_is_the_same_rule_for_one_and_for_lists(together: Consortium) -> None:
    scene, make = together.scene, together.scene.make
    service.ask_partners(scene.call(), together.bid.id)
    people = [
        scene.lead,
        together.partner_owner,
        together.third_owner,
        scene.owner,
        scene.officers[0],
        make.lead(together.third),
    ]
    rows = list(db.session.scalars(select(BidConsent)))
    for account in people:
        actor = scene.call(account).actor
        listed = {row.team_id for row in db.session.scalars(consents.visible_to(actor))}
        assert listed == {row.team_id for row in rows if may_see_part(actor, row.team)}


def test_an_institution_that_takes_its_word_back_sends_the_bid_back(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    service.ask_partners(scene.call(), bid.id)
    together.give(together.partner, together.partner_owner)
    together.give(together.third, together.third_owner)
    service.submit_bid(scene.call(), bid.id)
    with pytest.raises(Invalid, match="reason_needed"):
        service.take_consent_back(scene.call(together.partner_owner), bid.id, together.partner.id, " ")
    service.take_consent_back(scene.call(together.partner_owner), bid.id, together.partner.id, "人手不足")
    assert fresh(bid).state is BidState.NEEDS_RECONFIRM
    with pytest.raises(Invalid, match="not_admissible"):
        service.submit_bid(scene.call(), bid.id)
    scene.past_deadline()
    with pytest.raises(Conflict, match=r"bid\.late"):
        service.ask_partners(scene.call(), bid.id)


def test_after_the_deadline_no_word_is_given_or_taken_back(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    service.ask_partners(scene.call(), bid.id)
    together.give(together.third, together.third_owner)
    digest = together.consent(together.partner).digest
    scene.past_deadline()
    with pytest.raises(Conflict, match=r"bid\.late"):
        service.give_consent(scene.call(together.partner_owner), bid.id, together.partner.id, digest)
    with pytest.raises(Conflict, match=r"bid\.late"):
        service.take_consent_back(scene.call(together.third_owner), bid.id, together.third.id, "不")


def test_a_member_who_is_dropped_is_no_longer_asked(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    service.ask_partners(scene.call(), bid.id)
    own, partner, _third = together.terms().loads
    money = 42_000_000 - (partner.money or 0)
    service.save_draft(scene.call(), bid.id, replace(together.terms(), loads=(replace(own, money=money), partner)))
    service.ask_partners(scene.call(), bid.id)
    assert together.consent(together.third).state is ConsentState.RECALLED
    with pytest.raises(NotFound):
        consents.get(scene.call(together.third_owner), bid.id, together.third.id)


def test_an_owner_who_asks_for_a_sister_team_authorises_at_once(scene: Scene) -> None:
    owner, sister = scene.make.owner(scene.university), scene.make.team(scene.university)
    bid = scene.drafted()
    loads = (Load(scene.team.id, 90, 41_000_000), Load(sister.id, 5, 1_000_000))
    service.save_draft(scene.call(owner), bid.id, scene.terms(loads=loads))
    service.ask_partners(scene.call(owner), bid.id)
    assert service.submit_bid(scene.call(owner), bid.id).state is BidState.SUBMITTED


def test_a_part_waits_for_the_owner_and_is_in_no_record(together: Consortium) -> None:
    scene, bid = together.scene, together.bid
    service.ask_partners(scene.call(), bid.id)
    assert [t.endpoint for t in queries.waiting_for(scene.call(together.partner_owner))] == ["bids.part"]
    assert queries.waiting_for(scene.call(scene.make.lead(together.partner))) == []
    told = repr([r.detail for r in db.session.scalars(select(AuditRecord))])
    assert "盐雾" not in told
    assert "8000000" not in told


def test_the_pages_lead_from_asking_to_authorising_and_refusing(together: Consortium, sign_in: Any) -> None:
    lead, owner = sign_in(together.scene.lead), sign_in(together.partner_owner)
    bid, team = together.bid, together.partner.id
    assert lead.post(f"/bids/{bid.id}/ask-partners").status_code == 303
    assert f"/bids/{bid.id}/parts/{team}" in owner.get("/bid-parts").text
    digest = together.consent(together.partner).digest
    path = f"/bids/{bid.id}/parts/{team}"
    assert owner.post(f"{path}/give", data={"digest": "0" * 64}).status_code == 422
    assert owner.post(f"{path}/give", data={"digest": digest}).status_code == 303
    assert owner.post(f"{path}/refuse", data={"reason": ""}).status_code == 422
    assert owner.post(f"{path}/refuse", data={"reason": "人手不足"}).status_code == 303
    assert "人手不足" in lead.get(f"/bids/{bid.id}/check").text
    assert together.consent(together.partner).state is ConsentState.REFUSED
