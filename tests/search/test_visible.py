"""What a reader may not open is neither found, nor counted, nor suggested."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.patents.terms import ShareTerms
from marketplace.search import queries
from marketplace.search.kinds import KINDS
from marketplace.search.models import SearchEntry
from marketplace.search.terms import Search
from marketplace.talent.workflow import CapabilityState
from tests.factories import Make
from tests.patents.scene import patent
from tests.patents.scene import secret as unseen
from tests.pools.scene import scene

CANARY = "夜莺canary7731"


def seen(actor: Actor, text: str = CANARY) -> set[tuple[str, int]]:
    found = queries.find(actor, Search(text))
    assert found is not None
    _, suggested = queries.suggest(actor, text)
    rows = {(entry.kind, entry.subject_id) for entry in db.session.scalars(found.entries)}
    assert sum(found.counts.values()) == len(rows)
    assert {(entry.kind, entry.subject_id) for entry in suggested} <= rows
    return rows


@pytest.fixture
def hidden(make: Make) -> dict[str, Any]:
    """An order of one alliance only, a draft, a draft capability and a confidential part: all with the canary."""
    mine, other = make.alliance(), make.alliance()
    enterprise = make.enterprise(alliance=mine)
    order = make.order(enterprise, title=CANARY, alliance_id=mine.id, visibility=Visibility.ALLIANCE)
    draft = make.order(enterprise, OrderState.DRAFT, title=CANARY, alliance_id=mine.id)
    capability = make.capability(make.team(), title=CANARY, state=CapabilityState.DRAFT, published_at=None)
    university = make.university(alliance=mine)
    inventor = make.owner(university)
    unpublished = patent(make, inventor, university, 1, **unseen(title=CANARY))
    published = patent(make, inventor, university, 2, title="夜航灯", inventors=(ShareTerms("夜鹭", 10_000),))
    secret = make.order(enterprise, alliance_id=mine.id)
    make.confidential(secret, "绝密苦艾secret9")
    return {
        "order": order,
        "draft": draft,
        "capability": capability,
        "patent": unpublished,
        "published": published,
        "inventor": inventor,
        "owner": make.owner(enterprise),
        "member": make.owner(make.enterprise(alliance=mine)),
        "stranger": make.owner(make.enterprise(alliance=other)),
        "officer": make.officer(),
    }


def test_each_reader_finds_exactly_what_the_rooms_show(hidden: dict[str, Any]) -> None:
    order, draft, capability = (hidden[name].id for name in ("order", "draft", "capability"))
    assert seen(Actor.visitor()) == set()
    assert seen(actor_of(hidden["stranger"])) == set()
    assert seen(actor_of(hidden["member"])) == {("order", order)}
    assert seen(actor_of(hidden["owner"])) == {("order", order), ("order", draft)}
    patent_id = hidden["patent"].id
    assert seen(actor_of(hidden["inventor"])) == {("order", order), ("patent", patent_id)}
    assert seen(actor_of(hidden["officer"])) == {("order", order), ("capability", capability), ("patent", patent_id)}


def test_a_patent_is_found_by_number_inventor_and_title_in_either_language(hidden: dict[str, Any]) -> None:
    row = hidden["published"]
    for text in (row.number, row.full_number, "夜鹭", "夜航灯", "Waterborne coating 2", "C09D 5/08"):
        assert ("patent", row.id) in seen(actor_of(hidden["stranger"]), text), text


def test_an_owner_who_is_the_applicant_is_named_once(make: Make) -> None:
    university = make.university(name="海川大学", name_en="Haichuan University")
    owner = make.owner(university)
    row = patent(make, owner, university, applicants="海川大学；东方公司", inventors=(ShareTerms("林一", 10_000),))
    entry = db.session.scalars(select(SearchEntry).where(SearchEntry.subject_id == row.id)).one()
    assert [entry.body.count(name) for name in ("海川大学", "Haichuan University", "东方公司", "林一")] == [1, 1, 1, 1]


def test_what_experts_and_licensees_say_of_a_patent_stands_in_no_entry(make: Make) -> None:
    place = scene(make)
    place.pooled()
    bodies = [entry.body + entry.compared for entry in db.session.scalars(select(SearchEntry))]
    assert bodies
    assert not [body for body in bodies if "机密评语" in body or "预处理液含硅烷" in body]


def test_the_scope_is_each_room_s_own_rule(hidden: dict[str, Any]) -> None:
    for name in ("stranger", "member", "owner", "officer"):
        actor = actor_of(hidden[name])
        for kind in KINDS.values():
            allowed = {row.id for row in db.session.scalars(kind.visible(actor))}
            entries = set(db.session.scalars(select(SearchEntry.subject_id).where(SearchEntry.kind == kind.name)))
            shown = db.session.scalars(
                select(SearchEntry.subject_id).where(SearchEntry.kind == kind.name, queries._visible(actor))
            )
            assert set(shown) == allowed & entries


def test_without_the_scope_the_canary_is_found(hidden: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the two above: they can fail."""
    monkeypatch.setattr(queries, "_visible", lambda _actor: SearchEntry.id > 0)
    assert len(seen(Actor.visitor())) == 4


