"""The front page, the dashboard and the language switch."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.alliances.workflow import MembershipState
from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.home import glance
from marketplace.home.queries import MOST_OPEN
from marketplace.home.views import local_path
from marketplace.kernel.call import Call, Role
from marketplace.orders.workflow import OrderState
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox import service as outbox
from marketplace.outbox.models import Message
from tests.factories import Make


@pytest.mark.parametrize("path", ["/", "/statistics", "/health"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_public_page_answers_in_both_languages(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    if path != "/health":
        assert f'lang="{"en" if language == "en" else "zh-Hans-CN"}"' in answer.text


def test_the_style_guide_is_only_there_for_the_demo(app: Flask, client: FlaskClient) -> None:
    assert client.get("/styleguide").status_code == 404
    real = app.extensions["config"]
    app.extensions["config"] = replace(real, demo=True)
    try:
        assert client.get("/styleguide").status_code == 200
    finally:
        app.extensions["config"] = real


def test_a_visitor_is_asked_to_sign_in_before_my_work(client: FlaskClient) -> None:
    answer = client.get("/home")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_an_empty_desk_says_what_will_come(make: Make, sign_in: Any) -> None:
    page = sign_in(make.officer(), "en").get("/home")
    assert page.status_code == 200
    assert "Nothing waits for you" in page.text


def test_what_waits_stands_on_the_desk_of_who_must_act(make: Make, sign_in: Any) -> None:
    order = make.order(state=OrderState.DRAFT)
    page = sign_in(make.owner(order.organisation), "en").get("/home")
    assert order.reference in page.text
    assert order.reference not in sign_in(make.owner(make.enterprise()), "en").get("/home").text


def test_many_tasks_of_one_kind_are_one_line_that_opens(make: Make, sign_in: Any) -> None:
    alone = make.order(state=OrderState.SCREENING)
    for _each in range(MOST_OPEN + 1):
        make.enterprise(state=OrganisationState.REGISTERED)
    page = sign_in(make.officer(), "en").get("/home").text
    assert page.count('<details class="kind">') == 1
    assert "5 tasks" in page
    assert f"<strong>Screen the order</strong> · {alone.reference}" in page


def test_the_desk_shows_how_ones_own_things_stand_and_nobody_elses(make: Make, sign_in: Any) -> None:
    mine, other = make.order(state=OrderState.BIDDING), make.order(state=OrderState.BIDDING)
    over = make.order(mine.organisation, OrderState.CANCELLED)
    page = sign_in(make.owner(mine.organisation), "en").get("/home").text
    assert "How our orders stand" in page
    assert mine.reference in page
    assert over.reference not in page
    assert other.reference not in page
    assert mine.organisation.name in page
    team = make.team()
    bid = make.opened_bid(mine, team)
    lead = sign_in(make.lead(team), "en").get("/home").text
    assert "How our bids stand" in lead
    assert f'href="/bids/{bid.id}"' in lead
    assert "How our bids stand" not in sign_in(make.lead(make.team()), "en").get("/home").text


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.FUND_MANAGER, True), (Role.AUDITOR, False), (Role.ALLIANCE_SECRETARY, False)]
)
def test_the_balance_of_all_funds_stands_on_the_desk_of_who_keeps_them(
    make: Make, sign_in: Any, role: Role, shown: bool
) -> None:
    make.fund(12_345_600)
    alliance = make.alliance() if role is Role.ALLIANCE_SECRETARY else None
    assert ("¥123,456" in sign_in(make.account(role, alliance=alliance)).get("/home").text) is shown


def test_what_one_was_told_by_mail_stands_on_the_desk_without_what_lets_somebody_in(make: Make, sign_in: Any) -> None:
    order = make.order()
    owner = make.owner(order.organisation)
    values = {"reference": order.reference, "order_id": order.id}
    tell(make.call(owner), owner.email, values)
    tell(make.call(owner), "somebody.else@example.test", {**values, "reference": "RD-OF-ANOTHER"})
    expires = int(make.clock().timestamp()) + 3600
    tell(make.call(owner), owner.email, {"account_id": owner.id, "expires": expires, "name": "x"}, "account_reset")
    make.save(Message(recipient=owner.email, locale="en", template="gone", values={}, created_at=make.clock()))
    page = sign_in(owner, "en").get("/home").text
    assert "What happened lately" in page
    assert f'href="/orders/{order.id}"' in page
    assert "RD-OF-ANOTHER" not in page
    assert "/reset/" not in page


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("order_published", {"reference": "RD-OF-OLD"}),
        ("award_announced", {"reference": "RD-OF-OLD", "endpoint": "nowhere", "row": 1}),
        ("fund_ends", {"name": "RD-OF-OLD", "day": 7, "fund_id": 1}),
        ("audit_found", {"found": "RD-OF-OLD"}),
        ("gone", {}),
    ],
)
def test_a_mail_of_an_earlier_version_breaks_no_desk(
    make: Make, sign_in: Any, template: str, values: dict[str, Any]
) -> None:
    owner = make.owner(make.enterprise())
    make.save(Message(recipient=owner.email, locale="en", template=template, values=values, created_at=make.clock()))
    page = sign_in(owner, "en").get("/home")
    assert (page.status_code, "RD-OF-OLD" in page.text) == (200, False)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://localhost/orders/7?tab=bids", "/orders/7?tab=bids"),
        ("http://localhost//elsewhere.example/x", "/elsewhere.example/x"),
        ("", ""),
    ],
)
def test_what_one_was_told_leads_to_this_site_alone(link: str, path: str) -> None:
    assert glance._path(link) == path


def test_every_mail_can_be_told_or_is_private() -> None:
    """The twin of the list of private mails: whoever adds a mail with a token in its link has to add it there."""
    folder = Path(__file__).parents[2] / "templates" / "mail"
    with_token = {path.stem for path in folder.glob("*.txt") if "token" in path.read_text(encoding="utf-8")}
    assert with_token
    assert {name for name in with_token if not name.startswith(glance.PRIVATE)} == set()


def test_a_full_desk_takes_no_more_statements_than_one_row_of_each(
    make: Make, sign_in: Any, count_statements: list[str]
) -> None:
    order, team = make.order(state=OrderState.BIDDING), make.team()
    owner, lead = make.owner(order.organisation), make.lead(team)
    desks, costs = [sign_in(owner), sign_in(lead)], []
    for _round in range(2):
        for _each in range(3):
            make.opened_bid(make.order(order.organisation, OrderState.BIDDING), team)
            for who in (owner, lead):
                tell(make.call(who), who.email, {"reference": order.reference, "order_id": order.id})
        count_statements.clear()
        assert [desk.get("/home").status_code for desk in desks] == [200, 200]
        costs.append(len(count_statements))
    assert costs[1] == costs[0]


@use_case
def tell(call: Call, recipient: str, values: dict[str, Any], template: str = "order_published") -> None:
    outbox.enqueue(call, recipient, template, values)
    audit.record(call, "tests.tell", "message", None)


def test_a_new_enterprise_reads_its_first_steps_until_it_has_an_order(make: Make, sign_in: Any) -> None:
    new = make.enterprise(state=OrganisationState.REGISTERED)
    owner = sign_in(make.owner(new), "en")

    def turn() -> list[str]:
        return re.findall(r'<a href="([^"]+)"><strong>', owner.get("/home").text.partition("What waits for me")[0])

    assert "Your first steps here" in owner.get("/home").text
    assert turn() == []  # the centre's turn
    assert 'href="/orders/new"' not in owner.get("/home").text
    assert "still looking at your registration" in owner.get(f"/alliances/{make.alliance().id}").text
    new.state, new.verified_at = OrganisationState.VERIFIED, make.clock()
    make.save(new)
    assert turn() == ["/alliances"]
    place = make.membership(make.alliance(), new, MembershipState.REQUESTED)
    assert turn() == []  # the secretary's
    place.state, place.decided_at = MembershipState.ACTIVE, make.clock()
    make.save(place)
    assert turn() == ["/orders/new"]
    assert owner.get("/orders/new").status_code == 200
    make.order(new, OrderState.DRAFT)
    assert "Your first steps here" not in owner.get("/home").text


def test_a_new_university_reads_its_first_steps_until_it_has_a_bid(make: Make, sign_in: Any) -> None:
    new = make.university(state=OrganisationState.REGISTERED)
    owner = sign_in(make.owner(new), "en")
    steps = owner.get("/home").text
    assert f'href="/organisations/{new.id}/teams/new"' in steps
    assert owner.get(f"/organisations/{new.id}/teams/new").status_code == 200
    team = make.team(new)
    make.capability(team)
    assert 'href="/orders?stage=open"><strong>' in owner.get("/home").text
    make.opened_bid(make.order(), team)
    assert "Your first steps here" not in owner.get("/home").text
    assert "Your first steps here" not in sign_in(make.officer(), "en").get("/home").text


def test_the_language_is_remembered_on_this_browser(client: FlaskClient) -> None:
    client.post("/language", data={"language": "en", "next": "/statistics"})
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "zh-CN"}).text


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/orders?page=2", True),
        ("//evil.example/", False),
        ("https://evil.example/", False),
        ("/\\evil.example", False),
        ("/\\[", False),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        ("", False),
    ],
)
def test_a_way_back_never_leads_off_the_site(app: Flask, target: str, kept: bool) -> None:
    with app.test_request_context():
        assert (local_path(target) == target) is kept


@pytest.mark.parametrize("path", ["/", "/statistics"])
def test_the_public_figures_take_few_statements(client: FlaskClient, count_statements: list[str], path: str) -> None:
    client.get(path)
    assert len(count_statements) <= 12
