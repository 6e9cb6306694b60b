"""An order with two opened bids, and people who may judge them: where tests of evaluations begin."""

from __future__ import annotations

from marketplace.accounts.models import Account
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.evaluation import queries, service
from marketplace.evaluation.models import Evaluation, Member
from marketplace.kernel.call import Call
from marketplace.orders.procedures import Procedure
from tests.bids.scene import Scene
from tests.conftest import Clock
from tests.factories import Make


class Court:
    """``judges`` are three accounts of three persons without any role; ``officer`` leads."""

    def __init__(self, make: Make, clock: Clock, procedure: Procedure = Procedure.TWO_STAGE) -> None:
        self.scene, self.make, self.clock = Scene(make, clock), make, clock
        self.bids: list[Bid] = self._bids(procedure)
        self.judges: list[Account] = [make.account() for _ in range(3)]

    def _bids(self, procedure: Procedure) -> list[Bid]:
        if procedure is Procedure.TWO_STAGE:
            return self.scene.two_full_bids()
        self.scene.follows(procedure)
        return [self.scene.submitted(), self.scene.rival()]

    def opened(self) -> Court:
        self.scene.opened()
        return self

    @property
    def officer(self) -> Call:
        return self.make.call(self.scene.officers[0])

    @property
    def order_id(self) -> int:
        return self.scene.order.id

    def call(self, account: Account) -> Call:
        return self.make.call(account)

    def evaluation(self) -> Evaluation:
        row = queries.of_order(self.scene.order)
        assert row is not None
        return row

    def appoint(self, *accounts: Account, expert: bool = True) -> list[Member]:
        return [service.appoint(self.officer, self.order_id, a.email, expert=expert) for a in accounts]

    def seated(self) -> Court:
        """The committee is complete and has accepted."""
        self.opened()
        self.appoint(*self.judges)
        for judge in self.judges:
            service.accept_seat(self.call(judge), self.evaluation().id)
        return self

    def begun(self) -> Court:
        self.seated()
        service.begin_scoring(self.officer, self.order_id)
        return self

    def score(self, judge: Account, *points: int, remark: str = "") -> None:
        """Give each bid the same points for every criterion: the first number the first bid, and so on."""
        criteria = [criterion.id for criterion in self.evaluation().criteria]
        for bid, given in zip(self.bids, points, strict=True):
            same = dict.fromkeys(criteria, given)
            service.save_scores(self.call(judge), self.evaluation().id, bid.id, same, remark)

    def handed_in(self, *sheets: tuple[int, int]) -> Court:
        """Every judge scores and hands in; ``sheets`` are the points for the two bids, one pair per judge."""
        self.begun()
        for judge, points in zip(self.judges, sheets or ((80, 60),) * 3, strict=True):
            self.score(judge, *points)
            service.submit_scores(self.call(judge), self.evaluation().id)
        return self

    def locked(self) -> Court:
        self.handed_in()
        service.lock_scores(self.officer, self.order_id)
        db.session.expire_all()
        return self