def test_a_confidential_part_is_found_by_nobody_and_stands_in_no_entry(hidden: dict[str, Any]) -> None:
    for actor in (Actor.visitor(), actor_of(hidden["owner"]), actor_of(hidden["officer"]), Actor.system()):
        found = queries.find(actor, Search("苦艾secret9"))
        assert found is not None
        assert found.counts == {}
    assert not [e for e in db.session.scalars(select(SearchEntry)) if "苦艾" in e.compared + e.body]


@pytest.mark.parametrize("address", ["/search?q={}", "/search/suggestions?q={}", "/search?q={}&kind=order"])
def test_pages_for_a_canary_and_for_nonsense_are_the_same(
    hidden: dict[str, Any], sign_in: Any, client: Any, address: str
) -> None:
    assert hidden["order"].title == CANARY
    for reader in (client, sign_in(hidden["stranger"])):
        canary = reader.get(address.format(CANARY)).text.replace(CANARY, "")
        nonsense = reader.get(address.format("寻猫nonsense42")).text.replace("寻猫nonsense42", "")
        canary, nonsense = (_plain(text, CANARY, "寻猫nonsense42") for text in (canary, nonsense))
        assert canary == nonsense


def _plain(text: str, *words: str) -> str:
    """The page without what differs by the question or by the moment: its own words in addresses and the token."""
    import re
    from urllib.parse import quote

    for word in words:
        text = text.replace(quote(word), "")
    return re.sub(r'(value|X-CSRFToken)"?[=:] ?"[^"]{20,}"', "", text)


def test_an_order_that_is_withdrawn_from_view_is_found_no_more(make: Make) -> None:
    order = make.order(title=CANARY)
    assert seen(Actor.visitor()) == {("order", order.id)}
    order.visibility = Visibility.ALLIANCE
    db.session.commit()
    assert seen(Actor.visitor()) == set()
    assert db.session.get(Order, order.id) is not None


def test_a_sentence_finds_nothing_hidden_and_its_words_are_chosen_from_what_is_seen(make: Make) -> None:
    alliance, elsewhere = make.alliance(), make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    shown = make.order(enterprise, title="电主轴热误差建模", title_en="", problem="", background="", targets=[])
    make.order(
        enterprise,
        title="高速电主轴磁流变减振",
        title_en="",
        alliance_id=alliance.id,
        visibility=Visibility.ALLIANCE,
    )
    sentence = Search("我们想找一家能做电主轴磁流变减振和热误差补偿的企业")
    told = {}
    for name, actor in {
        "visitor": Actor.visitor(),
        "stranger": actor_of(make.owner(make.enterprise(alliance=elsewhere))),
        "member": actor_of(make.owner(make.enterprise(alliance=alliance))),
    }.items():
        found = queries.find(actor, sentence)
        assert found is not None
        told[name] = (found.instead, {entry.subject_id for entry in db.session.scalars(found.entries)})
    assert told["visitor"] == told["stranger"]
    assert told["visitor"][1] == {shown.id}
    assert "磁流变" not in "".join(told["visitor"][0])
    assert "磁流变" in "".join(told["member"][0])
