"""Every route says who may come in, and each role meets exactly that at the door."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from marketplace.kernel.call import Role
from marketplace.web.guards import PUBLIC, SIGNED_IN, access_of, roles_in
from tests.factories import Make

STAFF_ONLY = re.compile(r"^(rounds\.(?!order_outcome|bid_outcome)|audit\.)")


def test_every_route_is_declared(app: Flask) -> None:
    assert [e for e in app.view_functions if access_of(app, e) is None] == []


def test_reading_and_writing_are_separate_endpoints(app: Flask) -> None:
    both = [rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    assert both == []


def test_staff_rooms_are_closed_to_everybody_else(app: Flask) -> None:
    for endpoint in app.view_functions:
        if STAFF_ONLY.match(endpoint):
            entry = access_of(app, endpoint) or frozenset()
            assert PUBLIC not in entry, endpoint
            assert SIGNED_IN not in entry, endpoint


@pytest.mark.slow
def test_the_door_admits_exactly_the_declared_roles(app: Flask, make: Make, sign_in: Any) -> None:
    """Each GET route × each role and the visitor: through the door, or a redirect to sign-in, or 403; never a 5xx."""
    organisation = make.enterprise()
    university = make.university()
    alliance = make.alliance()
    clients = {"visitor": app.test_client()}
    for role in Role:
        where = university if role.value.startswith(("university", "team")) else organisation
        personal = role.value.startswith(("enterprise", "university", "team"))
        account = make.account(
            role,
            organisation=where if personal else None,
            alliance=alliance if role is Role.ALLIANCE_SECRETARY else None,
        )
        clients[role.value] = sign_in(account)
    wrong = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        entry = access_of(app, rule.endpoint) or frozenset()
        url = re.sub(r"<(?:(\w+):)?\w+>", lambda m: "999999" if m[1] == "int" else "missing", rule.rule)
        for who, client in clients.items():
            status = client.get(url).status_code
            welcome = PUBLIC in entry or (
                who != "visitor" and (SIGNED_IN in entry or who in {r.value for r in roles_in(entry)})
            )
            turned_away = status == 403 if who != "visitor" else status == 303
            if status >= 500 or (not welcome and not turned_away):
                wrong.append(f"{rule.endpoint} × {who}: {status}")
    assert wrong == []
