"""A patent's way into a pool and out of it, and the conditions that never get dearer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.audit.models import AuditRecord
from marketplace.conflicts import checks
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.patents import queries as patents
from marketplace.patents import service as register
from marketplace.patents.deadlines.calendar import add_months
from marketplace.patents.terms import TransferTerms
from marketplace.patents.workflow import PatentKind
from marketplace.pools import policy, queries, service, valuation
from marketplace.pools.models import PoolOffer
from marketplace.pools.workflow import OfferState, Relation
from marketplace.talent import service as talent
from marketplace.talent.terms import ResearcherTerms
from tests.factories import Make
from tests.pools.scene import FOUND, RULES, Scene, scene


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def test_a_patent_enters_by_an_experts_evaluation_and_two_people(place: Scene) -> None:
    row = place.pooled()
    assert (row.state, row.weight) == (OfferState.ADMITTED, 6)
    assert [offer.id for offer in queries.pooled(place.alliance.id)] == [row.id]
    commands = list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.id)))
    assert commands == [
        "patents.register",
        "pools.offer",
        "pools.appoint",
        "pools.evaluate",
        "pools.propose",
        "pools.admit",
    ]
    details = list(db.session.scalars(select(AuditRecord.detail)))
    assert "机密" not in str(details)
    assert "说明书第3页" not in str(details)


def test_one_human_with_two_accounts_admits_nothing(place: Scene) -> None:
    row = place.evaluated()
    service.propose_admission(place.make.call(place.secretary), row.id)
    alias = place.make.account(Role.CENTRE_OFFICER, person=place.secretary.person)
    for account in (place.secretary, alias):
        with pytest.raises(Forbidden, match="same_person"):
            service.admit(place.make.call(account), row.id)
    assert queries.pooled(place.alliance.id) == []


def test_a_weight_changed_after_the_proposal_voids_it(place: Scene) -> None:
    row = place.evaluated()
    service.propose_admission(place.make.call(place.secretary), row.id)
    db.session.execute(update(PoolOffer).values(weight=10))
    db.session.commit()
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.admit(place.make.call(place.officer), row.id)


@pytest.mark.parametrize(("buyer", "code"), [("expert", r"pools\.conflict_since"), ("rival", r"approvals\.changed")])
def test_a_patent_sold_after_the_proposal_is_not_admitted_on_the_old_words(place: Scene, buyer: str, code: str) -> None:
    """An expert of the buyer's own house judged nothing; for any other buyer the first person's word was about another owner."""
    row = place.evaluated()
    service.propose_admission(place.make.call(place.secretary), row.id)
    [house] = actor_of(getattr(place, buyer)).organisations
    if buyer == "expert":
        place.make.membership(place.alliance, db.session.get_one(Organisation, house))
    terms = TransferTerms("买方", house, patents.today(place.make.call()), asserts=False)
    register.transfer_patent(place.make.call(place.owner), row.patent_id, terms)
    with pytest.raises(Conflict, match=code):
        service.admit(place.make.call(place.officer), row.id)
    assert queries.pooled(place.alliance.id) == []


def test_substitutes_stay_outside(place: Scene) -> None:
    row = place.evaluated(terms=replace(FOUND, relation=Relation.SUBSTITUTE))
    with pytest.raises(Conflict, match="substitute"):
        service.propose_admission(place.make.call(place.secretary), row.id)
    service.refuse(place.make.call(place.secretary), row.id, "可替代")
    assert row.state is OfferState.REFUSED


def test_nobody_close_to_the_owner_evaluates(place: Scene) -> None:
    row = place.offer()
    colleague = place.make.account(Role.UNIVERSITY_MEMBER, organisation=place.university)
    for expert in (place.owner, colleague):
        with pytest.raises(Invalid, match=r"pools\.conflict"):
            service.appoint_expert(place.make.call(place.secretary), row.id, expert.email)
    with pytest.raises(Invalid, match="no_expert"):
        service.appoint_expert(place.make.call(place.secretary), row.id, place.rival.email)


def test_without_the_check_a_colleague_would_evaluate(place: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same colleague through a second account at another university is found by the conflicts room alone."""
    row = place.offer()
    alias = place.make.account(Role.UNIVERSITY_OWNER, organisation=place.make.university(), person=place.owner.person)
    with pytest.raises(Invalid, match=r"pools\.conflict"):
        service.appoint_expert(place.make.call(place.secretary), row.id, alias.email)
    monkeypatch.setattr(checks, "found_between", lambda *_: [])
    service.appoint_expert(place.make.call(place.secretary), row.id, alias.email)
    assert row.expert_id == alias.id


