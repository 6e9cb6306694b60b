"""Whoever invites teams to an open order is offered those that the ranker of the rounds proposes, with pieces and words."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.orders import hints
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import inviting
from marketplace.talent.models import Team
from tests.factories import Make


@pytest.fixture
def order(make: Make) -> Order:
    alliance = make.alliance()
    values = {"title": "铝型材无铬前处理工艺", "problem": "现有磷化前处理含铬，需要硅烷预处理配方替代。"}
    return make.order(make.enterprise(alliance=alliance), OrderState.BIDDING, alliance_id=alliance.id, **values)


@pytest.fixture
def fitting(make: Make) -> Team:
    team = make.team()
    make.capability(team, title="硅烷预处理配方与无铬转化膜", summary="铝型材前处理，替代磷化与含铬工艺。")
    other = make.team()
    make.capability(other, title="注塑机能耗预测", summary="用传感器数据预测注塑机的能耗。")
    return team


def secretary(make: Make, order: Order) -> Any:
    return make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=order.alliance))


def test_the_ranked_teams_are_offered_with_what_speaks_for_them(make: Make, order: Order, fitting: Team) -> None:
    call = secretary(make, order)
    first_look = hints.proposed_teams(call, order)
    assert not any(fit.compared for _team, fit in first_look)
    assert inviting.rank_open_orders(make.call()) == 1
    (team, fit), *others = hints.proposed_teams(call, order)
    assert (team.id, fit.compared) == (fitting.id, True)
    assert fit.pieces[0][1].startswith("硅烷预处理配方")
    assert {"硅烷", "预处理"} & set("".join(fit.words)) or any("硅烷" in word for word in fit.words)
    assert all(other.score < fit.score for _team, other in others)
    assert inviting.rank_open_orders(make.call()) == 0, "nothing changed"
    make.capability(make.team(), title="水性涂层", summary="无铬前处理后的水性涂层。")
    assert inviting.rank_open_orders(make.call()) == 1


def test_a_capability_that_the_reader_may_not_see_speaks_for_nobody(make: Make, order: Order, fitting: Team) -> None:
    for capability in fitting.capabilities:
        capability.visibility, capability.alliance_id = Visibility.ALLIANCE, make.alliance().id
    make.save(fitting)
    inviting.rank_open_orders(make.call())
    assert fitting.id not in {team.id for team, _fit in hints.proposed_teams(secretary(make, order), order)}


@pytest.mark.parametrize("hidden", [True, False])
def test_pieces_and_words_come_from_what_members_may_see_alone(make: Make, order: Order, hidden: bool) -> None:
    team = make.team()
    make.capability(team, title="铝型材表面清洗", summary="清洗铝型材。")
    limits = {"visibility": Visibility.ALLIANCE, "alliance_id": make.alliance().id} if hidden else {}
    make.capability(team, title="硅烷预处理配方", summary="前处理，替代磷化与含铬工艺。", **limits)
    inviting.rank_open_orders(make.call())
    fit = {row.id: fit for row, fit in hints.proposed_teams(secretary(make, order), order)}[team.id]
    assert "铝型材表面清洗" in " ".join(title for _, title in fit.pieces)
    assert ("硅烷预处理配方" in " ".join(title for _, title in fit.pieces)) is not hidden
    assert any("替代" in word for word in fit.words) is not hidden


@pytest.mark.parametrize("hidden", [True, False])
def test_where_a_team_stands_tells_nothing_of_work_that_members_may_not_see(
    make: Make, order: Order, hidden: bool
) -> None:
    one, two = make.team(), make.team()
    for team in (one, two):
        make.capability(team, title="铝型材表面清洗", summary="清洗铝型材。")
    limits = {"visibility": Visibility.ALLIANCE, "alliance_id": make.alliance().id} if hidden else {}
    make.capability(two, title="硅烷预处理配方", summary="前处理，替代磷化与含铬工艺。", **limits)
    inviting.rank_open_orders(make.call())
    scores = {row.id: fit.score for row, fit in hints.proposed_teams(secretary(make, order), order)}
    assert (scores.get(one.id) == scores[two.id]) is hidden


def test_words_of_work_hidden_after_the_comparison_stay_untold(make: Make, order: Order) -> None:
    team = make.team()
    make.capability(team, title="铝型材表面清洗", summary="清洗铝型材。")
    later = make.capability(team, title="硅烷预处理配方", summary="前处理，替代磷化与含铬工艺。")
    inviting.rank_open_orders(make.call())
    later.visibility, later.alliance_id = Visibility.ALLIANCE, make.alliance().id
    make.save(later)
    fit = {row.id: fit for row, fit in hints.proposed_teams(secretary(make, order), order)}[team.id]
    assert fit.words == ()
    assert inviting.rank_open_orders(make.call()) == 1


def test_the_page_offers_them_and_fills_the_form_in(make: Make, order: Order, fitting: Team, sign_in: Any) -> None:
    inviting.rank_open_orders(make.call())
    path = f"/orders/{order.id}/invitations"
    db.session.rollback()
    page = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=order.alliance))
    assert f"{path}?team={fitting.id}#invite" in page.get(path).text
    chosen = page.get(f"{path}?team={fitting.id}").text
    assert (
        f'value="{fitting.id}" selected' in chosen.replace("selected value", "value")
        or f'selected value="{fitting.id}"' in chosen
    )
    assert "硅烷预处理配方" in chosen
