"""What a round becomes when it is frozen: who enters, with which money, which days and which value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest

from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Role
from marketplace.matching.problem import Problem
from marketplace.orders.workflow import OrderState
from marketplace.organisations.workflow import OrganisationState, Size
from marketplace.rounds import gather, keys, sentences, service
from marketplace.rounds.gather import facts
from marketplace.rounds.gather.fit import RANKED, OrderFit, PlanFit, Texts
from marketplace.rounds.models import Round
from marketplace.rounds.terms import BidTreatment, FundPick
from marketplace.rounds.workflow import Part
from marketplace.talent import capacity
from marketplace.talent.records import Record
from tests.conftest import Clock
from tests.factories import Make
from tests.rounds.conftest import MILLION, Scene

ON = date(2027, 1, 12)


def freeze(scene: Scene, row: Round) -> gather.Frozen:
    return gather.freeze(row, gather.rank(gather.read_texts(scene.call, row, ON)), ON)


def frozen(scene: Scene) -> gather.Frozen:
    if scene.round is None:
        scene.open()
    assert scene.round is not None
    return freeze(scene, scene.round)


def part(problem: dict[str, Any], kind: str, key: str) -> dict[str, Any]:
    return next(row for row in problem[kind] if row["id"] == key)


def test_the_problem_is_a_sound_file_of_its_format(scene: Scene) -> None:
    problem = frozen(scene).problem
    assert Problem.from_json(problem).to_json() == problem
    assert [offer["price"] for offer in problem["offers"]] == [30_000_000, 42_000_000]
    assert [order["own_funds"] for order in problem["orders"]] == [30_000_000, 30_000_000]


def test_the_same_round_freezes_to_the_same_problem(scene: Scene) -> None:
    assert frozen(scene) == frozen(scene)


def test_a_bid_asks_its_team_by_the_quarter(scene: Scene) -> None:
    """90 days over six months from 13 March 2027: 19 days of the first quarter, then the second, then the third."""
    offer = frozen(scene).problem["offers"][0]
    team = scene.bids[0].team_id
    assert sum(offer["uses"].values()) == 90
    assert set(offer["uses"]) == {keys.team_key(team, f"2027Q{q}") for q in (1, 2, 3)}


def test_days_that_are_promised_are_not_free(scene: Scene) -> None:
    team = scene.bids[0].team_id
    capacity.reserve(scene.call, {(team, "2027Q2"): 150})
    db.session.commit()
    assert part(frozen(scene).problem, "teams", keys.team_key(team, "2027Q2"))["capacity"] == 50


def test_groups_say_who_is_small_new_and_of_which_alliance(scene: Scene, make: Make) -> None:
    large = make.enterprise(size=Size.LARGE, alliance=scene.alliance)
    make.order(large, state=OrderState.APPROVED)
    scene.bid(scene.order(organisation=large))
    groups = [order["groups"] for order in frozen(scene).problem["orders"]]
    assert groups == [["alliance:NM", "first_timer", "sme"], ["alliance:NM", "first_timer", "sme"], ["alliance:NM"]]


def test_the_same_organisation_on_both_sides_does_not_enter(scene: Scene, make: Make) -> None:
    university = make.university()
    order = scene.order(organisation=university)
    bid = scene.bid(order, team=make.team(university))
    told = frozen(scene)
    assert told.scores["dropped"] == [{"bid": bid.id, "order": order.id, "why": "own_side"}]
    assert keys.bid_key(bid.id) not in told.scores["bids"]


def test_one_natural_person_on_both_sides_does_not_enter(scene: Scene, make: Make) -> None:
    person, university = make.person(), make.university()
    order = scene.order()
    make.account(Role.ENTERPRISE_OWNER, organisation=order.organisation, person=person)
    make.account(Role.TEAM_LEAD, organisation=university, person=person)
    scene.bid(order, team=make.team(university))
    assert [each["why"] for each in frozen(scene).scores["dropped"]] == ["shared_person"]


@pytest.mark.parametrize("side", ["enterprise", "university"])
def test_a_suspended_party_does_not_enter(scene: Scene, make: Make, side: str) -> None:
    order = scene.order()
    team = make.team()
    party = order.organisation if side == "enterprise" else team.organisation
    party.state = OrganisationState.SUSPENDED
    make.save(party)
    scene.bid(order, team=team)
    assert [each["why"] for each in frozen(scene).scores["dropped"]] == ["suspended"]


def test_a_price_above_the_ceiling_does_not_enter(scene: Scene) -> None:
    scene.bid(scene.order(price_ceiling=10_000_000), price=10_000_001)
    assert [each["why"] for each in frozen(scene).scores["dropped"]] == ["above_ceiling"]


def test_the_officers_treatment_of_a_bid_becomes_a_rule(scene: Scene) -> None:
    row = scene.open()
    service.treat_bid(scene.call, row.id, BidTreatment(scene.bids[0].id, locked=True))
    service.treat_bid(scene.call, row.id, BidTreatment(scene.bids[1].id, forbidden=True, reason="缺少资质"))
    rules = frozen(scene).problem["rules"]
    assert rules["locked"] == [keys.bid_key(scene.bids[0].id)]
    assert rules["forbidden"] == [keys.bid_key(scene.bids[1].id)]


def test_a_rounds_ceiling_limits_a_fund_and_so_does_what_it_has(scene: Scene) -> None:
    row = scene.open()
    for ceiling, budget in [(5_000_000, 5_000_000), (2 * MILLION, MILLION), (None, MILLION)]:
        service.set_funds(scene.call, row.id, [FundPick(scene.fund.id, ceiling)])
        assert part(frozen(scene).problem, "funds", keys.fund_key(scene.fund.id))["budget"] == budget


def test_a_fund_pays_only_for_the_orders_its_rules_allow(scene: Scene) -> None:
    other = scene.order(field="food")
    scene.fund.fields = ["new_materials"]
    scene.make.save(scene.fund)
    orders = part(frozen(scene).problem, "funds", keys.fund_key(scene.fund.id))["orders"]
    assert keys.order_key(other.id) not in orders
    assert len(orders) == 2


def test_who_drew_before_has_only_the_rest_of_its_limit(scene: Scene) -> None:
    fund, order = scene.fund, scene.orders[0]
    fund.enterprise_max = 10_000_000
    scene.make.save(fund)
    ledger.move(
        scene.call, fund.id, Movement.RESERVE, 7_000_000, key="k", subject_kind="proposal", subject_id=1,
        enterprise_id=order.organisation_id,
    )  # fmt: skip
    db.session.commit()
    problem = frozen(scene).problem
    apart = part(problem, "funds", keys.fund_key(fund.id, order.organisation_id))
    whole = part(problem, "funds", keys.fund_key(fund.id))
    assert apart["budget"] == 3_000_000
    assert apart["orders"] == [keys.order_key(order.id)]
    assert whole["budget"] == MILLION - 7_000_000 - 3_000_000
    assert whole["orders"] == [keys.order_key(scene.orders[1].id)]


def test_a_yearly_limit_counts_this_years_money_only(scene: Scene, clock: Clock) -> None:
    fund, order = scene.fund, scene.orders[0]
    fund.yearly_max = 10_000_000
    scene.make.save(fund)

    def draw(amount: int, key: str) -> None:
        values = {"subject_kind": "proposal", "subject_id": 1, "enterprise_id": order.organisation_id}
        ledger.move(scene.call, fund.id, Movement.RESERVE, amount, key=key, **values)  # type: ignore[arg-type]
        db.session.commit()

    now = clock.now
    clock.now = now - timedelta(days=60)
    draw(9_000_000, "last year")
    clock.now = now
    funds = frozen(scene).problem["funds"]
    assert [row["enterprise_max"] for row in funds] == [10_000_000], "nobody's limit is used up"
    draw(7_000_000, "this year")
    assert part(frozen(scene).problem, "funds", keys.fund_key(fund.id, order.organisation_id))["budget"] == 3_000_000


def test_the_strictest_ceiling_on_public_money_is_the_problems(scene: Scene) -> None:
    scene.fund.public_share_max = 2500
    scene.make.save(scene.fund)
    assert frozen(scene).problem["rules"]["public_share_max"] == 2500
    row = scene.open(public_share_max=2000)
    assert gather.freeze(row, {}, ON).problem["rules"]["public_share_max"] == 2000


def test_a_better_weighted_part_decides(scene: Scene) -> None:
    sheets = frozen(scene).scores["bids"]
    cheap, dear = (sheets[keys.bid_key(bid.id)] for bid in scene.bids)
    assert cheap["parts"]["price"] == 800
    assert dear["parts"]["price"] == 320
    assert cheap["facts"]["met"] == cheap["facts"]["wanted"] == 1
    assert sum(cheap["points"].values()) == cheap["value"]
    assert "涂层" in "".join(cheap["words"])


def test_last_answers_match_earns_stability(scene: Scene) -> None:
    scene.run()
    sheets = frozen(scene).scores["bids"]
    assert {sheet["parts"]["stability"] for sheet in sheets.values()} == {1000}


def test_teams_whose_work_fits_and_who_did_not_bid_are_worth_inviting(scene: Scene, make: Make) -> None:
    fitting = make.capability(make.team(), title="防腐涂层 潮湿环境 锈蚀")
    make.capability(make.team(), title="红茶发酵", summary="茶叶发酵工艺", evidence=[])
    bidder = make.capability(scene.bids[0].team, title="防腐涂层 潮湿环境 锈蚀")
    own = make.capability(make.team(scene.orders[0].organisation), title="防腐涂层 潮湿环境 锈蚀")
    told = frozen(scene).scores["candidates"]
    first = {each["capability"] for each in told[keys.order_key(scene.orders[0].id)]}
    assert fitting.id in first
    assert bidder.id not in first
    assert own.id not in first
    assert all(len(each) <= 3 for each in told.values())
    candidate = told[keys.order_key(scene.orders[0].id)][0]
    assert candidate["words"]
    assert candidate["trl_fits"] is True
    assert candidate["free_days"] == 200


GOOD = Record(accepted=8, on_time=8, ratings=2, score=10)
CANDIDATES = import_module("marketplace.rounds.gather.candidates")
BAD = Record(accepted=8, on_time=1, ratings=2, score=2)


@pytest.mark.parametrize("judged", [False, True])
def test_kept_contracts_count_in_the_fit_whoever_judged_the_quality(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, judged: bool
) -> None:
    """A committee's quality is the committee's word alone; what the team did before is a part of its own."""
    bid = scene.bids[0]
    if judged:
        monkeypatch.setattr(facts.evaluation_queries, "qualities", lambda ids: dict.fromkeys(ids, 700))
    seen = {}
    for name, record in (("bad", BAD), ("none", Record()), ("good", GOOD)):
        monkeypatch.setattr(facts, "records_of", lambda teams, known=record: dict.fromkeys(teams, known))
        seen[name] = frozen(scene).scores["bids"][keys.bid_key(bid.id)]
    fits = [seen[name]["parts"]["fit"] for name in ("bad", "none", "good")]
    assert fits == sorted(set(fits))
    assert fits[1] == seen["none"]["text"] == seen["bad"]["text"], "what the texts say is kept beside it"
    assert len({each["parts"]["quality"] for each in seen.values()}) == 1
    assert (seen["bad"]["parts"]["quality"] == 700) is judged
    assert "8 个里程碑" in sentences.why_part(Part.FIT, seen["good"])


def test_of_teams_that_did_not_bid_the_one_that_kept_its_contracts_is_invited_first(
    scene: Scene, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, kept = (make.capability(make.team(), title="防腐涂层 潮湿环境 锈蚀") for _ in range(2))
    records = {late.team_id: BAD, kept.team_id: GOOD}
    monkeypatch.setattr(CANDIDATES, "records_of", lambda teams: {team: records.get(team, Record()) for team in teams})
    told = frozen(scene).scores["candidates"][keys.order_key(scene.orders[0].id)]
    assert [each["capability"] for each in told[:2]] == [kept.id, late.id]
    assert told[0]["text"] == told[1]["text"]
    assert told[0]["fit"] > told[1]["fit"]


def test_freezing_takes_the_same_number_of_statements_for_more_orders(
    scene: Scene, make: Make, count_statements: list[str]
) -> None:
    row = scene.open()
    more = [scene.bid(scene.order()).order_id for _ in range(12)]
    call = make.call()

    def statements() -> int:
        db.session.expunge_all()
        before = len(count_statements)
        gather.freeze(row, gather.rank(gather.read_texts(call, row, ON)), ON)
        return len(count_statements) - before

    few = statements()
    service.add_orders(call, row.id, more)
    assert statements() == few
    assert few <= 44


def test_a_plan_is_measured_however_many_other_plans_answer_its_order_better() -> None:
    """Twenty times as many plans as teams are looked at: the order's own one keeps its score, and others get none."""
    others = {f"b{n}": "碳纤维涂层附着力\n碳纤维涂层附着力检测" for n in range(2, 20 * RANKED)}
    texts = Texts({1: "碳纤维涂层附着力"}, {"b1": "涂层\n喷涂", **others}, (), 2027, own={1: ["b1"]})
    plans = gather.rank(texts)[1].plans
    assert list(plans) == ["b1"]
    assert plans["b1"].score > 0
    assert plans["b1"].words == ("涂层",)
    assert gather.rank(replace(texts, own={}))[1].plans == {}


@pytest.mark.parametrize(
    ("word", "cut"),
    [("按用途", True), ("次数据", True), ("及耐磨", True), ("按键开关", False), ("次氯酸钠", False), ("对流换热", False),
     ("和面机", False), ("多光谱", False), ("coating", False)],
)  # fmt: skip
def test_words_in_common_that_begin_in_the_middle_of_a_phrase_are_left_out(word: str, cut: bool) -> None:
    told = OrderFit({"b1": PlanFit(0.5, ("磁体", word))}, {}).of("b1", 1)[2]
    assert told == (["磁体"] if cut else ["磁体", word])


def test_a_fragment_is_told_when_there_is_nothing_better() -> None:
    assert OrderFit({"b1": PlanFit(0.5, ("按用途",))}, {}).of("b1", 1)[2] == ["按用途"]