@pytest.mark.parametrize(
    ("who", "code"), [("rival", "owners_only"), ("expert", "owners_only"), ("secretary", "owners_only")]
)
def test_only_the_owner_offers(place: Scene, who: str, code: str) -> None:
    patent = place.patent()
    with pytest.raises(Forbidden, match=code):
        service.offer_patent(place.make.call(getattr(place, who)), patent.id, place.alliance.id, "")


def test_a_patent_is_offered_once_and_to_its_own_alliance(place: Scene) -> None:
    row = place.offer()
    with pytest.raises(Conflict, match="offered_already"):
        service.offer_patent(place.make.call(place.owner), row.patent_id, place.alliance.id, "")
    with pytest.raises(Forbidden, match="not_member"):
        service.offer_patent(place.make.call(place.owner), place.patent(2).id, place.make.alliance().id, "")
    service.withdraw(place.make.call(place.owner), row.id)
    assert service.offer_patent(place.make.call(place.owner), row.patent_id, place.alliance.id, "").id != row.id


def test_an_owner_leaves_with_words(place: Scene) -> None:
    row = place.pooled()
    with pytest.raises(Forbidden):
        service.leave(place.make.call(place.rival), row.id, "x")
    service.leave(place.make.call(place.owner), row.id, "战略调整")
    assert queries.pooled(place.alliance.id) == []


def test_the_price_of_a_pool_never_rises(place: Scene) -> None:
    first = place.rules()
    for dearer in (replace(RULES, bundle_cap=RULES.bundle_cap + 1), replace(RULES, rate=RULES.rate + 1)):
        with pytest.raises(Invalid, match="price_rises"):
            service.propose_rules(place.make.call(place.secretary), place.alliance.id, dearer)
    second = place.rules(replace(RULES, rate=RULES.rate - 1))
    assert queries.rules_of(place.alliance.id) == second
    assert (first.number, second.number) == (1, 2)
    prices = [second.bundle_price(n) for n in range(50)]
    assert prices[1] == RULES.patent_price
    assert max(prices) == prices[-1] == RULES.bundle_cap


def test_conditions_need_a_second_person(place: Scene) -> None:
    row = service.propose_rules(place.make.call(place.secretary), place.alliance.id, RULES)
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_rules(place.make.call(place.secretary), row.id)
    assert queries.rules_of(place.alliance.id) is None


def test_the_policy_and_the_query_show_every_actor_the_same_offers(place: Scene) -> None:
    place.offer(1)
    place.evaluated(2)
    place.pooled(3)
    actors = {name: actor_of(getattr(place, name)) for name in ("owner", "rival", "expert", "secretary", "officer")} | {
        "visitor": Actor.visitor(),
        "system": Actor.system(),
        "auditor": actor_of(place.make.account(Role.AUDITOR)),
    }
    rows = db.session.scalars(select(PoolOffer)).all()
    seen = {}
    for name, actor in actors.items():
        by_query = {row.id for row in db.session.scalars(queries.visible_to(actor))}
        assert by_query == {row.id for row in rows if policy.may_see(actor, row)}, name
        seen[name] = len(by_query)
    assert seen == {
        "owner": 3,
        "rival": 1,
        "expert": 2,
        "secretary": 3,
        "officer": 3,
        "visitor": 1,
        "system": 3,
        "auditor": 3,
    }


def test_a_claim_chart_never_reaches_another_member(place: Scene, sign_in: Any) -> None:
    """The canary is on the owner's page and on no page of a rival's, not even once the patent is pooled."""
    row = place.pooled()
    waiting = place.evaluated(2)
    rival = sign_in(place.rival)
    owner_page = sign_in(place.owner).get(f"/pool-offers/{row.id}").text
    assert "机密评语" in owner_page
    assert "说明书第3页" in owner_page
    for address in (
        "/pools",
        f"/pools/{place.alliance.id}",
        f"/pool-offers/{row.id}",
        f"/patents/{row.patent_id}",
        "/patents",
    ):
        page = rival.get(address)
        assert page.status_code == 200, address
        assert "机密评语" not in page.text
        assert "说明书第3页" not in page.text
    assert rival.get(f"/pool-offers/{waiting.id}").status_code == 404
    with pytest.raises(NotFound):
        service.refuse(place.make.call(place.rival), waiting.id, "x")


