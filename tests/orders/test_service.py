"""The use cases of orders: who does what, what is kept, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState, Visibility
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.fields import Field
from marketplace.orders import jobs, queries, service
from marketplace.orders.models import ConfidentialPart, Order
from marketplace.orders.references import take_reference
from marketplace.orders.terms import DisclosureTerms, MoneyTerms, NeedTerms, TargetsTerms, TargetTerms
from marketplace.orders.workflow import ContractType, IpWish, OrderState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox.models import Message
from tests.conftest import START, Clock
from tests.factories import Make

PROBLEM = "设备表面在潮湿环境中三个月内开始锈蚀，返修率高达百分之八，客户投诉多。" * 5
TARGETS = TargetsTerms(3, 6, (TargetTerms("耐盐雾时间", value="1000", unit="h", method="GB/T 10125"),))


class Scene:
    """An enterprise in an alliance, its owner, the secretary and an officer."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.alliance: Alliance = make.alliance()
        self.enterprise: Organisation = make.enterprise(alliance=self.alliance)
        self.owner: Account = make.owner(self.enterprise)
        self.secretary: Account = make.account(Role.ALLIANCE_SECRETARY, alliance=self.alliance)
        self.need = NeedTerms(self.alliance.id, "无铬防护涂层", "Coating", PROBLEM, "背景", Field.NEW_MATERIALS)
        self.money = MoneyTerms(
            20_000_000,
            50_000_000,
            None,
            START + timedelta(days=20),
            (START + timedelta(days=300)).date(),
            ContractType.ENTRUSTED,
            IpWish.JOINT,
        )

    def call(self, account: Account | None = None) -> Call:
        return self.make.call(account or self.owner)

    def draft(self) -> Order:
        order = service.start_order(self.call(), self.enterprise.id, self.need)
        service.set_targets(self.call(), order.id, TARGETS)
        service.set_terms(self.call(), order.id, self.money)
        return service.set_disclosure(self.call(), order.id, DisclosureTerms(Visibility.PUBLIC, "机密配方"))

    def submitted(self) -> Order:
        return service.submit_order(self.call(), self.draft().id)


@pytest.fixture
def scene(make: Make) -> Scene:
    return Scene(make)


def fresh(order: Order) -> Order:
    found = db.session.get(Order, order.id, populate_existing=True)
    assert found is not None
    return found


def commands() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.sequence)))


def mails() -> list[str]:
    return list(db.session.scalars(select(Message.template).order_by(Message.id)))


def test_a_draft_may_lack_anything_but_its_alliance(scene: Scene) -> None:
    order = service.start_order(scene.call(), scene.enterprise.id, NeedTerms(scene.alliance.id, ""))
    assert order.state is OrderState.DRAFT
    assert order.reference == "RD-2027-0001"
    with pytest.raises(Invalid, match=r"orders\.not_member"):
        service.start_order(scene.call(), scene.enterprise.id, NeedTerms(scene.make.alliance().id, ""))


def test_references_count_up_without_gaps_and_over_four_digits(scene: Scene, clock: Clock) -> None:
    numbers = [service.start_order(scene.call(), scene.enterprise.id, scene.need).reference for _ in range(3)]
    assert numbers == ["RD-2027-0001", "RD-2027-0002", "RD-2027-0003"]
    scene.make.order(scene.enterprise, reference="RD-2027-9999")
    assert take_reference(START) == "RD-2027-10000"
    scene.make.order(scene.enterprise, reference="RD-2027-10000")
    assert take_reference(START) == "RD-2027-10001"


def test_a_new_year_begins_at_midnight_in_the_city(scene: Scene) -> None:
    assert take_reference(START.replace(month=12, day=31, hour=15, minute=59)).startswith("RD-2027-")
    assert take_reference(START.replace(month=12, day=31, hour=16)) == "RD-2028-0001"


def test_steps_write_only_their_own_places(scene: Scene) -> None:
    order = scene.draft()
    service.describe_need(scene.call(), order.id, replace(scene.need, title="新标题"))
    kept = fresh(order)
    assert (kept.title, kept.price_ceiling, kept.targets[0].name) == ("新标题", 50_000_000, "耐盐雾时间")
    assert queries.confidential_text(kept) == "机密配方"


def test_targets_keep_their_rows_when_they_change(scene: Scene) -> None:
    order = scene.draft()
    before = fresh(order).targets[0].id
    two = replace(TARGETS, targets=(*TARGETS.targets, TargetTerms("附着力", value="0", unit="级", method="GB/T 9286")))
    service.set_targets(scene.call(), order.id, two)
    assert [(t.position, t.name) for t in fresh(order).targets] == [(0, "耐盐雾时间"), (1, "附着力")]
    service.set_targets(scene.call(), order.id, replace(TARGETS, targets=two.targets[1:]))
    after = fresh(order).targets
    assert [(t.id, t.position, t.name) for t in after] == [(before, 0, "附着力")]
    service.set_targets(scene.call(), order.id, TargetsTerms())
    assert fresh(order).targets == []


