"""The page of payments says who must do what next, also where nobody but the parties moves the money."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from marketplace.contracts import service
from marketplace.contracts.models import Payment
from marketplace.contracts.queries import payments as queries
from marketplace.contracts.workflow import PaymentKind, PaymentState
from marketplace.db.base import db
from tests.contracts.scene import Scene
from tests.contracts.test_delivery import key
from tests.contracts.test_payments import accepted, of_funds, through


def row_of(scene: Scene, sign_in: Any, who: str, payment: Payment) -> str:
    """The text of a payment's row as that person reads it in English."""
    page = sign_in(scene.accounts[who], "en").get(f"/contracts/{scene.contract_id}/money").text
    row = page.split(f'id="payment-{payment.id}"')[1].split("</tr>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split())


def test_the_parties_read_that_they_settle_their_own_money(scene: Scene, sign_in: Any) -> None:
    own = next(row for row in accepted(scene) if row.source.fund_id is None)
    enterprise, institution = scene.contract.enterprise.name, scene.contract.institution.name
    for who in ("enterprise", "institution", "officer"):
        text = row_of(scene, sign_in, who, own)
        assert f"settle this between them: {enterprise} pays {institution} and says so here" in text
        assert "To be paid by the party" in text
        assert ("Say that it was paid" in text) == (who == "enterprise")
    service.declare_paid(scene.call("enterprise"), own.id, "T1", key())
    for who in ("enterprise", "institution", "officer"):
        text = row_of(scene, sign_in, who, own)
        assert f"{institution} confirms here that the money has arrived" in text
        assert "Arrival to be confirmed" in text
    service.confirm_arrival(scene.call("institution"), own.id, key())
    text = row_of(scene, sign_in, "enterprise", own)
    assert "Paid" in text
    assert "confirms here" not in text


def test_a_payment_of_a_fund_names_who_is_next(scene: Scene, sign_in: Any) -> None:
    row = of_funds(accepted(scene))[0]
    assert "Next an officer of the centre checks it." in row_of(scene, sign_in, "institution", row)
    service.check_payment(scene.call("officer"), row.id, key())
    assert "Next a fund manager, another person, approves it." in row_of(scene, sign_in, "institution", row)
    service.send_back(scene.call("manager"), row.id, "看不清")
    through(scene, row)
    assert "Next the centre puts it into a payment order." in row_of(scene, sign_in, "institution", row)
    service.order_payments(scene.call("officer"), key())
    assert "Next the bank's answer is imported." in row_of(scene, sign_in, "institution", row)


@pytest.mark.parametrize(
    ("kind", "state", "turn"),
    [
        (PaymentKind.MILESTONE, PaymentState.DUE, "enterprise"),
        (PaymentKind.MILESTONE, PaymentState.ORDERED, "institution"),
        (PaymentKind.CLAWBACK, PaymentState.DUE, "institution"),
        (PaymentKind.CLAWBACK, PaymentState.ORDERED, "enterprise"),
    ],
)
def test_own_money_waits_for_the_party_whose_turn_it_is(
    scene: Scene, kind: PaymentKind, state: PaymentState, turn: str
) -> None:
    own = next(row for row in accepted(scene) if row.source.fund_id is None)
    own.kind, own.state = kind, state
    db.session.flush()
    for who in ("enterprise", "institution"):
        found = [row.id for row in queries.between_parties(scene.call(who).actor, 20)]
        assert (own.id in found) is (who == turn)


@pytest.mark.parametrize("who", ["officer", "manager"])
def test_the_filters_of_the_queue_list_what_waits_for_staff_and_the_parties_own_money_apart(
    scene: Scene, sign_in: Any, who: str
) -> None:
    rows = accepted(scene)
    own, funds = [row for row in rows if row.source.fund_id is None], of_funds(rows)
    assert own
    assert funds

    def listed(state: str) -> set[int]:
        page = sign_in(scene.accounts[who]).get(f"/payments?state={state}").text
        return {int(key) for key in re.findall(r'id="payment-(\d+)"', page)}

    assert listed("due") == {row.id for row in funds}
    assert listed("own-due") == {row.id for row in own}
    service.declare_paid(scene.call("enterprise"), own[0].id, "T1", key())
    assert listed("ordered") == set()
    assert listed("own-ordered") == {own[0].id}
    assert listed("") == {row.id for row in rows} == listed("own-nonsense")
