"""How many statements and milliseconds the order board costs: ``python -m benchmarks.order_board [--orders 10000]``.

A database of its own in a temporary folder is filled and asked for the pages people open most; exit code 1 when a page needs
more than LIMIT statements.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from marketplace.alliances.models import Alliance
from marketplace.alliances.workflow import Visibility
from marketplace.app import create_app
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.kernel.clock import fixed_clock
from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.orders.workflow import ContractType, IpWish, OrderState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState

LIMIT = 12
NOW = datetime(2027, 1, 12, 2, tzinfo=UTC)
PAGES = {
    "first page": "/orders",
    "last page": "/orders?page=100000",
    "one word": "/orders?q=涂层",
    "rare word": "/orders?q=第77号",
    "two words": "/orders?q=涂层+coating",
    "field, stage, price": "/orders?field=chemistry&stage=open&price=50-100",
    "nearest deadline": "/orders?sort=deadline",
    "highest ceiling": "/orders?sort=ceiling",
}
PARTS = ("防护涂层", "除尘风机", "视觉检测", "再生涤纶", "传感器标定", "排料算法", "废水脱色", "轻量化材料")
STATES = (OrderState.BIDDING, OrderState.PUBLISHED, OrderState.EVALUATING, OrderState.APPROVED, OrderState.UNSUCCESSFUL)


def fill(count: int) -> None:
    """Insert ``count`` published orders of 50 enterprises in 6 alliances."""
    for number in range(6):
        db.session.add(Alliance(code=f"A{number}", name=f"联盟{number}", name_en=f"Alliance {number}", founded_at=NOW))
    for number in range(50):
        db.session.add(
            Organisation(
                kind=OrganisationKind.ENTERPRISE,
                name=f"示例企业{number}",
                uscc=f"{number:018d}",
                state=OrganisationState.VERIFIED,
                registered_at=NOW,
                verified_at=NOW,
            )
        )
    db.session.commit()
    for start in range(0, count, 1000):
        db.session.execute(insert(Order), [order(n) for n in range(start, min(start + 1000, count))])
    db.session.commit()


def order(n: int) -> dict[str, Any]:
    state = STATES[n % len(STATES)]
    later = state not in {OrderState.BIDDING, OrderState.PUBLISHED}
    return {
        "reference": f"RD-2026-{n:05d}",
        "organisation_id": n % 50 + 1,
        "alliance_id": n % 6 + 1,
        "visibility": list(Visibility)[n % 3],
        "title": f"{PARTS[n % len(PARTS)]}研发第{n}号",
        "title_en": f"Coating {n}" if n % 8 == 0 else f"Order {n}",
        "problem": f"{PARTS[n % len(PARTS)]}在潮湿环境中三个月内失效，返修率高，每年损失约{n}万元。" * 12,
        "background": "试过两种市售产品，效果不足。" * 5,
        "field": list(Field)[n % len(Field)],
        "own_funds": n * 1000,
        "price_ceiling": 10_000_000 + n * 40_000,
        "bid_deadline": NOW + timedelta(days=n % 60 - 10),
        "contract_type": list(ContractType)[n % len(ContractType)],
        "ip_wish": list(IpWish)[n % len(IpWish)],
        "state": state,
        "created_at": NOW,
        "changed_at": NOW,
        "published_at": NOW - timedelta(minutes=n),
        "opened_at": NOW if later else None,
        "approved_at": NOW if state is OrderState.APPROVED else None,
    }


def measure(client: FlaskClient, path: str, statements: list[str], repeat: int = 7) -> tuple[int, float]:
    """Return (statements, median milliseconds) of one page."""
    seconds = []
    for _ in range(repeat):
        statements.clear()
        start = time.perf_counter()
        answer = client.get(path)
        seconds.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")
    return len(statements), median(seconds) * 1000


def run(app: Flask, count: int) -> bool:
    statements: list[str] = []
    with app.app_context():
        db.create_all()
        fill(count)

        @event.listens_for(db.engine, "before_cursor_execute")
        def _note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

    fine = True
    print(f"{count} orders")
    for name, path in PAGES.items():
        number, milliseconds = measure(app.test_client(), path, statements)
        fine = fine and number <= LIMIT
        print(f"{name:22} {number:3} statements {milliseconds:8.1f} ms")
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    parser.add_argument("--database", default="", help="an empty database; a temporary SQLite file by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{Path(folder) / 'board.db'}"
        config = Config(instance=Path(folder), database_url=url, secret_key="benchmark", testing=True)
        return 0 if run(create_app(config, fixed_clock(NOW)), given.orders) else 1


if __name__ == "__main__":
    sys.exit(main())