def test_only_the_own_enterprise_writes_and_only_drafts(scene: Scene) -> None:
    order = scene.draft()
    stranger = scene.make.owner(scene.make.enterprise(alliance=scene.alliance))
    with pytest.raises(NotFound):
        service.describe_need(scene.call(stranger), order.id, scene.need)
    service.submit_order(scene.call(), order.id)
    with pytest.raises(Forbidden, match=r"orders\.not_editable"):
        service.describe_need(scene.call(), order.id, scene.need)


def test_an_order_with_gaps_is_not_submitted(scene: Scene) -> None:
    order = scene.draft()
    service.set_targets(scene.call(), order.id, TargetsTerms())
    with pytest.raises(Invalid, match=r"orders\.not_ready"):
        service.submit_order(scene.call(), order.id)
    assert fresh(order).state is OrderState.DRAFT


def test_an_unverified_enterprise_and_a_former_member_do_not_submit(scene: Scene) -> None:
    order = scene.draft()
    scene.enterprise.state = OrganisationState.REGISTERED
    scene.make.save(scene.enterprise)
    with pytest.raises(Forbidden, match=r"orders\.not_verified"):
        service.submit_order(scene.call(), order.id)
    scene.enterprise.state = OrganisationState.VERIFIED
    membership = db.session.scalar(select(AllianceMembership))
    assert membership is not None
    membership.state = MembershipState.ENDED
    scene.make.save(scene.enterprise, membership)
    with pytest.raises(Conflict, match=r"orders\.not_member"):
        service.submit_order(scene.call(), order.id)


def test_the_secretary_sends_back_with_words_and_the_owner_is_told(scene: Scene) -> None:
    order = scene.submitted()
    with pytest.raises(Invalid, match=r"orders\.reason_needed"):
        service.send_back(scene.call(scene.secretary), order.id, " ")
    service.send_back(scene.call(scene.secretary), order.id, "请写明测试方法")
    assert (fresh(order).state, fresh(order).reason) == (OrderState.NEEDS_WORK, "请写明测试方法")
    assert mails() == ["order_sent_back"]
    service.submit_order(scene.call(), order.id)
    assert fresh(order).state is OrderState.SCREENING


def test_publishing_opens_the_bidding_at_once_unless_a_start_is_set(scene: Scene, clock: Clock) -> None:
    order = scene.submitted()
    assert service.publish_order(scene.call(scene.secretary), order.id).state is OrderState.BIDDING
    scene.money = replace(scene.money, bidding_from=START + timedelta(days=2))
    later = scene.submitted()
    assert service.publish_order(scene.call(scene.secretary), later.id).state is OrderState.PUBLISHED
    jobs.start_due(scene.make.call())
    assert fresh(later).state is OrderState.PUBLISHED
    clock.advance(days=2)
    jobs.start_due(scene.make.call())
    assert fresh(later).state is OrderState.BIDDING
    assert mails() == ["order_published", "order_published"]


def test_bidding_is_started_by_the_clock_only(scene: Scene) -> None:
    scene.money = replace(scene.money, bidding_from=START + timedelta(days=2))
    order = scene.submitted()
    service.publish_order(scene.call(scene.secretary), order.id)
    with pytest.raises(NotFound):
        service.start_bidding(scene.call(scene.secretary), order.id)
    with pytest.raises(Conflict, match=r"orders\.too_early"):
        service.start_bidding(scene.make.call(), order.id)
    assert queue._EACH_MINUTE


def test_an_order_that_waited_too_long_is_not_published(scene: Scene, clock: Clock) -> None:
    order = scene.submitted()
    clock.advance(days=16)
    with pytest.raises(Invalid, match=r"orders\.not_ready"):
        service.publish_order(scene.call(scene.secretary), order.id)
    assert fresh(order).state is OrderState.SCREENING


@pytest.mark.parametrize("who", ["owner", "other secretary", "university"])
def test_others_do_not_screen(scene: Scene, who: str) -> None:
    order = scene.submitted()
    accounts = {
        "owner": scene.owner,
        "other secretary": scene.make.account(Role.ALLIANCE_SECRETARY, alliance=scene.make.alliance()),
        "university": scene.make.owner(scene.make.university(alliance=scene.alliance)),
    }
    with pytest.raises((Forbidden, NotFound)):
        service.publish_order(scene.call(accounts[who]), order.id)
    assert fresh(order).state is OrderState.SCREENING


def test_cancelling_needs_words_and_ends_the_order(scene: Scene) -> None:
    order = scene.submitted()
    service.publish_order(scene.call(scene.secretary), order.id)
    with pytest.raises(Invalid, match=r"orders\.reason_needed"):
        service.cancel_order(scene.call(), order.id, "")
    service.cancel_order(scene.call(scene.secretary), order.id, "预算取消")
    assert (fresh(order).state, fresh(order).reason) == (OrderState.CANCELLED, "预算取消")
    assert mails()[-1] == "order_cancelled"
    with pytest.raises(Conflict, match="not_now"):
        service.cancel_order(scene.call(), order.id, "again")


