"""Too few bids: nobody reads them, the order is unsuccessful, and one click tenders it again."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from marketplace.audit.models import AuditRecord
from marketplace.bids import jobs, queries
from marketplace.bids.models import Bid, ConceptPart, OpenedBid, TechnicalPart
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, NotFound
from marketplace.orders import procedures, readiness
from marketplace.orders import queries as orders
from marketplace.orders import service as ordering
from marketplace.orders.models import ConfidentialPart, Order
from marketplace.orders.procedures import RULES, Procedure
from marketplace.orders.terms import DisclosureTerms
from marketplace.orders.workflow import OrderState
from marketplace.outbox.models import Message
from tests.bids.scene import Scene, fresh
from tests.conftest import Clock
from tests.factories import Make


@pytest.fixture
def scene(make: Make, clock: Clock) -> Scene:
    return Scene(make, clock)


def follow(scene: Scene, procedure: Procedure) -> None:
    scene.follows(procedure)


def mails() -> list[str]:
    return sorted(db.session.scalars(select(Message.template)))


CASES = [(p, n) for p in Procedure for n in range(4) if not RULES[p].invited_only]


@pytest.mark.parametrize(("procedure", "number"), CASES)
def test_an_order_opens_exactly_with_as_many_bids_as_its_procedure_asks(
    scene: Scene, procedure: Procedure, number: int
) -> None:
    follow(scene, procedure)
    bids = [scene.rival() for _ in range(number)]
    order = scene.opened()
    enough = number >= RULES[procedure].min_bids
    first = RULES[procedure].concepts_first
    read_state = OrderState.CONCEPTS if first else OrderState.OPENED
    assert order.state is (read_state if enough else OrderState.UNSUCCESSFUL)
    apart = RULES[procedure].two_envelopes
    read = BidState.CONCEPT if first else BidState.TECHNICAL if apart else BidState.OPENED
    assert {fresh(bid).state for bid in bids} == ({read if enough else BidState.LAPSED} if bids else set())
    table = ConceptPart if first else TechnicalPart if apart else OpenedBid
    assert len(list(db.session.scalars(select(table)))) == (number if enough else 0)


def test_bids_that_are_too_few_are_never_read(scene: Scene) -> None:
    follow(scene, Procedure.STRICT)
    bid = scene.submitted()
    order = scene.opened()
    kept = db.session.scalar(select(Bid).where(Bid.id == bid.id).execution_options(populate_existing=True))
    assert kept is not None
    assert (kept.state, kept.reason, kept.envelope, kept.opened_at) == (BidState.LAPSED, "bids.too_few", None, None)
    assert queries.own_content(queries.get_own(scene.call(), bid.id)).terms.price == 42_000_000
    assert order.reason == "orders.few_bids"
    assert mails() == ["bid_returned", "order_without_bids"]
    last = db.session.scalars(select(AuditRecord).order_by(AuditRecord.sequence.desc())).first()
    assert last is not None
    assert last.detail == {"returned": [bid.id], "lapsed": []}


def test_with_the_rule_off_a_single_bid_would_be_read_where_two_are_asked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(scene, Procedure.OPEN)
    bid = scene.submitted()
    monkeypatch.setattr(procedures, "RULES", dict.fromkeys(Procedure, RULES[Procedure.QUICK]))
    assert scene.opened().state is OrderState.OPENED
    assert fresh(bid).state is BidState.OPENED


def test_a_damaged_bid_does_not_count_and_the_others_lose_for_want_of_rivals(scene: Scene) -> None:
    follow(scene, Procedure.OPEN)
    bid, rival = scene.submitted(), scene.rival()
    damaged = fresh(bid)
    assert damaged.envelope is not None
    damaged.envelope = damaged.envelope[:-1] + bytes([damaged.envelope[-1] ^ 1])
    db.session.commit()
    assert scene.opened().state is OrderState.OPENED, "the bidder may still bring the damaged bid again"
    scene.clock.advance(days=4, hours=23)
    jobs.expire(scene.make.call())
    assert scene.fresh_order().state is OrderState.OPENED
    scene.clock.advance(hours=1)
    jobs.expire(scene.make.call())
    order = scene.fresh_order()
    assert (order.state, order.reason) == (OrderState.UNSUCCESSFUL, "orders.few_bids")
    assert fresh(bid).state is BidState.LAPSED
    assert (fresh(rival).state, fresh(rival).reason) == (BidState.LOST, "bids.too_few_valid")
    assert "bid_without_choice" in mails()


def unsuccessful(scene: Scene) -> Order:
    follow(scene, Procedure.OPEN)
    ordering_owner = scene.call(scene.owner)
    scene.make.confidential(scene.order, "机密配方")
    scene.order.state, scene.order.published_at = OrderState.DRAFT, None
    db.session.commit()
    file = FileStorage(BytesIO(b"%PDF-1.4\n%%EOF\n"), filename="a.pdf", content_type="application/pdf")
    ordering.attach_file(ordering_owner, scene.order.id, file, confidential=True)
    scene.order.state, scene.order.published_at = OrderState.BIDDING, scene.clock()
    db.session.commit()
    return scene.opened()


def test_a_re_tender_keeps_text_targets_terms_secrets_and_files_but_no_dates(scene: Scene) -> None:
    old = unsuccessful(scene)
    call = scene.call(scene.owner)
    new = ordering.retender(call, old.id)
    assert (new.state, new.retender_of, new.bid_deadline, new.bidding_from) == (OrderState.DRAFT, old.id, None, None)
    assert new.reference != old.reference
    before, after = orders.sheet_of(old, "机密配方"), orders.sheet_of(new, orders.confidential_text(new))
    assert (after.need, after.targets, after.disclosure) == (before.need, before.targets, before.disclosure)
    assert {f for f in before.money.__slots__ if getattr(before.money, f) != getattr(after.money, f)} == {
        "bid_deadline"
    }
    assert [row.confidential for row in orders.all_attachments(new)] == [True]
    gaps = readiness.blocking(readiness.check(after, scene.clock()))
    assert [gap.code for gap in gaps] == ["readiness.deadline_missing"]


def test_one_re_tender_at_a_time(scene: Scene) -> None:
    old = unsuccessful(scene)
    new = ordering.retender(scene.call(scene.owner), old.id)
    with pytest.raises(Conflict, match=r"orders\.retendered"):
        ordering.retender(scene.call(scene.owner), old.id)
    ordering.cancel_order(scene.call(scene.owner), new.id, "改变计划")
    assert ordering.retender(scene.call(scene.owner), old.id).retender_of == old.id


@pytest.mark.parametrize("state", [s for s in OrderState if s is not OrderState.UNSUCCESSFUL])
def test_only_an_unsuccessful_order_is_tendered_again(scene: Scene, state: OrderState) -> None:
    order = scene.make.order(scene.enterprise, state, alliance_id=scene.alliance.id)
    with pytest.raises(Forbidden, match=r"orders\.not_unsuccessful"):
        ordering.retender(scene.call(scene.owner), order.id)


def test_nobody_else_tenders_it_again(scene: Scene) -> None:
    old = unsuccessful(scene)
    for account in (scene.lead, scene.secretary, scene.officers[0]):
        with pytest.raises(Forbidden, match="hidden"):
            ordering.retender(scene.call(account), old.id)
    old.visibility = "alliance"  # type: ignore[assignment]
    db.session.commit()
    with pytest.raises(NotFound):
        ordering.retender(scene.call(), old.id)


def test_the_button_leads_from_the_failed_order_to_the_dates_of_its_copy(scene: Scene, sign_in) -> None:  # type: ignore[no-untyped-def]
    old = unsuccessful(scene)
    owner = sign_in(scene.owner)
    page = owner.get(f"/orders/{old.id}").text
    assert f'action="/orders/{old.id}/retender"' in page
    assert "少于" in page
    answer = owner.post(f"/orders/{old.id}/retender")
    new = db.session.scalar(select(Order).where(Order.retender_of == old.id))
    assert new is not None
    assert answer.headers["Location"] == f"/orders/{new.id}/edit/terms"
    assert new.reference in owner.get(f"/orders/{old.id}").text
    assert old.reference in owner.get(f"/orders/{new.id}").text
    assert new.reference not in sign_in(scene.lead).get(f"/orders/{old.id}").text
    assert db.session.get(ConfidentialPart, new.id).text == DisclosureTerms(confidential="机密配方").confidential  # type: ignore[union-attr]
    assert timedelta(0) < scene.clock() - old.created_at
