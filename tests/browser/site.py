"""A real site for the browser: a fresh instance, migrated, keyed, seeded and served on the loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from flask import Flask
from flask_migrate import upgrade
from werkzeug.serving import make_server

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.app import create_app
from marketplace.bids import keys
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.fields import Field
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.talent.models import Team
from tests.conftest import Clock
from tests.factories import Make

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WANTED = (
    ("电池托盘铝合金激光焊接工艺", "Laser welding of aluminium battery trays", Field.MACHINERY, 42_000_000),
    ("注塑机能耗预测与节能控制", "Energy forecast for injection moulding", Field.ENERGY, 28_000_000),
    ("可降解快递袋薄膜", "Degradable film for parcel bags", Field.NEW_MATERIALS, 36_000_000),
    ("玩具涂层重金属快速检测", "Rapid test for heavy metals in toy coatings", Field.INSTRUMENTS, 19_000_000),
)
"""Other orders of the city whose bids are open already: title, English title, field, price ceiling in fen."""


@dataclass
class Site:
    """What a browser needs: where, who signs in, and rows by number."""

    url: str
    app: Flask
    clock: Clock
    emails: dict[str, str]
    rows: dict[str, int]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """Serve a seeded site below ``folder`` until the block ends."""
    port = free_port()
    clock = Clock()
    config = Config(
        instance=folder,
        database_url=f"sqlite:///{folder / 'site.db'}",
        secret_key="browser-tests",
        base_url=f"http://127.0.0.1:{port}",
        jobs_inline=True,
        opener_key=folder / "opener" / "private.key",
    )
    app = create_app(config, clock)
    with app.app_context():
        upgrade()
        keys.make_keys(config)
        emails, rows = seed(Make(clock))
        db.session.remove()
    server = make_server("127.0.0.1", port, whole(app), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(config.base_url, app, clock, emails, rows)
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
        with app.app_context():
            db.engine.dispose()


def whole(app: WSGIApplication) -> WSGIApplication:
    """Answer in one piece: this server leaves a file open when the browser turns away while it is sent."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        pieces = app(environ, start_response)
        try:
            return [b"".join(pieces)]
        finally:
            if close := getattr(pieces, "close", None):
                close()

    return answer


def seed(make: Make) -> tuple[dict[str, str], dict[str, int]]:
    """Make the society of the journey; return e-mail addresses by part played and row numbers by kind."""
    alliance = make.alliance(code="AM", name="先进制造产业联盟", name_en="Advanced Manufacturing Alliance")
    enterprise = make.enterprise(
        alliance=alliance, name="东莞市恒锐精密五金有限公司", name_en="Hengrui Precision Hardware"
    )
    university = make.university(alliance=alliance, name="岭南理工大学", name_en="Lingnan University of Technology")
    team = make.team(university, name="表面工程团队", name_en="Surface Engineering Team")
    capability = make.capability(team, title="无铬硅烷防腐涂层", title_en="Chromium-free silane coating")
    fund = make.fund(300_000_000, name="先进制造专项资金", name_en="Advanced Manufacturing Fund")
    people = {
        "owner": account(make, "陈思远", Role.ENTERPRISE_OWNER, enterprise),
        "lead": account(make, "林若溪", Role.TEAM_LEAD, university, team),
        "officer": account(make, "王建国", Role.CENTRE_OFFICER),
        "second": account(make, "赵敏", Role.CENTRE_OFFICER),
        "auditor": account(make, "周正", Role.AUDITOR),
        "admin": account(make, "何静", Role.ADMINISTRATOR),
    }
    for number in range(len(WANTED)):
        opened_order(make, alliance, university, number)
    rows = {
        "alliance": alliance.id,
        "enterprise": enterprise.id,
        "university": university.id,
        "team": team.id,
        "capability": capability.id,
        "fund": fund.id,
    }
    return {part: row.email for part, row in people.items()}, rows


def account(
    make: Make, name: str, role: Role, organisation: Organisation | None = None, team: Team | None = None
) -> Account:
    return make.account(role, organisation=organisation, team_id=team.id if team else None, person=make.person(name))


def opened_order(make: Make, alliance: Alliance, university: Organisation, number: int) -> None:
    """An order of another enterprise with three opened bids of as many teams."""
    title, english, field, ceiling = WANTED[number]
    now = make.clock()
    enterprise = make.enterprise(alliance=alliance, name=f"莞城样板{number + 1}号科技有限公司")
    order = make.order(
        enterprise, OrderState.OPENED, alliance_id=alliance.id, title=title, title_en=english, field=field,
        price_ceiling=ceiling, own_funds=ceiling // 2,
        created_at=now - timedelta(days=40), published_at=now - timedelta(days=30), bid_deadline=now - timedelta(days=2),
    )  # fmt: skip
    for rank in range(3):
        team = make.team(university, name=f"{title[:4]}课题组{rank + 1}")
        make.opened_bid(
            order, team, price=ceiling * (80 + 7 * rank) // 100, months=6 + rank, person_days=60 + 30 * rank
        )
    return order