def test_with_the_wall_down_the_canary_gets_through(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = place.pooled()
    monkeypatch.setattr(policy, "may_see_evaluation", lambda *_: True)
    assert "机密评语" in sign_in(place.rival).get(f"/pool-offers/{row.id}").text


def test_an_evaluation_is_never_changed(place: Scene) -> None:
    row = place.evaluated()
    found = queries.evaluation_of(row.id)
    assert found is not None
    found.remark = "改"
    with pytest.raises(RuntimeError, match="append-only"):
        db.session.flush()
    db.session.rollback()


SIGNALS = valuation.Signals(
    PatentKind.INVENTION, date(2020, 3, 15), date(2040, 3, 14),
    granted=True, claims=10, family=1, citations=2, licences=0, royalties=0
)  # fmt: skip
TODAY = date(2027, 1, 12)


def test_values_are_ranges_around_a_middle_that_falls_with_age() -> None:
    now = valuation.estimates(SIGNALS, valuation.Assumptions(), TODAY)
    later = valuation.estimates(SIGNALS, valuation.Assumptions(), add_months(TODAY, 60))
    assert [one.way for one in now] == ["cost", "market", "income"]
    for one, old in zip(now, later, strict=True):
        assert one.low <= one.middle <= one.high
        assert old.middle < one.middle


@pytest.mark.parametrize(
    ("change", "way"),
    [({"family": 4}, "market"), ({"citations": 9}, "market"), ({"licences": 3}, "market"), ({"claims": 19}, "market")],
)
def test_what_speaks_for_a_patent_raises_its_market_value(change: dict[str, int], way: str) -> None:
    def middle(signals: valuation.Signals) -> int:
        return next(e.middle for e in valuation.estimates(signals, valuation.Assumptions(), TODAY) if e.way == way)

    assert middle(replace(SIGNALS, **change)) > middle(SIGNALS)
    assert middle(replace(SIGNALS, granted=False)) < middle(SIGNALS)


def test_the_income_value_is_the_sum_a_calculator_gives() -> None:
    """Two whole years left at 10 %: 40,000/1.1 + 40,000/1.21 = 69,421 yuan, shown as 69,000."""
    signals = replace(SIGNALS, expires_on=date(2029, 1, 12))
    assumptions = valuation.Assumptions(sales=200_000_000, royalty=200, discount=1_000, spread=0)
    income = valuation.estimates(signals, assumptions, TODAY)[2]
    assert (income.low, income.middle, income.high) == (6_900_000,) * 3


def test_a_patents_card_says_in_which_pool_it_is_and_what_that_costs(place: Scene, sign_in: Any) -> None:
    row, waiting = place.pooled(), place.evaluated(2)
    place.rules()
    page = sign_in(place.rival).get(f"/patents/{row.patent_id}").text
    assert f"/pools/{place.alliance.id}/licence?patents={row.patent_id}" in page
    assert "¥5,000" in page
    assert f"/pools/{place.alliance.id}" not in sign_in(place.rival).get(f"/patents/{waiting.patent_id}").text
    mine = sign_in(place.owner).get(f"/patents/{waiting.patent_id}").text
    assert f"/pool-offers/{waiting.id}" in mine
    assert "licence?patents=" not in mine


def researcher(place: Scene, account: Account, *fields: Field, listed: bool = True) -> None:
    terms = ResearcherTerms("", "", "评审", listed, fields)
    talent.write_profile(place.make.call(account), terms)


def test_experts_are_picked_from_the_directory_without_those_close_to_a_holder(place: Scene, sign_in: Any) -> None:
    offer = place.offer()
    colleague = place.make.account(Role.UNIVERSITY_MEMBER, organisation=place.university)
    elsewhere, other_field = place.make.owner(place.make.university()), place.make.owner(place.make.university())
    for account in (place.expert, colleague):
        researcher(place, account, Field.CHEMISTRY)
    researcher(place, elsewhere, Field.CHEMISTRY, listed=False)
    researcher(place, other_field, Field.FOOD)
    staff = sign_in(place.secretary)
    page = staff.get(f"/pool-offers/{offer.id}/expert").text
    assert f'value="{place.expert.id}"' in page
    assert not any(f'value="{one.id}"' in page for one in (colleague, elsewhere, other_field))
    assert "1 位专家" in page
    nobody = staff.post(f"/pool-offers/{offer.id}/expert", data={"expert": str(colleague.id)})
    assert nobody.status_code == 422
    assert staff.post(f"/pool-offers/{offer.id}/expert", data={"expert": str(place.expert.id)}).status_code == 303
    db.session.refresh(offer)
    assert offer.expert_id == place.expert.id


def test_without_the_check_a_colleague_of_the_owner_would_be_offered(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    offer = place.offer()
    colleague = place.make.account(Role.UNIVERSITY_MEMBER, organisation=place.university)
    researcher(place, colleague, Field.CHEMISTRY)
    monkeypatch.setattr(service, "close_to_holders", lambda *_: set())
    assert f'value="{colleague.id}"' in sign_in(place.secretary).get(f"/pool-offers/{offer.id}/expert").text
