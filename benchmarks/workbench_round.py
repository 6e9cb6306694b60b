"""Rounds to measure with: a large one in the database, and small problems that use every limit."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from flask import Flask

from benchmarks.instances import Shape, generate
from marketplace.accounts.models import Account
from marketplace.app import create_app
from marketplace.bids.workflow import Meets
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.clock import system_clock
from marketplace.matching.problem import Fund, Offer, Order, Problem, Rules, Team
from marketplace.orders.workflow import OrderState
from marketplace.rounds import service
from marketplace.rounds.terms import FundPick, RoundTerms
from marketplace.rounds.workflow import DEFAULT_WEIGHTS
from tests.factories import Make

SECONDS = 60
"""Time limit of a run."""
KEY = "of a site that lives for minutes"
BIDS = 3
FUNDS = 6
CHUNK = 200
WORDS = (
    "涂层",
    "传感器",
    "废水",
    "视觉检测",
    "轻量化",
    "标定",
    "脱色",
    "排料",
    "铸件",
    "电池",
    "密封",
    "织物",
    "滤材",
    "轴承",
    "激光",
    "焊接",
)


def site(folder: Path) -> Flask:
    config = Config(instance=folder, database_url=f"sqlite:///{folder / 'site.db'}", secret_key=KEY, jobs_inline=False)
    app = create_app(config)
    app.extensions["wake"] = lambda _job: None
    return app


@contextmanager
def filled_round(orders: int) -> Iterator[tuple[Flask, Call, int]]:
    """A site in a folder of its own, in its context, with a round of so many orders; the call is the officer's."""
    with tempfile.TemporaryDirectory() as folder:
        app = site(Path(folder))
        with app.app_context():
            db.create_all()
            make = Make(system_clock)
            round_id, officer = fill(make, orders)
            yield app, make.call(officer), round_id


def fresh(call: Call) -> Call:
    return replace(call, now=system_clock())


def fill(make: Make, orders: int) -> tuple[int, Account]:
    """A round of so many orders with three opened bids each and six funds; about two thirds can be paid and staffed."""
    draw = random.Random(11)
    officer, alliance = make.officer(), make.alliance(code="BM")
    enterprises = [make.enterprise(alliance=alliance) for _ in range(max(1, orders // 3))]
    university = make.university()
    teams = [make.team(university, capacity_days=120 + draw.randrange(120)) for _ in range(max(3, orders // 5))]
    for team in teams[: max(3, orders // 8)]:
        make.capability(team, title=f"{draw.choice(WORDS)}{draw.choice(WORDS)} {team.id}")
    share = 7_000_000 * orders // FUNDS
    funds = [make.fund(share, share_max=3_000 + 500 * n, public=n < 3) for n in range(FUNDS)]
    ids: list[int] = []
    for number in range(orders):
        words = draw.sample(WORDS, 4)
        order = make.order(
            draw.choice(enterprises),
            OrderState.OPENED,
            alliance_id=alliance.id,
            title=f"{words[0]}与{words[1]} {number}",
            problem="，".join(words) * 6,
            own_funds=draw.randrange(10, 30) * 1_000_000,
        )
        ids.append(order.id)
        for team in draw.sample(teams, BIDS):
            make.opened_bid(
                order,
                team,
                price=draw.randrange(24, 50) * 1_000_000,
                person_days=draw.randrange(40, 160),
                plan="，".join(draw.sample(WORDS, 5)),
                answers=(draw.choice(list(Meets)),),
            )
        if number % CHUNK == CHUNK - 1:
            db.session.commit()
    db.session.commit()
    return opened(make.call(officer), ids, [fund.id for fund in funds]), officer


def opened(call: Call, orders: list[int], funds: list[int]) -> int:
    round_id = service.create_round(call, RoundTerms("benchmark", None, DEFAULT_WEIGHTS, public_share_max=6_000)).id
    service.add_orders(call, round_id, orders)
    service.set_funds(call, round_id, [FundPick(fund) for fund in funds])
    return round_id


def small_problem(orders: int, seed: int) -> Problem:
    """A problem of the engine's own generator, in ids, with a smallest grant, a limit per enterprise and a ratio to own money."""
    shape = Shape(orders, max(4, orders // 2), 5, options=4, eligible=3, consortia=0.2, seed=seed)
    arrays = generate(shape)
    uses: dict[int, dict[str, int]] = {}
    for offer, team, load in zip(
        arrays.use_offer.tolist(), arrays.use_team.tolist(), arrays.use_load.tolist(), strict=True
    ):
        uses.setdefault(offer, {})[f"t{team}@2027Q1"] = load
    open_to: dict[int, list[str]] = {}
    for fund, order in zip(arrays.eligible_fund.tolist(), arrays.eligible_order.tolist(), strict=True):
        open_to.setdefault(fund, []).append(f"o{order}")
    values = np.clip(arrays.offer_value, 1, 1000).tolist()
    yuan = [price // 100 * 100 for price in arrays.offer_price.tolist()]
    return Problem(
        orders=tuple(
            Order(f"o{n}", f"e{arrays.order_enterprise[n]}", int(arrays.order_own[n]) // 100 * 100)
            for n in range(arrays.orders)
        ),
        teams=tuple(Team(f"t{n}@2027Q1", int(c)) for n, c in enumerate(arrays.team_capacity)),
        offers=tuple(
            Offer(f"b{n}", f"o{o}", yuan[n], int(values[n]), uses.get(n, {}))
            for n, o in enumerate(arrays.offer_order.tolist())
        ),
        funds=tuple(
            Fund(
                f"f{n}",
                int(budget) // 100 * 100,
                public=n % 2 == 0,
                orders=tuple(sorted(open_to.get(n, []))),
                share_max=5_000 if n % 3 else None,
                amount_min=1_000_000 if n == 1 else 0,
                match_max=12_000 if n == 2 else None,
                enterprise_max=30_000_000 if n == 3 else None,
            )
            for n, budget in enumerate(arrays.fund_budget.tolist())
        ),
        rules=Rules(public_share_max=7_000),
    )
