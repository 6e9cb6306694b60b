"""What happened in rounds and what staff say becomes judgements; the ranking only learns what proves better."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Forbidden, NotFound
from marketplace.kernel.fields import Field
from marketplace.orders.workflow import OrderState
from marketplace.rounds.models import Proposal
from marketplace.rounds.workflow import ProposalState
from marketplace.search import fits, judging, learning, service
from marketplace.search.models import Judgement
from marketplace.search.words import SIGNALS
from marketplace.search.workflow import FITS, FITS_NOT, LEVELS, Source, telling
from marketplace.talent.models import Evidence
from marketplace.talent.workflow import EvidenceKind
from marketplace.vectors import store
from tests.factories import Make
from tests.patents.scene import patent, secret
from tests.rounds.conftest import Scene, scene  # noqa: F401 - a fixture


def stored() -> set[tuple[int, int, Source, int]]:
    return {(row.order_id, row.team_id, row.source, row.level) for row in db.session.scalars(select(Judgement))}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (BidState.WON, {Source.WON}),
        (BidState.LOST, {Source.LOST}),
        (BidState.OPENED, set()),
        (BidState.SUBMITTED, set()),
    ],
)
def test_a_decided_bid_is_a_judgement_and_an_open_or_sealed_one_is_none(
    make: Make, state: BidState, expected: set[Source]
) -> None:
    order, team = make.order(state=OrderState.OPENED), make.team()
    bid = make.opened_bid(order, team)
    bid.state = state
    db.session.commit()
    assert service.collect_judgements(make.call()) == len(expected)
    assert stored() == {(order.id, team.id, source, LEVELS[source]) for source in expected}


def test_collecting_twice_stores_once_and_what_was_undone_is_taken_back(make: Make) -> None:
    order, team = make.order(state=OrderState.OPENED), make.team()
    bid = make.opened_bid(order, team)
    bid.state = BidState.WON
    db.session.commit()
    assert [service.collect_judgements(make.call()) for _ in range(2)] == [1, 0]
    bid.state = BidState.OPENED
    db.session.commit()
    service.collect_judgements(make.call())
    assert stored() == set()


def test_what_staff_said_outlives_collecting_and_counts_most(make: Make) -> None:
    order, team, officer = make.order(state=OrderState.OPENED), make.team(), make.officer()
    bid = make.opened_bid(order, team)
    bid.state = BidState.WON
    db.session.commit()
    service.collect_judgements(make.call())
    service.judge(make.call(officer), order.id, team.id, fits=True)
    service.judge(make.call(officer), order.id, team.id, fits=False)
    service.collect_judgements(make.call())
    assert judging.levels() == {order.id: {team.id: 1}}
    assert len(stored()) == 2


def test_only_who_screens_an_order_and_has_no_part_in_it_may_judge(make: Make) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    order, team = make.order(enterprise, alliance_id=alliance.id), make.team()
    secretary = make.account(Role.ALLIANCE_SECRETARY, alliance=alliance)
    service.judge(make.call(secretary), order.id, team.id, fits=True)
    for account in (make.owner(enterprise), make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance())):
        with pytest.raises((Forbidden, NotFound)):
            service.judge(make.call(account), order.id, team.id, fits=True)


def test_the_first_source_counts() -> None:
    assert telling({Source.LOST: 2, Source.REJECTED: 1}) == 1
    assert telling({Source.INVITED: 2, Source.ANSWERED: 3}) == 3


def test_an_invitation_and_its_answer_are_judgements(make: Make, scene: Scene) -> None:  # noqa: F811
    order, bid = scene.orders[0], scene.bids[0]
    scene.open()
    run = scene.run()
    proposal = db.session.scalars(select(Proposal).where(Proposal.run_id == run.id)).first()
    assert proposal is not None
    row = make.capability(bid.team)
    db.session.add(
        Proposal(
            run_id=run.id, order_id=order.id, capability_id=row.id, team_id=bid.team_id, price=0, value=1, scores={},
            state=ProposalState.INVITED,
        )
    )  # fmt: skip
    db.session.commit()
    service.collect_judgements(make.call())
    assert {source for _, _, source, _ in stored()} == {Source.INVITED, Source.ANSWERED}
    bid.state = BidState.SUBMITTED
    db.session.commit()
    service.collect_judgements(make.call())
    assert {source for _, _, source, _ in stored()} == {Source.INVITED}


def test_staff_judge_on_the_order_s_page(make: Make, scene: Scene, sign_in: Any) -> None:  # noqa: F811
    order, bid = scene.orders[0], scene.bids[0]
    scene.open()
    scene.run()
    officer = sign_in(scene.first)
    page = officer.get(f"/orders/{order.id}/teams").text
    assert bid.team.name in page
    assert all(str(label) in page for label in SIGNALS.values())
    answer = officer.post(f"/orders/{order.id}/teams/{bid.team_id}/judgement", data={"fits": "yes"})
    assert answer.status_code == 303
    assert stored() == {(order.id, bid.team_id, Source.STAFF, 4)}
    stranger = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()))
    assert stranger.get(f"/orders/{order.id}/teams").status_code == 404
    assert officer.get("/orders/999999/teams").status_code == 404


def test_each_signal_is_a_part_that_staff_see(make: Make, scene: Scene) -> None:  # noqa: F811
    order, team = scene.orders[0], scene.bids[0].team
    make.capability(team)
    scene.open()
    scene.run()
    compared = judging.compared_with(order.id)
    before, parts = fits.of_teams(order, compared, make.clock())[team.id]
    assert {part.name for part in parts} == SIGNALS.keys()
    assert sum(part.points for part in parts) == before
    order.organisation.region, team.organisation.region = "440305", "110105"
    _, moved = fits.of_teams(order, compared, make.clock())[team.id]
    assert next(part.value for part in moved if part.name == "region") == pytest.approx(0.2)
    order.field = next(field for field in Field if field is not team.capabilities[0].field)
    _, other = fits.of_teams(order, compared, make.clock())[team.id]
    assert next(part.value for part in other if part.name == "field") == 0


SUBJECTS = ["石墨烯", "污泥", "焊接", "图像", "催化", "电池", "轴承", "传感", "纺织", "涂层", "齿轮", "激光"]


def judged_city(make: Make, *, sense: bool, copies: int = 5) -> Call:
    """Orders on twelve subjects and teams for each; ``sense`` tells whether judgements follow titles or turn them round."""
    officer = make.officer()
    teams = []
    for subject in SUBJECTS:
        row = make.capability(
            make.team(name=f"{subject}组"), title=f"{subject}技术", title_en="", summary="实验与中试。"
        )
        row.evidence[:] = [Evidence(kind=EvidenceKind.PAPER, title=f"{subject}研究", body="方法与数据")]
        teams.append(row.team)
    db.session.commit()
    for copy in range(copies):
        for number, subject in enumerate(SUBJECTS):
            title = f"{subject}工艺第{copy}号"
            order = make.order(title=title, title_en="", problem="", background="", targets=[], state=OrderState.OPENED)
            for step in (0, 1, 5):
                db.session.add(
                    Judgement(
                        order_id=order.id,
                        team_id=teams[(number + step) % len(teams)].id,
                        source=Source.STAFF,
                        level=FITS if (step == 0) is sense else FITS_NOT,
                        at=make.clock(),
                        account_id=officer.id,
                    )
                )
    db.session.commit()
    return Call(actor_of(officer), make.clock(), "test")


def test_figures_follow_the_judgements(make: Make) -> None:
    call = judged_city(make, sense=True)
    figures = learning.evaluate(call)
    assert (figures.questions, figures.pairs) == (60, 120)
    assert figures.loss < 0.05
    assert figures.ndcg > 0.95


def test_weights_that_are_no_better_are_not_put_to_use(make: Make) -> None:
    learned = learning.train(judged_city(make, sense=True))
    assert learned is None or not learned.better
    assert store.learned() is None


def test_weights_that_prove_better_are_used_by_rounds_from_then_on(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    call = judged_city(make, sense=True, copies=8)  # whichever third is held back, it has pairs enough
    worst = {"bias": -1.0, "singles": 0.0, "pairs": 0.0, "meaning": 0.0, "chinese": 0.0, "english": 0.0}
    service.ship_weights(call, dict.fromkeys(["words", "meaning", "chinese", "english"], worst), {})
    assert learning.evaluate(call).loss == pytest.approx(0.5)
    learned = learning.train(call)
    assert learned is not None
    assert learned.better
    assert store.learned() == learned.weights
    assert learning.evaluate(call).loss < 0.05


def test_without_the_comparison_worse_weights_would_be_put_to_use(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: judgements turned upside down teach nothing that ranks; only the comparison keeps them out."""
    from marketplace.matching.relevance.feedback import Learned

    call = judged_city(make, sense=True)
    monkeypatch.setattr(
        "marketplace.matching.relevance.training.fit", lambda *_a: __import__("numpy").array([0.0, 1e-9])
    )
    learned = learning.train(call)
    assert store.learned() is None
    monkeypatch.setattr(Learned, "better", True)
    learned = learning.train(call)
    assert learned is not None
    assert store.learned() is not None


