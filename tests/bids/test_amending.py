"""Targets, money and delivery of a published order change: everybody sees how, and no bid counts unread."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.bids import queries, service
from marketplace.bids.terms import Answer
from marketplace.bids.workflow import BidState, Meets
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import amending
from marketplace.orders import queries as orders
from marketplace.orders.models import Order, OrderAmendment, Target
from marketplace.orders.terms import AmendTerms, TargetTerms
from marketplace.orders.workflow import Comparator
from tests.bids.scene import Scene, fresh

SALT = TargetTerms("耐盐雾时间", Comparator.AT_LEAST, "1500", "", "h", "GB/T 10125", True)
GRIP = TargetTerms("附着力", Comparator.AT_LEAST, "8", "", "MPa", "GB/T 5210", True)


def terms(scene: Scene, **values: Any) -> AmendTerms:
    order = scene.fresh_order()
    return AmendTerms(order.title, order.problem, order.background, "样件要求提高", **values)


def amend(scene: Scene, **values: Any) -> Order:
    return service.amend_order(scene.call(scene.owner), scene.order.id, terms(scene, **values))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"targets": (SALT,)}, "targets"),
        ({"targets": (SALT, GRIP)}, "targets"),
        ({"price_ceiling": 40_000_000}, "price_ceiling"),
        ({"own_funds": 0}, "own_funds"),
        ({"delivery_on": date(2028, 6, 1)}, "delivery_on"),
        ({"title_en": "Coating that stands steam"}, "title_en"),
    ],
)
def test_every_part_that_changes_is_kept_and_asks_for_confirmation(scene: Scene, change: Any, name: str) -> None:
    bid = scene.submitted()
    order = amend(scene, **change)
    (kept,) = db.session.scalars(select(OrderAmendment))
    assert {part for part in kept.before if kept.before[part] != kept.after[part]} == {name}
    assert kept.after == amending.public_part(order)
    assert fresh(bid).state is BidState.NEEDS_RECONFIRM


def test_a_bid_that_the_change_would_disqualify_cannot_be_confirmed_as_it_is(scene: Scene) -> None:
    bid = scene.submitted()
    amend(scene, price_ceiling=41_000_000)
    with pytest.raises(Invalid, match=r"bids\.not_admissible"):
        service.submit_bid(scene.call(), bid.id)
    service.submit_bid(scene.call(), bid.id, scene.terms(price=40_000_000))
    assert fresh(bid).state is BidState.SUBMITTED


def test_an_answer_stays_with_its_target_when_others_come_go_and_change_places(scene: Scene) -> None:
    bid = scene.submitted()
    first = scene.order.targets[0].id
    amend(scene, targets=(GRIP, replace(SALT, value="1000")))
    rows = scene.fresh_order().targets
    assert [row.name for row in rows] == ["附着力", "耐盐雾时间"]
    assert rows[1].id == first
    with pytest.raises(Invalid, match=r"bids\.not_admissible"):
        service.submit_bid(scene.call(), bid.id)
    answers = (
        *queries.own_content(queries.get_own(scene.call(), bid.id)).terms.answers,
        Answer(rows[0].id, Meets.MEETS, "9"),
    )
    service.submit_bid(scene.call(), bid.id, scene.terms(answers=answers))
    amend(scene, targets=(GRIP,))
    assert db.session.get(Target, first) is None
    with pytest.raises(Invalid, match=r"bids\.unknown_target"):
        service.submit_bid(scene.call(), bid.id)


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"targets": ()}, "readiness.no_target", "targets"),
        ({"targets": (replace(SALT, value="越高越好"),)}, "readiness.target_number", "targets"),
        ({"targets": (replace(SALT, method=""),)}, "readiness.target_method", "targets"),
        ({"targets": (replace(SALT, must_have=False),)}, "readiness.no_must_have", "targets"),
        ({"price_ceiling": 10_000_000}, "readiness.own_funds_above", "own_funds"),
        ({"delivery_on": date(2026, 1, 1)}, "readiness.delivery_before_deadline", "delivery_on"),
    ],
)
def test_nothing_is_published_that_screening_would_have_sent_back(
    scene: Scene, change: Any, code: str, place: str
) -> None:
    bid, before = scene.submitted(), amending.public_part(scene.fresh_order())
    with pytest.raises(Invalid, match=code) as refused:
        amend(scene, **change)
    assert refused.value.field == place
    assert amending.public_part(scene.fresh_order()) == before
    assert fresh(bid).state is BidState.SUBMITTED


def test_a_deadline_that_moves_by_rule_does_not_pass_the_delivery(scene: Scene) -> None:
    scene.clock.advance(days=19)
    scene.order.delivery_on = (scene.clock() + timedelta(days=2)).date()
    scene.make.save(scene.order)
    with pytest.raises(Invalid, match=r"readiness\.delivery_before_deadline"):
        amend(scene, price_ceiling=40_000_000)


def test_nobody_confirms_a_change_that_the_page_did_not_show(scene: Scene) -> None:
    bid, seen = scene.submitted(), orders.latest_change(scene.order)
    amend(scene, price_ceiling=45_000_000)
    with pytest.raises(Conflict, match=r"bids\.order_changed"):
        service.submit_bid(scene.call(), bid.id, scene.terms(), seen)
    assert fresh(bid).state is BidState.NEEDS_RECONFIRM
    service.submit_bid(scene.call(), bid.id, scene.terms(), orders.latest_change(scene.order))
    assert fresh(bid).state is BidState.SUBMITTED


def test_without_the_check_an_old_page_would_confirm_it_unread(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    bid, seen = scene.submitted(), orders.latest_change(scene.order)
    amend(scene, price_ceiling=45_000_000)
    monkeypatch.setattr(orders, "latest_change", lambda _order: seen)
    service.submit_bid(scene.call(), bid.id, scene.terms(), seen)
    assert fresh(bid).state is BidState.SUBMITTED


def test_the_pages_change_show_and_confirm(scene: Scene, sign_in: Any, app: Any) -> None:
    bid = scene.submitted()
    owner, team, path = sign_in(scene.owner), sign_in(scene.lead), f"/orders/{scene.order.id}/amend"
    assert 'name="targets-0-value"' in owner.get(path).text
    more = owner.post(path, data=scene.change_form(add_row="targets"))
    assert more.status_code == 200
    assert 'name="targets-1-value"' in more.text
    wrong = owner.post(path, data=scene.change_form(**{"targets-0-value": "越高越好"}))
    assert wrong.status_code == 422
    assert "越高越好" in wrong.text
    sent = scene.change_form(**{"targets-0-value": "900", "price_ceiling": "48万"})
    old = team.get(f"/bids/{bid.id}/edit").text
    assert owner.post(path, data=sent).status_code == 303
    for reader in (app.test_client(), team, owner):
        page = reader.get(f"/orders/{scene.order.id}/changes").text
        assert '<del><span class="mark">[−</span>1000<span' in page
        assert '<ins><span class="mark">[+</span>900<span' in page
        assert "480,000" in page
    assert f"/orders/{scene.order.id}/changes" in team.get(f"/bids/{bid.id}").text
    assert 'name="seen"' in old
    stale = team.post(f"/bids/{bid.id}/submit", data={"seen": "0"})
    assert (stale.status_code, fresh(bid).state) == (422, BidState.NEEDS_RECONFIRM)
    seen = str(orders.latest_change(scene.order))
    assert f'value="{seen}"' in stale.text
    assert team.post(f"/bids/{bid.id}/submit", data={"seen": seen}).status_code == 303
    assert fresh(bid).state is BidState.SUBMITTED


def test_a_bid_refused_for_a_slip_still_asks_by_the_order_its_writer_read(scene: Scene, sign_in: Any) -> None:
    bid, read = scene.submitted(), orders.latest_change(scene.order)
    team = sign_in(scene.lead)
    amend(scene, price_ceiling=45_000_000)
    last = orders.latest_change(scene.order)
    assert last != read
    for data in ({"months": "much"}, {"add_row": "milestones"}):
        page = team.post(f"/bids/{bid.id}/edit", data={**data, "seen": str(read)}).text
        assert f'name="seen" type="hidden" value="{read}"' in page
    assert f'name="seen" type="hidden" value="{last}"' in team.get(f"/bids/{bid.id}/edit").text


def test_an_open_page_puts_its_answers_under_the_targets_they_were_given_to(scene: Scene, sign_in: Any) -> None:
    bid, first = scene.drafted(), scene.order.targets[0].id
    team = sign_in(scene.lead)
    assert f'name="answers-0-target" type="hidden" value="{first}"' in team.get(f"/bids/{bid.id}/edit").text
    amend(scene, targets=(GRIP, replace(SALT, value="1000")))
    sent = {"answers-0-target": str(first), "answers-0-meets": "meets", "answers-0-value": "1200"}
    assert team.post(f"/bids/{bid.id}/edit", data=sent).status_code == 303
    kept = {a.target: a.value for a in queries.own_content(queries.get_own(scene.call(), bid.id)).terms.answers}
    assert kept[first] == "1200"
    assert set(kept.values()) == {"1200", ""}
