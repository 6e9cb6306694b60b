"""From a threat to its outcome, with every wall tried from both sides."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.defence import policy, queries, service
from marketplace.defence.models import DefenceCase, Threat, WatchHit
from marketplace.defence.terms import CaseTerms, ProductTerms, ThreatTerms, WatchTerms
from marketplace.defence.workflow import CaseState, CostRule, ThreatKind, ThreatState
from marketplace.imports import patent_service, patents
from marketplace.kernel.call import Actor
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import Message
from tests.factories import Make
from tests.imports.patent_files import line
from tests.pools.scene import Scene, scene

CASE = CaseTerms("海外专利诉讼应对", "US9876543B2", 90_000_000, CostRule.EXPOSURE, "公开说明", "律师意见金丝雀")


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def threatened(place: Scene) -> Threat:
    terms = ThreatTerms(place.alliance.id, ThreatKind.LETTER, "US9876543B2", "某公司", "威胁内容金丝雀")
    return service.report_threat(place.make.call(place.rival), place.rival_organisation.id, terms)


def opened(place: Scene, terms: CaseTerms = CASE) -> DefenceCase:
    return service.open_case(place.make.call(place.secretary), threatened(place).id, terms)


def joined(place: Scene, case: DefenceCase, who: Account, organisation: Organisation, revenue: int = 1_000_000) -> None:
    """Let ``organisation`` state one exposed product and join."""
    call = place.make.call(who)
    service.state_product(call, case.id, organisation.id, ProductTerms("产品金丝雀", revenue, tuple(case.numbers)))
    service.join(call, case.id, organisation.id)


def test_a_watch_runs_over_every_import_and_tells_those_who_watch(place: Scene) -> None:
    call = place.make.call(place.rival)
    service.add_watch(call, place.rival_organisation.id, WatchTerms("涂料", "水性 防腐", "c09d"))
    service.add_watch(call, place.rival_organisation.id, WatchTerms("别的", "睡袋"))
    data = line(1, ipc="C09D 5/08") + line(2, ipc="B25J 9/16") + line(3, title="一种睡衣", ipc="C09D 5/08")
    rows, _ = patents.read(data, ".jsonl")
    patent_service.import_patents(place.make.call(), rows, place.university.id, "0" * 64)
    hits = db.session.scalars(select(WatchHit)).all()
    assert [hit.patent.title for hit in hits] == ["一种水性防腐涂料1"]
    mails = db.session.scalars(select(Message).where(Message.template == "watch_hit")).all()
    assert [(mail.recipient, mail.values) for mail in mails] == [(place.rival.email, {})]


def test_ones_own_and_secret_patents_never_trip_a_watch(place: Scene) -> None:
    service.add_watch(place.make.call(place.rival), place.rival_organisation.id, WatchTerms("x", "涂料"))
    service.add_watch(place.make.call(place.owner), place.university.id, WatchTerms("y", "涂料"))
    rows, _ = patents.read(line(1, granted="", filed="2026-10-01"), ".jsonl")
    patent_service.import_patents(place.make.call(), rows, place.university.id, "0" * 64)
    rows, _ = patents.read(line(2), ".jsonl")
    patent_service.import_patents(place.make.call(), rows, place.university.id, "0" * 64)
    hits = db.session.scalars(select(WatchHit)).all()
    assert [(h.watch.name, h.patent.title) for h in hits] == [("x", "一种水性防腐涂料2")]


def test_an_empty_watch_is_refused(place: Scene) -> None:
    with pytest.raises(Invalid, match="watch_empty"):
        service.add_watch(place.make.call(place.rival), place.rival_organisation.id, WatchTerms("x", " "))
    with pytest.raises(Forbidden):
        service.add_watch(place.make.call(place.rival), place.university.id, WatchTerms("x", "涂料"))


def test_the_policies_and_the_queries_show_every_actor_the_same(place: Scene) -> None:
    opened(place)
    threatened(place)
    outsider = place.make.owner(place.make.enterprise(alliance=place.make.alliance()))
    accounts = {n: getattr(place, n) for n in ("owner", "rival", "secretary", "officer")} | {"outsider": outsider}
    actors = {n: actor_of(a) for n, a in accounts.items()} | {"visitor": Actor.visitor(), "system": Actor.system()}
    threats, cases = db.session.scalars(select(Threat)).all(), db.session.scalars(select(DefenceCase)).all()
    seen = {}
    for name, actor in actors.items():
        by_query = {row.id for row in db.session.scalars(queries.threats_visible_to(actor))}
        assert by_query == {row.id for row in threats if policy.may_see_threat(actor, row)}, name
        by_case = {row.id for row in db.session.scalars(queries.cases_visible_to(actor))}
        assert by_case == {row.id for row in cases if policy.may_see_case(actor, row)}, name
        seen[name] = (len(by_query), len(by_case))
    assert seen == {
        "owner": (0, 1),
        "rival": (2, 1),
        "secretary": (2, 1),
        "officer": (2, 1),
        "outsider": (0, 0),
        "visitor": (0, 0),
        "system": (2, 1),
    }


def test_no_canary_of_a_threat_or_of_counsel_reaches_another_member(place: Scene, sign_in: Any) -> None:
    case = opened(place)
    threat = db.session.scalars(select(Threat)).one()
    joined(place, case, place.rival, place.rival_organisation, 123_456_700)
    other = sign_in(place.owner)
    for address in ("/defence", f"/defence/cases/{case.id}", "/"):
        page = other.get(address)
        assert page.status_code == 200, address
        for canary in ("威胁内容金丝雀", "律师意见金丝雀", "产品金丝雀", "1,234,567", "某公司"):
            assert canary not in page.text, (address, canary)
    assert other.get(f"/defence/threats/{threat.id}").status_code == 404
    mine = sign_in(place.rival).get(f"/defence/cases/{case.id}").text
    assert "律师意见金丝雀" in mine
    assert "1,234,567" in mine
    details = str(list(db.session.scalars(select(AuditRecord.detail))))
    assert "金丝雀" not in details
    assert "123456700" not in details


@pytest.mark.parametrize("wall", ["may_read_counsel", "may_see_weights"])
def test_with_a_wall_down_its_canary_gets_through(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch, wall: str
) -> None:
    case = opened(place)
    joined(place, case, place.rival, place.rival_organisation, 123_456_700)
    monkeypatch.setattr(policy, wall, lambda *_: True)
    page = sign_in(place.owner).get(f"/defence/cases/{case.id}").text
    assert {"may_read_counsel": "律师意见金丝雀", "may_see_weights": "1,234,567"}[wall] in page


def test_joining_ends_when_the_defence_begins(place: Scene) -> None:
    case = opened(place)
    with pytest.raises(Conflict, match="nobody"):
        service.begin(place.make.call(place.secretary), case.id)
    with pytest.raises(Conflict, match="no_products"):
        service.join(place.make.call(place.rival), case.id, place.rival_organisation.id)
    joined(place, case, place.rival, place.rival_organisation)
    with pytest.raises(Conflict, match="joined"):
        service.join(place.make.call(place.rival), case.id, place.rival_organisation.id)
    service.begin(place.make.call(place.secretary), case.id)
    with pytest.raises(Conflict, match="not_gathering"):
        service.join(place.make.call(place.owner), case.id, place.university.id)
    with pytest.raises(Forbidden):
        service.close_case(place.make.call(place.rival), case.id, "x", 0, 0)
    service.close_case(place.make.call(place.officer), case.id, "和解撤诉", 60_000_000, 500_000_000)
    assert (case.state, case.saved) == (CaseState.CLOSED, 500_000_000)


def test_a_threat_is_taken_up_once_or_laid_aside(place: Scene) -> None:
    row = threatened(place)
    with pytest.raises(NotFound):
        service.close_threat(place.make.call(place.owner), row.id, "x")
    service.close_threat(place.make.call(place.secretary), row.id, "证据不足")
    assert row.state is ThreatState.CLOSED
    with pytest.raises(Conflict, match="not_now"):
        service.open_case(place.make.call(place.secretary), row.id, CASE)
    with pytest.raises(Invalid, match="amount"):
        service.open_case(place.make.call(place.secretary), threatened(place).id, replace(CASE, budget=0))


def test_threat_case_joining_and_outcome_on_the_pages(place: Scene, sign_in: Any) -> None:
    rival, secretary, owner = sign_in(place.rival), sign_in(place.secretary), sign_in(place.owner)
    assert rival.get("/defence").status_code == 200
    report = {"organisation_id": str(place.rival_organisation.id), "alliance_id": str(place.alliance.id), "kind": "suit",
              "asserted": "US9876543B2", "who": "某公司", "text": "要求停止出口"}  # fmt: skip
    threat = rival.post("/defence/threats", data=report).headers["Location"]
    assert secretary.get(threat).status_code == 200
    made = {
        "title": "海外诉讼应对",
        "asserted": "US9876543B2",
        "budget": "90万",
        "rule": "exposure",
        "counsel": "律师意见",
    }
    case = secretary.post(f"{threat}/case", data=made).headers["Location"]
    for who, organisation in ((rival, place.rival_organisation), (owner, place.university)):
        product = {
            "organisation_id": str(organisation.id),
            "name": "模组",
            "revenue": "100万",
            "patents": "US9876543B2",
        }
        assert who.post(f"{case}/products", data={**product, "patents": "X1"}).status_code == 422
        assert who.post(f"{case}/products", data=product).status_code == 303
        page = who.get(case).text
        assert ("¥900,000" if who is rival else "至多") in page
        assert who.post(f"{case}/join", data={"organisation_id": str(organisation.id)}).status_code == 303
    assert secretary.post(f"{case}/begin").status_code == 303
    done = {"outcome": "和解", "spent": "60万", "saved": "500万"}
    assert secretary.post(f"{case}/close", data=done).status_code == 303
    page = owner.get(case).text
    assert "¥5,000,000" in page
    assert re.search(r"对手公司: ¥", page) is None
