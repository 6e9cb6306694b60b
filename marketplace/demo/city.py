"""The whole city, made in one go on an empty database, and the list of accounts to sign in with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.demo.awarding import award
from marketplace.demo.bidding import Bids, bid
from marketplace.demo.contracting import contract
from marketplace.demo.deciding import decide
from marketplace.demo.defending import defend
from marketplace.demo.history import remember
from marketplace.demo.judging import judge
from marketplace.demo.ordering import Orders, order
from marketplace.demo.patenting import patent
from marketplace.demo.pooling import pool
from marketplace.demo.purses import endow
from marketplace.demo.society import PASSWORD, Society, found
from marketplace.demo.staging import stage
from marketplace.demo.talents import Talents, train
from marketplace.demo.talking import talk
from marketplace.demo.teaching import teach
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Call
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import Message, MessageState

SEED = 2027
FRESH_MAILS = 30
STAFF_NOTES = (
    ("officer1", "运营中心专员（第一人）", "Centre officer, first person"),
    ("officer2", "运营中心专员（第二人）", "Centre officer, second person"),
    (
        "officer1b",
        "与 officer1 为同一自然人，用于体验双人复核",
        "same natural person as officer1: is refused as second person",
    ),
    ("secretary-mat", "新材料联盟秘书处", "Secretary of the materials alliance"),
    ("funds1", "资金管理员（第一人）", "Fund manager, first person"),
    ("funds2", "资金管理员（第二人）", "Fund manager, second person"),
    ("auditor", "审计员", "Auditor"),
    ("admin1", "系统管理员", "Administrator"),
)


class NotEmpty(Exception):
    """There are accounts or organisations already; a city is never mixed with real people."""


def is_empty() -> bool:
    """Return whether nobody has an account and no organisation is registered."""
    return not any(db.session.scalar(select(model.id).limit(1)) for model in (Account, Organisation))


def build(call: Call) -> str:
    """Make the city and return the list of accounts, also written to ``demo-accounts.txt`` in the instance folder.

    Raises NotEmpty. Mails and other jobs stay queued until a worker sweeps: waking it for each would take longer than the city.
    """
    if not is_empty():
        raise NotEmpty
    wake = current_app.extensions["wake"]
    current_app.extensions["wake"] = lambda _job: None
    try:
        society = found(call, SEED)
        talents = train(call, society, SEED + 1)
        teach(call, society, talents)
        portfolio = patent(call, society, talents, SEED + 4)
        pool(call, society, portfolio, SEED + 5)
        funds = endow(call, society)
        defend(call, society, funds)
        orders = order(call, society, SEED + 2)
        bids = bid(call, society, talents, orders, SEED + 3)
        remember(call, orders, bids, funds)
        talk(call, society, talents, orders)
        text = accounts_text(society, talents, orders, bids)
        contract(call, society, orders, bids)
        db.session.expunge_all()  # each rollback would make the session read thousands of rows again
        stage(call)
        judge(call, SEED + 6)
        award(call, decide(call, SEED))
        settle_mail(call)
    finally:
        current_app.extensions["wake"] = wake
    path = Path(current_app.extensions["config"].instance) / "demo-accounts.txt"
    path.write_text(text, encoding="utf-8")
    return text


def settle_mail(call: Call) -> None:
    """Count all but the newest mails as sent: a first worker should not begin with hundreds about a past nobody lived."""
    newest = select(Message.id).order_by(Message.id.desc()).limit(FRESH_MAILS).subquery()
    old = select(Message.id).where(Message.id.not_in(select(newest.c.id)))
    execute_alone(
        update(JobRun)
        .where(JobRun.name == "outbox.send", JobRun.argument.in_(old))
        .values(state=JobState.DONE, finished_at=call.now)
    )
    execute_alone(update(Message).where(Message.id.in_(old)).values(state=MessageState.SENT, sent_at=call.now))


def accounts_text(society: Society, talents: Talents, orders: Orders, bids: Bids) -> str:
    """Return a dozen accounts worth trying: e-mail, password and role in both languages."""
    rows = [(society.staff[box].email, zh, en) for box, zh, en in STAFF_NOTES]
    states: dict[int, set[object]] = {}
    for row in orders.rows:
        states.setdefault(row.organisation_id, set()).add(row.state)
    busiest = sorted(states, key=lambda key: (-len(states[key]), key))[:2]
    rows += [
        (society.owners[key].email, "企业管理员（有多项订单）", "Enterprise owner with several orders")
        for key in busiest
    ]
    teams = [team for team, _ in Counter(row.team_id for row in bids.rows).most_common(2)]
    rows += [(talents.leads[key].email, "高校团队负责人", "University team lead") for key in teams]
    school = next(team.organisation_id for team in talents.teams if team.id == teams[0])
    rows += [(society.owners[school].email, "高校管理员", "University owner")]
    lines = [f"演示账号，密码均为 / demo accounts, one password for all: {PASSWORD}", ""]
    return "\n".join([*lines, *(f"{email:<32} {PASSWORD}  {zh} / {en}" for email, zh, en in rows), ""])