def test_staff_cannot_cancel_what_was_never_handed_in(scene: Scene) -> None:
    order = scene.draft()
    with pytest.raises(NotFound):
        service.cancel_order(scene.call(scene.make.officer()), order.id, "x")


def test_each_use_case_leaves_one_record_without_the_confidential_part(scene: Scene) -> None:
    order = scene.submitted()
    service.publish_order(scene.call(scene.secretary), order.id)
    assert commands() == ["orders.start", *["orders.edit"] * 3, "orders.submit", "orders.publish"]
    details = [str(record.detail) for record in db.session.scalars(select(AuditRecord))]
    values = [str(message.values) for message in db.session.scalars(select(Message))]
    assert not any("机密配方" in text for text in details + values)


def test_lists_never_load_the_confidential_part(scene: Scene, count_statements: list[str]) -> None:
    scene.submitted()
    start = len(count_statements)
    list(db.session.scalars(queries.visible_to(Actor.system())))
    list(db.session.scalars(queries.list_screening(scene.call(scene.secretary).actor)))
    assert not any(ConfidentialPart.__tablename__ in s for s in count_statements[start:])


def upload(name: str = "图纸.txt") -> FileStorage:
    return FileStorage(BytesIO("尺寸".encode()), filename=name)


def test_files_follow_their_secrecy(scene: Scene) -> None:
    order = scene.draft()
    service.attach_file(scene.call(), order.id, upload("public.txt"), confidential=False)
    service.attach_file(scene.call(), order.id, upload("secret.txt"), confidential=True)
    service.submit_order(scene.call(), order.id)
    service.publish_order(scene.call(scene.secretary), order.id)

    def names(actor: Actor) -> list[str]:
        return [row.file.name for row in queries.attachments_of(Call(actor, scene.make.clock()), fresh(order))]

    assert names(Actor.visitor()) == ["public.txt"]
    assert names(scene.call(scene.secretary).actor) == names(scene.call().actor) == ["public.txt", "secret.txt"]
    secret = queries.attachments_of(scene.call(), order)[1].file_id
    assert queries.get_attachment(scene.call(), order.id, secret).name == "secret.txt"
    with pytest.raises(NotFound):
        queries.get_attachment(Call(Actor.visitor(), START), order.id, secret)


def test_a_file_is_removed_and_their_number_is_limited(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.drafting, "ATTACHMENTS", 1)
    order = scene.draft()
    service.attach_file(scene.call(), order.id, upload(), confidential=False)
    with pytest.raises(Conflict, match=r"orders\.many_files"):
        service.attach_file(scene.call(), order.id, upload(), confidential=False)
    (row,) = queries.attachments_of(scene.call(), order)
    service.remove_file(scene.call(), order.id, row.file_id)
    assert queries.attachments_of(scene.call(), order) == []
    with pytest.raises(NotFound):
        service.remove_file(scene.call(), order.id, row.file_id)


def test_what_waits_is_listed_for_those_who_must_act(scene: Scene) -> None:
    draft = service.start_order(scene.call(), scene.enterprise.id, scene.need)
    waiting = scene.submitted()
    assert [t.values["order_id"] for t in queries.waiting_for(scene.call())] == [draft.id]
    assert [t.values["order_id"] for t in queries.waiting_for(scene.call(scene.secretary))] == [waiting.id]
    stranger = scene.make.account(Role.ALLIANCE_SECRETARY, alliance=scene.make.alliance())
    assert queries.waiting_for(scene.call(stranger)) == []


def test_ipc_symbols_are_kept_in_one_spelling_and_a_wrong_one_is_refused(scene: Scene) -> None:
    order = service.start_order(
        scene.call(), scene.enterprise.id, replace(scene.need, ipc="c09d5/08, ｈ０１ｍ；C09D 5/08")
    )
    assert fresh(order).ipc == "C09D 5/08；H01M"
    with pytest.raises(Invalid, match=r"patent\.ipc") as refused:
        service.describe_need(scene.call(), order.id, replace(scene.need, ipc="H01M；电池"))
    assert (refused.value.field, refused.value.values) == ("ipc", {"symbol": "电池"})
    typed = "；".join(f"A01B{n}/00" for n in range(10, 30))
    with pytest.raises(Invalid, match=r"patent\.ipc_long") as refused:
        service.describe_need(scene.call(), order.id, replace(scene.need, ipc=typed))
    assert (len(typed), refused.value.field, refused.value.values) == (199, "ipc", {"most": 200, "count": 219})
    service.describe_need(scene.call(), order.id, replace(scene.need, ipc=typed.rpartition("；A01B28")[0]))
    assert len(fresh(order).ipc) == 197
