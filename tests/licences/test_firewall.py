"""What members keep from each other: markers in charts, terms and statements are looked for on every page of every reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, true, update

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.policy import YES
from marketplace.licences import policy, queries, service
from marketplace.licences.models import Distribution, Licence, RoyaltyReceipt, RoyaltyStatement
from marketplace.licences.terms import RequestTerms
from marketplace.licences.workflow import Side
from marketplace.outbox.models import Message
from marketplace.pools import policy as pools
from marketplace.pools import service as pooling
from tests.factories import Make
from tests.licences.test_service import TERMS
from tests.pools.scene import FOUND, scene

CHART = ("XKCHARTQZ", "XKREMARKQZ")
NEGOTIATED = ("XKPURPOSEQZ", "XKFIELDQZ", "777,777", "888,888")
BUNDLE = ("YKPURPOSEQZ", "1,234,567")
"""Markers of an evaluation, of a licence between two members, and of another member's licence of a pool's bundle."""
ROOMS = {"patents", "pools", "licences", "defence", "insights", "home"}


class Market:
    """An alliance where two members licensed from a third; ``may_not`` says which markers each reader must never meet."""

    def __init__(self, app: Flask, make: Make, sign_in: Any) -> None:
        self.place = place = scene(make)
        chart = replace(FOUND, chart=(("一种涂料", CHART[0]),), remark=CHART[1])
        self.pooled = place.pooled(1, terms=chart)
        self.waiting = place.evaluated(2, terms=chart)
        place.rules()
        self.negotiated = self._negotiated()
        second = make.enterprise(alliance=place.alliance)
        taker = make.owner(second)
        patents = [self.pooled.patent_id]
        self.bundle = service.take_bundle(make.call(taker), second.id, place.alliance.id, patents, BUNDLE[0])
        db.session.execute(update(Licence).where(Licence.id == self.bundle.id).values(lump=123_456_700))
        db.session.commit()
        service.sign(make.call(place.secretary), self.bundle.id, Side.LICENSOR)
        everything = (*CHART, *NEGOTIATED, *BUNDLE)
        member, foreign = make.enterprise(alliance=place.alliance), make.alliance()
        people: dict[str, tuple[Account | None, tuple[str, ...]]] = {
            "visitor": (None, everything),
            "another member": (make.owner(member), everything),
            "secretary of another alliance": (make.account(Role.ALLIANCE_SECRETARY, alliance=foreign), everything),
            "the licensor": (place.owner, BUNDLE),
            "the licensee": (place.rival, (*CHART, *BUNDLE)),
            "the other licensee": (taker, (*CHART, *NEGOTIATED)),
            "the pool's secretary": (place.secretary, NEGOTIATED),
            "fund manager": (make.account(Role.FUND_MANAGER), CHART),
        }
        self.may_not = {name: marks for name, (_, marks) in people.items()}
        self.app = app
        self.clients = {
            name: app.test_client() if account is None else sign_in(account) for name, (account, _) in people.items()
        }

    def _negotiated(self) -> Licence:
        place, make = self.place, self.place.make
        patent = place.patent(3)
        asked = service.request_licence(
            make.call(place.rival), RequestTerms(place.rival_organisation.id, (patent.id,), NEGOTIATED[0])
        )
        terms = replace(TERMS, entry_fee=77_777_700, field_of_use=NEGOTIATED[1])
        service.offer_terms(make.call(place.owner), asked.id, terms)
        service.sign(make.call(place.rival), asked.id, Side.LICENSEE)
        row = service.sign(make.call(place.owner), asked.id, Side.LICENSOR)
        statement = service.call_for_statement(make.call(), row.id, "2026Q3", date(2026, 10, 31))
        service.file_statement(make.call(place.rival), statement.id, 88_888_800)
        receipt = service.propose_receipt(make.call(place.officer), row.id, 77_777_700, "回单")
        service.approve_receipt(make.call(make.officer()), receipt.id)
        service.propose_distribution(make.call(place.officer), row.id)
        return row

    def addresses(self) -> Iterator[str]:
        """Every page of the rooms with every number that means something there."""
        numbers = {
            "patent_id": [self.pooled.patent_id, self.waiting.patent_id, self.negotiated.parts[0].patent_id],
            "offer_id": [self.pooled.id, self.waiting.id],
            "licence_id": [self.negotiated.id, self.bundle.id],
            "statement_id": list(db.session.scalars(select(RoyaltyStatement.id))),
            "receipt_id": list(db.session.scalars(select(RoyaltyReceipt.id))),
            "distribution_id": list(db.session.scalars(select(Distribution.id))),
            "alliance_id": [self.place.alliance.id],
            "organisation_id": [self.place.university.id, self.place.rival_organisation.id],
        }
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or rule.endpoint.partition(".")[0] not in ROOMS:
                continue
            names = re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)
            for number in numbers.get(names[0], [1]) if names else [0]:
                yield re.sub(r"<[^>]+>", str(number), rule.rule)
        yield f"/search?q={NEGOTIATED[0]}"
        yield f"/search?q={CHART[0]}"

    def found_by(self, name: str, addresses: list[str] | None = None) -> set[tuple[str, str]]:
        """(address, marker) that a reader met and must not; a search box may repeat its own question."""
        met = set()
        for address in addresses or self.addresses():
            page = self.clients[name].get(address)
            assert page.status_code < 500, (name, address)
            met |= {
                (address, mark)
                for mark in self.may_not[name]
                if mark.encode() in page.data and not address.endswith(mark)
            }
        return met


@pytest.fixture
def market(app: Flask, make: Make, sign_in: Any) -> Market:
    return Market(app, make, sign_in)


@pytest.mark.slow
def test_no_reader_meets_what_a_competitor_keeps_to_itself(market: Market) -> None:
    """Each page of these rooms × each reader; those whom it concerns do read it, so the markers are there to be met."""
    addresses = list(market.addresses())
    assert len(addresses) > 60
    assert {name: met for name in market.clients if (met := market.found_by(name, addresses))} == {}
    owner = market.clients["the licensor"]
    assert CHART[0] in owner.get(f"/pool-offers/{market.pooled.id}").text
    shown = owner.get(f"/licences/{market.negotiated.id}").text
    assert all(mark in shown for mark in NEGOTIATED)
    taken = market.clients["the other licensee"].get(f"/licences/{market.bundle.id}").text
    assert all(mark in taken for mark in BUNDLE)


def test_no_mail_tells_a_term_or_a_chart(market: Market) -> None:
    mails = [str(mail.values) for mail in db.session.scalars(select(Message))]
    assert not [mail for mail in mails for mark in (*CHART, *NEGOTIATED, *BUNDLE) if mark in mail]


WALLS = {
    "licences": (lambda m: m.negotiated.id, "/licences/{}", NEGOTIATED[0]),
    "bundles": (lambda m: m.bundle.id, "/licences/{}", BUNDLE[0]),
    "charts": (lambda m: m.pooled.id, "/pool-offers/{}", CHART[0]),
}


@pytest.mark.parametrize("wall", list(WALLS))
def test_with_a_wall_down_the_scan_meets_the_marker(market: Market, monkeypatch: pytest.MonkeyPatch, wall: str) -> None:
    """The twins: a scan that cannot hit would prove nothing."""
    number, address, mark = WALLS[wall]
    page = address.format(number(market))
    assert market.found_by("another member", [page]) == set()
    if wall == "charts":
        monkeypatch.setattr(pools, "may_see_evaluation", lambda *_: YES)
    else:
        monkeypatch.setattr(queries, "_visible", lambda _actor: true())
        monkeypatch.setattr(policy, "may_see", lambda *_: YES)
    assert (page, mark) in market.found_by("another member", [page])


def test_an_offer_on_its_way_is_its_owners_until_it_is_admitted(market: Market) -> None:
    page = f"/pool-offers/{market.waiting.id}"
    statuses = {name: market.clients[name].get(page).status_code for name in market.clients}
    readers = {name for name, status in statuses.items() if status == 200}
    assert readers == {"the licensor", "the pool's secretary"}
    pooling.withdraw(market.place.make.call(market.place.owner), market.waiting.id)
    assert market.clients["another member"].get(page).status_code == 404
