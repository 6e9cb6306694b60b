"""x"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from marketplace.kernel.call import Role
from tests.conftest import Clock
from tests.factories import Make


def test_story(app: Flask, make: Make, sign_in: Any, clock: Clock) -> None:
    from marketplace.bids.keys import make_keys, public_path

    config = app.extensions["config"]
    if not public_path(config).exists():
        make_keys(config)
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    order = make.order(enterprise, alliance_id=alliance.id)
    university = make.university()
    team = make.team(university)
    partner = make.team()
    bidder = sign_in(make.lead(team))
    assert bidder.get("/bids").status_code == 200
    page = bidder.get(f"/orders/{order.id}/bid")
    assert page.status_code == 200
    r = bidder.post(f"/orders/{order.id}/bid", data={"team": team.id})
    assert r.status_code == 303, r.text
    url = r.location
    assert bidder.get(url).status_code == 200
    data = {
        "plan": "以硅烷预处理与水性涂层结合，分三阶段试验并交付样件，共三十个字以上的说明文字。", "schedule": "a", "price": "42万",
        "start_on": "2027-03-01", "months": "6", "own_days": "90",
        "partners-0-team": str(partner.id), "partners-0-person_days": "20",
        "answers-0-meets": "meets", "answers-0-value": "1000", "answers-0-note": "",
    }
    r = bidder.post(url, data=data)
    assert r.status_code == 303, r.text
    r2 = bidder.get(r.location)
    assert r2.status_code == 200
    r = bidder.post(url.replace("edit", "submit"))
    assert r.status_code == 303, r.text
    for path in (r.location, r.location + ".txt", url.replace("/edit", ""), url, "/bids"):
        assert bidder.get(path).status_code == 200, path
    officer, second = sign_in(make.officer()), sign_in(make.officer())
    assert officer.get(f"/orders/{order.id}/opening").status_code == 200
    clock.advance(days=21)
    assert officer.get("/openings").status_code == 200
    assert officer.get(f"/orders/{order.id}/opening").status_code == 200
    r = officer.post(f"/orders/{order.id}/opening/request")
    assert r.status_code == 303, r.text
    r = second.post(f"/orders/{order.id}/opening/confirm")
    assert r.status_code == 303, r.text
    page = officer.get(f"/orders/{order.id}/opening")
    assert "420,000" in page.text
    owner = sign_in(make.owner(enterprise))
    for path in (f"/orders/{order.id}", f"/orders/{order.id}/bids", url.replace("/edit", "")):
        assert owner.get(path).status_code == 200
    assert "与截止前密封" in owner.get(url.replace("/edit", "")).text or "Checked" in owner.get(url.replace("/edit", "")).text
