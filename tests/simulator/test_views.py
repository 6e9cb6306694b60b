"""The page that answers “who could pay for this?”."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from marketplace.funds.workflow import FundState
from marketplace.orders.workflow import OrderState
from tests.factories import Make

WAN = 1_000_000


def test_an_order_shows_who_could_pay_and_who_does_not(make: Make, sign_in: Any) -> None:
    order = make.order(price_ceiling=40 * WAN, own_funds=30 * WAN)
    make.fund(90 * WAN, name="攻关补助", share_max=3000)
    make.fund(90 * WAN, name="鞋业专项", fields=["footwear"])
    make.fund(90 * WAN, name="草稿资金", state=FundState.OPEN, alliance_id=make.alliance().id)
    page = sign_in(make.lead(make.team())).get(f"/orders/{order.id}/funding").text
    assert "攻关补助" in page
    assert "¥120,000" in page  # 30 % of the ceiling
    assert "该资金不资助这一技术领域" in page or "鞋业专项" in page
    assert "草稿资金" not in page  # another alliance's fund is not told of


def test_another_price_is_posted_and_wrong_input_kept(make: Make, sign_in: Any) -> None:
    order = make.order(price_ceiling=40 * WAN, own_funds=30 * WAN)
    make.fund(90 * WAN, share_max=3000)
    reader, address = sign_in(make.lead(make.team()), "en"), f"/orders/{order.id}/funding"
    short = reader.post(address, data={"price": "40万", "own_funds": "10万"})
    assert short.status_code == 200
    assert "With ¥180,000 more of own money they would" in short.text
    for wrong in ({"price": "much", "own_funds": "1"}, {"price": "1", "own_funds": "1", "public_most": "101"}):
        answer = reader.post(address, data=wrong)
        assert answer.status_code == 422
        assert f'value="{wrong["price"]}"' in answer.text
    both = reader.post(address, data={"price": "much", "own_funds": "1", "public_most": "101"}).text
    assert "Write an amount in yuan" in both
    assert "The share lies between 0 and 100 %." in both


def test_only_readers_of_the_order_may_ask(make: Make, client: FlaskClient, sign_in: Any) -> None:
    order = make.order(state=OrderState.DRAFT)
    assert client.get(f"/orders/{order.id}/funding").status_code == 303
    assert sign_in(make.lead(make.team())).get(f"/orders/{order.id}/funding").status_code == 404
    assert sign_in(make.owner(order.organisation)).get(f"/orders/{order.id}/funding").status_code == 200
