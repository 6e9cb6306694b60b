"""Every state × event × role of orders, lots, bids, votes, evaluations and objections, through the services and by SQL.

    python -m benchmarks.states [--database postgresql+psycopg://…]

Each attempt starts from the same rows, with the state put there by SQL, and is rolled back. It must succeed exactly when the
table written down here says so; refused, it must have left the state alone. Then SQL alone tries every state from every other
one with the stamps taken away: the database must refuse each state that its stamps contradict, and any word that is no state.
Ends with 1 when anything else happened.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from benchmarks.states_by_sql import by_sql
from marketplace.awards import service as awards
from marketplace.awards.models import Complaint
from marketplace.awards.workflow import COMPLAINT, ComplaintState, NoAward
from marketplace.bids import service as bids
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.evaluation import service as evaluation
from marketplace.evaluation.models import Evaluation, Member
from marketplace.evaluation.workflow import EvaluationState, MemberState
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Refused
from marketplace.orders import service as ordering
from marketplace.orders.models import Order, Umbrella
from marketplace.orders.terms import AmendTerms
from marketplace.orders.workflow import OrderState
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal
from tests.awards.conftest import Awarded
from tests.awards.test_complaints import ACTS, BY, WHO
from tests.bids.scene import Scene
from tests.conftest import Clock, application, rolled_back
from tests.evaluation.court import Court
from tests.evaluation.test_concepts import Panel
from tests.factories import Make
from tests.rounds.conftest import MILLION
from tests.rounds.conftest import Scene as RoundScene

S, B, E, V = OrderState, BidState, EvaluationState, MemberState
UNPUBLISHED = {S.DRAFT, S.SCREENING, S.NEEDS_WORK}
EDITABLE, TAKES = {S.DRAFT, S.NEEDS_WORK}, {S.PUBLISHED, S.BIDDING}
OWN, LEADING = {"owner", "member"}, {"officer", "secretary"}
CANCELLABLE = {S.DRAFT, S.SCREENING, S.NEEDS_WORK, S.PUBLISHED, S.BIDDING, S.CONCEPTS, S.OPENED, S.EVALUATING}
TEAM = {"lead", "university owner", "university member"}
REASON = "企业计划有变，特此说明。"


@dataclass(frozen=True)
class Event:
    """One service: in which states of the thing and by whom it may be used."""

    act: Callable[[Call], Any]
    states: Collection[StrEnum]
    roles: Collection[str]


@dataclass(frozen=True)
class Machine:
    """A thing with states: ``put`` writes one with the stamps that it needs, ``read`` returns the present one."""

    name: str
    states: type[StrEnum]
    events: dict[str, Event]
    put: Callable[[StrEnum], None]
    read: Callable[[], str]


def cast(make: Make, scene: Scene) -> dict[str, Call]:
    """Return one caller of each role, and of the same role elsewhere."""
    other, alliance = make.enterprise(alliance=scene.alliance), make.alliance()
    accounts = {
        "owner": scene.owner,
        "member": make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise),
        "other owner": make.owner(other),
        "lead": scene.lead,
        "university owner": make.owner(scene.university),
        "university member": make.account(Role.UNIVERSITY_MEMBER, organisation=scene.university),
        "sister lead": make.lead(make.team(scene.university)),
        "rival": make.lead(make.team()),
        "secretary": scene.secretary,
        "other secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=alliance),
        "officer": scene.officers[0],
        "fund manager": make.account(Role.FUND_MANAGER),
        "auditor": make.account(Role.AUDITOR),
        "administrator": make.account(Role.ADMINISTRATOR),
    }
    calls = {name: make.call(account) for name, account in accounts.items()}
    return {**calls, "visitor": Call(Actor.visitor(), make.clock(), "states"), "system": make.call()}


def put(table: str, key: int, state: StrEnum, **values: object) -> None:
    columns = ", ".join(f"{name} = :{name}" for name in ("state", *values))
    statement = text(f"UPDATE {table} SET {columns} WHERE id = :key")
    db.session.execute(statement, {"state": state.value, "key": key, **values})
    db.session.commit()
    db.session.expire_all()


def stamps(make: Make, state: StrEnum) -> dict[str, object]:
    """The stamps of an order that lived up to ``state``."""
    now = make.clock().strftime("%Y-%m-%d %H:%M:%S.%f+00:00") if db.engine.dialect.name == "sqlite" else make.clock()
    after = state not in UNPUBLISHED | TAKES | {S.CONCEPTS}
    return {
        "published_at": None if state in UNPUBLISHED else now,
        "concepts_at": now if state is S.CONCEPTS else None,
        "opened_at": now if after else None,
        "approved_at": now if state is S.APPROVED else None,
    }


def of_order(make: Make, scene: Scene) -> Machine:
    key = scene.order.id
    amend = AmendTerms("新的标题", scene.order.problem, "背景", "说明")
    later = make.clock() + timedelta(days=30)
    events = {
        "submit": Event(lambda c: ordering.submit_order(c, key), EDITABLE, OWN),
        "send back": Event(lambda c: ordering.send_back(c, key, REASON), {S.SCREENING}, LEADING),
        "publish": Event(lambda c: ordering.publish_order(c, key), {S.SCREENING}, LEADING),
        "start bidding": Event(lambda c: ordering.start_bidding(c, key), {S.PUBLISHED}, {"system"}),
        "cancel": Event(lambda c: ordering.cancel_order(c, key, REASON), CANCELLABLE, OWN),
        "retender": Event(lambda c: ordering.retender(c, key), {S.UNSUCCESSFUL}, OWN),
        "amend": Event(lambda c: bids.amend_order(c, key, amend), TAKES, OWN),
        "later deadline": Event(lambda c: bids.propose_deadline(c, key, later, REASON), TAKES, OWN | LEADING),
        "end without award": Event(
            lambda c: awards.fail_order(c, key, NoAward.OTHER, REASON), {S.CONCEPTS, S.EVALUATING}, {"officer"}
        ),
        "open too early": Event(lambda c: bids.request_opening(c, key), set(), set()),
    }
    return Machine(
        "order",
        OrderState,
        events,
        lambda state: put("orders", key, state, **stamps(make, state)),
        lambda: str(db.session.get_one(Order, key, populate_existing=True).state),
    )


def of_lots(make: Make, scene: Scene) -> Machine:
    umbrella = Umbrella(organisation_id=scene.enterprise.id, title="两个标段", created_at=make.clock())
    db.session.add(umbrella)
    db.session.flush()
    common = {"alliance_id": scene.alliance.id, "lot_of": umbrella.id}
    keys = [make.order(scene.enterprise, S.DRAFT, lot_number=number, **common).id for number in (1, 2)]
    key = umbrella.id

    def both(state: StrEnum) -> None:
        for lot in keys:
            put("orders", lot, state, **stamps(make, state))

    events = {
        "add a lot": Event(lambda c: ordering.add_lot(c, key), EDITABLE, OWN),
        "submit together": Event(lambda c: ordering.submit_lots(c, key), EDITABLE, OWN),
        "publish together": Event(lambda c: ordering.publish_lots(c, key), {S.SCREENING}, LEADING),
        "publish one": Event(lambda c: ordering.publish_order(c, keys[0]), set(), set()),
        "retender one": Event(lambda c: ordering.retender(c, keys[0]), {S.UNSUCCESSFUL}, OWN),
        "cancel one": Event(lambda c: ordering.cancel_order(c, keys[0], REASON), CANCELLABLE, OWN),
    }
    return Machine(
        "lot",
        OrderState,
        events,
        both,
        lambda: " ".join(str(db.session.get_one(Order, lot, populate_existing=True).state) for lot in keys),
    )


def of_bid(make: Make, scene: Scene) -> Machine:
    bid, terms = scene.submitted(), scene.terms()
    key, now = bid.id, stamps(make, S.BIDDING)["published_at"]
    writes = {B.DRAFT, B.SUBMITTED, B.NEEDS_RECONFIRM, B.WITHDRAWN}
    read = {B.TECHNICAL, B.OPENED}
    events = {
        "start": Event(lambda c: bids.start_bid(c, scene.order.id, scene.team.id), set(), set()),
        "save": Event(lambda c: bids.save_draft(c, key, terms), {B.DRAFT, B.WITHDRAWN}, TEAM),
        "submit": Event(lambda c: bids.submit_bid(c, key, terms), writes, TEAM),
        "withdraw": Event(lambda c: bids.withdraw_bid(c, key), {B.SUBMITTED, B.NEEDS_RECONFIRM}, TEAM),
        "recover": Event(lambda c: bids.recover_bid(c, key), set(), set()),
        "ask for repair": Event(lambda c: bids.ask_repair(c, key, "盖章页缺失"), read, LEADING),
        "propose to exclude": Event(lambda c: evaluation.propose_exclusion(c, key, REASON), read, LEADING),
    }
    return Machine(
        "bid",
        BidState,
        events,
        lambda state: put("bids", key, state, submitted_at=now, opened_at=now),
        lambda: str(db.session.get_one(Bid, key, populate_existing=True).state),
    )


def of_evaluation(make: Make, court: Court) -> tuple[Machine, dict[str, Call]]:
    row, judge = court.evaluation(), court.judges[0]
    key, order_id, bid_id = row.id, court.order_id, court.bids[0].id
    points = {criterion.id: 70 for criterion in row.criteria}
    email = make.account().email

    def first_ready(act: Callable[[Call], Any]) -> Callable[[Call], Any]:
        def wrapped(call: Call) -> Any:
            db.session.execute(text("UPDATE evaluation_members SET state = 'ready'"))
            db.session.commit()
            db.session.expire_all()
            return act(call)

        return wrapped

    events = {
        "appoint": Event(lambda c: evaluation.appoint(c, order_id, email, expert=True), {E.SETUP}, LEADING),
        "begin": Event(first_ready(lambda c: evaluation.begin_scoring(c, order_id)), {E.SETUP}, LEADING),
        "score": Event(first_ready(lambda c: evaluation.save_scores(c, key, bid_id, points)), {E.SCORING}, {"judge"}),
        "hand in": Event(first_ready(lambda c: evaluation.submit_scores(c, key)), {E.SCORING}, {"judge"}),
        "lock": Event(lambda c: evaluation.lock_scores(c, order_id), {E.SCORING}, LEADING),
        "fix criteria": Event(lambda c: evaluation.fix_criteria(c, order_id, []), set(), set()),
    }
    now = stamps(make, S.BIDDING)["published_at"]
    calls = {**cast(make, court.scene), "judge": make.call(judge)}
    machine = Machine(
        "evaluation",
        EvaluationState,
        events,
        lambda state: put("evaluations", key, state, locked_at=now, begun_at=now),
        lambda: str(db.session.get_one(Evaluation, key, populate_existing=True).state),
    )
    return machine, calls


def of_vote(make: Make, panel: Panel) -> tuple[Machine, dict[str, Call]]:
    """A member of the committee that votes on concepts, before it has voted."""
    judge, key = panel.judges[0], panel.key
    member = db.session.scalars(select(Member).where(Member.account_id == judge.id)).one().id
    order_id, terms, now = panel.order_id, panel.terms(), make.clock()
    seated = {V.INVITED, V.READY}
    events = {
        "accept": Event(lambda c: evaluation.accept_seat(c, key), {V.INVITED}, {"judge"}),
        "vote": Event(lambda c: evaluation.cast_votes(c, key, terms), {V.READY}, {"judge"}),
        "decline": Event(lambda c: evaluation.decline_seat(c, key, REASON), seated, {"judge"}),
        "replace": Event(lambda c: evaluation.replace_member(c, order_id, member, REASON), seated, LEADING),
    }
    machine = Machine(
        "vote",
        MemberState,
        events,
        lambda state: put("evaluation_members", member, state, accepted_at=now, submitted_at=now),
        lambda: str(db.session.get_one(Member, member, populate_existing=True).state),
    )
    return machine, {**cast(make, panel.scene), "judge": make.call(judge)}


def of_complaint(make: Make, clock: Clock) -> tuple[Machine, dict[str, Call]]:
    scene = RoundScene(make, make.alliance(), make.officer(), make.officer(), make.fund(MILLION, share_max=4_000))
    order = scene.order(own_funds=25_000_000)
    made = [scene.bid(order, price=price) for price in (30_000_000, 40_000_000, 42_000_000)]
    found = scene.proposed()
    rounds.approve(scene.other, found.id, found.content_hash)
    proposal = db.session.get_one(Proposal, found.id, populate_existing=True)
    winner = next(bid for bid in made if bid.id == proposal.bid_id)
    awarded = Awarded(make, clock, scene, order, winner, [bid for bid in made if bid is not winner], proposal)
    key, soon = awarded.complaint(awarded.announced()).id, clock.now + timedelta(days=1)

    def at(state: StrEnum) -> None:
        row = db.session.get_one(Complaint, key, populate_existing=True)
        row.state, row.decided_at, row.appealed_at, row.appeal_until = ComplaintState(state), clock.now, soon, soon
        make.save(row)

    def event(name: str) -> Event:
        def act(call: Call) -> Any:
            return ACTS[name](awarded, call, db.session.get_one(Complaint, key, populate_existing=True))

        return Event(act, {s for s in ComplaintState if COMPLAINT.allows(s, name)}, BY[name])

    machine = Machine(
        "complaint",
        ComplaintState,
        {name: event(name) for name in ACTS},
        at,
        lambda: str(db.session.get_one(Complaint, key, populate_existing=True).state),
    )
    return machine, {who: awarded.call(who) for who in WHO}


def enumerate_all(app: Flask, machine: Machine, calls: dict[str, Call]) -> bool:
    """Try every state × event × role; print how many were allowed, refused and wrong."""
    tally, wrong = Counter[str](), []
    db.session.remove()
    for state in machine.states:
        for name, event in machine.events.items():
            for who, call in calls.items():
                allowed = state in event.states and who in event.roles
                if machine.name in {"order", "lot"} and "cancel" in name:
                    allowed |= state in event.states and who in LEADING and state is not S.DRAFT
                with rolled_back(app):
                    machine.put(state)
                    before = machine.read()
                    try:
                        event.act(call)
                        done = True
                    except Refused:
                        done = False
                        db.session.rollback()
                        if machine.read() != before:
                            wrong.append(f"{machine.name} {state} × {name} × {who}: refused and yet changed")
                    db.session.remove()
                tally["allowed" if done else "refused"] += 1
                if done is not allowed:
                    wrong.append(f"{machine.name} {state} × {name} × {who}: {'done' if done else 'refused'}")
    size = f"{len(machine.states)} states × {len(machine.events)} events × {len(calls)} roles"
    print(f"{machine.name}: {size} = {tally.total()}: {dict(tally)}, wrong {len(wrong)}", flush=True)
    for each in wrong[:12]:
        print(f"  {each}")
    return not wrong


STAMPED: dict[str, tuple[type[StrEnum], dict[str, Collection[StrEnum]]]] = {
    "orders": (
        OrderState,
        {
            "published_at": set(S) - UNPUBLISHED - {S.CANCELLED},
            "bid_deadline": set(S) - UNPUBLISHED - {S.CANCELLED},
            "concepts_at": {S.CONCEPTS},
            "approved_at": {S.APPROVED},
        },
    ),
    "bids": (BidState, {"submitted_at": {B.SUBMITTED}, "opened_at": {B.TECHNICAL, B.OPENED, B.WON, B.LOST}}),
    "evaluations": (EvaluationState, {"locked_at": {E.LOCKED}}),
}


def run(folder: Path, database: str) -> bool:
    """Return whether every attempt ended as written down."""
    clock = Clock()
    app = application(folder, clock, database)
    with app.app_context():
        db.create_all()
        make = Make(clock)
        scene = Scene(make, clock)
        calls = cast(make, scene)
        fine = enumerate_all(app, of_order(make, scene), calls)
        fine &= by_sql(app, "orders", db.session.scalars(select(Order.id).limit(1)).one(), *STAMPED["orders"])
        fine &= enumerate_all(app, of_lots(make, scene), calls)
        fine &= enumerate_all(app, of_bid(make, scene), calls)
        fine &= by_sql(app, "bids", db.session.scalars(select(Bid.id).limit(1)).one(), *STAMPED["bids"])
        fine &= enumerate_all(app, *of_complaint(make, clock))
        fine &= enumerate_all(app, *of_vote(make, Panel(make, clock)))
        court = Court(make, clock).handed_in()
        machine, everybody = of_evaluation(make, court)
        fine &= enumerate_all(app, machine, everybody)
        fine &= by_sql(
            app, "evaluations", db.session.scalars(select(Evaluation.id).limit(1)).one(), *STAMPED["evaluations"]
        )
        db.session.remove()
        db.engine.dispose()
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="an empty database; otherwise a file of its own")
    given, begun = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        fine = run(Path(folder), given.database)
    print(f"{'as written down' if fine else 'NOT as written down'}, {time.monotonic() - begun:.0f} s")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