def test_the_commands_say_what_they_did(make: Make, app: Flask) -> None:
    judged_city(make, sense=True)
    runner = app.test_cli_runner()
    assert "60 orders, 120 pairs" in runner.invoke(args=["relevance", "evaluate"]).output
    assert "the weights stay" in runner.invoke(args=["relevance", "train"]).output


def test_ipc_symbols_of_the_capability_and_of_its_published_patents_count(make: Make, scene: Scene) -> None:  # noqa: F811
    order, team = scene.orders[0], scene.bids[0].team
    row = make.capability(team)
    scene.open()
    scene.run()
    compared = judging.compared_with(order.id)

    def ipc() -> float | None:
        db.session.flush()
        _, parts = fits.of_teams(order, compared, make.clock())[team.id]
        return next(part.value for part in parts if part.name == "ipc")

    order.ipc = "H01M 10/0525"
    assert ipc() is None
    row.ipc = "H02J 7/00"
    assert ipc() == pytest.approx(0.1)
    owner = make.owner(team.organisation)
    kept = patent(make, owner, team.organisation, 1, ipc="H01M 10/42")
    hidden = patent(make, owner, team.organisation, 2, ipc="H01M 10/0525", **secret())
    for one in (kept, hidden):
        row.evidence.append(Evidence(kind=EvidenceKind.PATENT, title="专利", reference=f"ZL{one.number}"))
    assert ipc() == pytest.approx(0.9)
