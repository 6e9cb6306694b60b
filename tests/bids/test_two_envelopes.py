"""The plan is read and scored before anybody knows a price; only locked scores release the second key."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from marketplace.audit import verify
from marketplace.bids import jobs, keys, openings, proof, queries, sealing, service
from marketplace.bids.models import Bid, OpenedBid, OrderKey, TechnicalPart
from marketplace.bids.workflow import BidState, Part
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.orders.workflow import OrderState
from tests.bids.scene import Scene, fresh


@pytest.fixture
def bids(scene: Scene) -> list[Bid]:
    return scene.two_full_bids(least_price=30_000_000)


def release(scene: Scene) -> None:
    """What the evaluation does when its technical scores are locked."""
    row = db.session.get(OrderKey, (scene.order.id, Part.PRICE), populate_existing=True)
    assert row is not None
    row.released_at = scene.clock()
    db.session.commit()


def prices_opened(scene: Scene) -> None:
    service.request_price_opening(scene.call(scene.officers[0]), scene.order.id)
    service.confirm_price_opening(scene.call(scene.officers[1]), scene.order.id)


def test_the_first_opening_shows_the_plan_and_no_amount(scene: Scene, bids: list[Bid], sign_in: Any) -> None:
    order = scene.opened()
    assert (order.state, {fresh(b).state for b in bids}) == (OrderState.OPENED, {BidState.TECHNICAL})
    assert list(db.session.scalars(select(OpenedBid))) == []
    part = db.session.get(TechnicalPart, bids[0].id)
    assert part is not None
    assert proof.technical_is_unaltered(fresh(bids[0]), part)
    terms = proof.technical_of(part).terms
    assert (terms.price, terms.least_price, [load.money for load in terms.loads]) == (None, None, [None])
    assert terms.plan == scene.terms().plan
    for account in (scene.owner, *scene.officers, scene.secretary):
        client = sign_in(account)
        for path in (f"/bids/{bids[0].id}", f"/orders/{order.id}/bids", f"/orders/{order.id}/opening"):
            page = client.get(path)
            assert page.status_code == (403 if account is scene.owner and path.endswith("opening") else 200), path
            assert "420,000" not in page.text, path
            assert "300,000" not in page.text, path
        rows = client.get(f"/orders/{order.id}/bids").text.split("<tr")[2:]
        assert [("6 个月" in row, "1 / 1" in row) for row in rows] == [(True, True)] * 2
    assert "420,000" in sign_in(scene.lead).get(f"/bids/{bids[0].id}").text


def test_prices_wait_for_the_locked_scores_and_for_two_people(scene: Scene, bids: list[Bid]) -> None:
    scene.opened()
    one, two = (scene.call(account) for account in scene.officers)
    for act in (service.request_price_opening, service.confirm_price_opening):
        with pytest.raises(Conflict, match="prices_too_early"):
            act(one, scene.order.id)
    with pytest.raises(Conflict, match="prices_too_early"):
        service.open_prices(scene.make.call(), scene.order.id)
    release(scene)
    with pytest.raises(Conflict, match="not_confirmed"):
        service.open_prices(scene.make.call(), scene.order.id)
    with pytest.raises(Forbidden):
        service.open_prices(one, scene.order.id)
    service.request_price_opening(one, scene.order.id)
    with pytest.raises(Forbidden, match=r"approvals\.same_person"):
        service.confirm_price_opening(one, scene.order.id)
    service.confirm_price_opening(two, scene.order.id)
    assert {fresh(b).state for b in bids} == {BidState.OPENED}
    content = queries.content_of(fresh(bids[0]))
    assert content is not None
    assert (content.price, proof.terms_of(content).least_price) == (42_000_000, 30_000_000)
    assert proof.is_unaltered(fresh(bids[0]), content)
    assert fresh(bids[0]).owner_copy is None
    assert not openings.prices_wait(scene.fresh_order())
    told = [str(f) for f in verify.findings() if f.invariant in {"four eyes", "sealing"}]
    made = ("concepts of order", "shortlist of order")  # the scene chooses concepts without two people
    assert [each for each in told if not any(words in each for words in made)] == []


def test_the_first_key_does_not_open_the_second_envelope(scene: Scene, bids: list[Bid]) -> None:
    bid = db.session.get(Bid, bids[0].id)
    assert bid is not None
    assert bid.price_envelope is not None
    content = keys.opening_key(scene.order.id, Part.CONTENT)
    with pytest.raises(sealing.NotReadable):
        sealing.unseal_price(bid.price_envelope, queries.label_of(bid), bid.price_commitment, content)
    opened = sealing.unseal(bid.envelope or b"", queries.label_of(bid), bid.commitment, content)
    assert opened.terms.prices == scene.terms().without_prices().prices
    prices, _salt = sealing.unseal_price(
        bid.price_envelope, queries.label_of(bid), bid.price_commitment, keys.opening_key(scene.order.id, Part.PRICE)
    )
    assert prices.price == 42_000_000


def test_swapped_and_altered_price_envelopes_stay_closed(scene: Scene, bids: list[Bid]) -> None:
    one, other = (db.session.get(Bid, b.id) for b in bids)
    assert one is not None
    assert other is not None
    one.price_envelope, other.price_envelope = other.price_envelope, one.price_envelope
    db.session.commit()
    scene.opened()
    release(scene)
    prices_opened(scene)
    assert [(fresh(b).state, fresh(b).reason) for b in bids] == [(BidState.TECHNICAL, "bids.swapped")] * 2


def test_a_lost_price_key_sends_everybody_to_the_kept_copies(scene: Scene, bids: list[Bid]) -> None:
    scene.opened()
    release(scene)
    keys.opening_path(scene.order.id, Part.PRICE).unlink()
    with pytest.raises(Conflict, match="no_private_key"):
        prices_opened(scene)
    service.open_prices(scene.make.call(), scene.order.id, key_lost=True)
    assert {fresh(b).reason for b in bids} == {"bids.key_lost"}
    service.recover_bid(scene.call(), bids[0].id)
    assert (fresh(bids[0]).state, fresh(bids[1]).state) == (BidState.OPENED, BidState.TECHNICAL)


def test_prices_opened_without_two_people_are_found(scene: Scene, bids: list[Bid]) -> None:
    scene.opened()
    release(scene)
    prices_opened(scene)
    db.session.execute(text("DELETE FROM endorsements WHERE subject_kind = 'price_opening' AND step = 'approved'"))
    db.session.commit()
    assert any("prices of order" in str(f) for f in verify.findings())


def test_the_pages_ask_for_the_second_opening(scene: Scene, bids: list[Bid], sign_in: Any) -> None:
    scene.opened()
    release(scene)
    first, second = (sign_in(account) for account in scene.officers)
    path = f"/orders/{scene.order.id}/opening"
    assert scene.order.reference in first.get("/openings").text
    assert f'action="{path}/request-prices"' in first.get(path).text
    assert first.post(f"{path}/request-prices").status_code == 303
    assert second.post(f"{path}/confirm-prices").status_code == 303
    assert "420,000" in second.get(path).text
    record = sign_in(scene.lead).get(f"/orders/{scene.order.id}/opening-record").text
    assert fresh(bids[0]).price_commitment in record
    jobs.open_confirmed_prices(scene.make.call(), scene.order.id)
    assert fresh(bids[0]).state is BidState.OPENED
