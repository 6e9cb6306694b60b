"""An order that takes bids, a team that answers it, and the people who open bids: where tests of bids begin."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path

from flask import current_app
from nacl.encoding import HexEncoder
from nacl.public import PrivateKey

from marketplace.accounts.models import Account
from marketplace.bids import consents, holders, keys, service
from marketplace.bids.holders import Holder
from marketplace.bids.models import Bid, ConceptPart, Shortlist
from marketplace.bids.terms import Answer, BidTerms, Load
from marketplace.bids.workflow import Meets, ShortlistState
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.orders.models import Order
from marketplace.orders.procedures import RULES, Procedure, rules_of
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.talent.models import Team
from tests.conftest import Clock
from tests.factories import Make

PLAN = "以硅烷预处理与水性涂层结合，分三阶段试验：实验室配方、中试、现场验证，并交付样件与检测报告。"


def opener() -> PrivateKey:
    """Give the application a fresh pair of keys, no holder and no key of an order, and return the private one."""
    config = current_app.extensions["config"]
    for folder in ("orders", "holders"):
        shutil.rmtree(Path(config.opener_key).parent / folder, ignore_errors=True)
    for path in Path(config.opener_key).parent.glob("*.holder"):
        path.unlink()
    for path in (keys.public_path(config), Path(config.opener_key)):
        path.unlink(missing_ok=True)
    keys.make_keys(config)
    return PrivateKey(config.opener_key.read_bytes().strip(), HexEncoder)


class Scene:
    """``order`` takes bids for 20 days; ``lead`` leads ``team``; ``officers`` are two natural persons."""

    def __init__(self, make: Make, clock: Clock) -> None:
        self.make, self.clock = make, clock
        self.key = opener()
        self.alliance = make.alliance()
        self.enterprise = make.enterprise(alliance=self.alliance)
        self.owner: Account = make.owner(self.enterprise)
        self.order: Order = make.order(self.enterprise, alliance_id=self.alliance.id)
        self.university = make.university()
        self.team: Team = make.team(self.university)
        self.lead: Account = make.lead(self.team)

    @cached_property
    def secretary(self) -> Account:
        return self.make.account(Role.ALLIANCE_SECRETARY, alliance=self.alliance)

    @cached_property
    def officers(self) -> tuple[Account, Account]:
        return self.make.officer(), self.make.officer()

    def call(self, account: Account | None = None) -> Call:
        return self.make.call(account or self.lead)

    def terms(self, team: Team | None = None, **values: object) -> BidTerms:
        """A complete bid of ``team`` that nothing would keep out."""
        answers = tuple(Answer(t.id, Meets.MEETS, t.value, "按标准检测") for t in self.order.targets)
        complete = BidTerms(
            plan=PLAN,
            schedule="第1–3月配方；第4–6月中试",
            price=42_000_000,
            start_on=date(2027, 3, 1),
            months=6,
            loads=(Load((team or self.team).id, 90),),
            answers=answers,
        )
        return replace(complete, **values)  # type: ignore[arg-type]

    def drafted(self, team: Team | None = None, account: Account | None = None) -> Bid:
        return service.start_bid(self.call(account), self.order.id, (team or self.team).id)

    def submitted(self, **values: object) -> Bid:
        bid = self.drafted()
        return service.submit_bid(self.call(), bid.id, self.terms(**values))

    def rival(self) -> Bid:
        """A submitted bid of another university's team."""
        team = self.make.team()
        lead = self.make.lead(team)
        bid = self.drafted(team, lead)
        return service.submit_bid(self.call(lead), bid.id, self.terms(team, price=39_000_000))

    def two_full_bids(self, **values: object) -> list[Bid]:
        """Two submitted bids in the second of two stages, as if their concepts had been chosen."""
        self.follows(Procedure.TWO_STAGE)
        team = self.make.team()
        lead = self.make.lead(team)
        drafts = [self.drafted(), self.drafted(team, lead)]
        now = self.order.concepts_at = self.clock()
        chosen = Shortlist(
            order_id=self.order.id,
            state=ShortlistState.CONFIRMED,
            deadline=self.order.bid_deadline,
            proposed_at=now,
            decided_at=now,
        )
        concepts = [
            ConceptPart(
                bid_id=d.id,
                content=BidTerms(plan=PLAN).as_json(),
                salt="",
                version="",
                commitment="",
                chosen=True,
                reason="路线清楚",
            )
            for d in drafts
        ]
        self.make.save(self.order, chosen, *concepts)
        mine = service.submit_bid(self.call(), drafts[0].id, self.terms(**values))
        return [mine, service.submit_bid(self.call(lead), drafts[1].id, self.terms(team, price=39_000_000))]

    def authorised(self, bid: Bid, *partners: Team) -> None:
        """Let the institution of each partner of the kept draft authorise its part."""
        service.ask_partners(self.call(), bid.id)
        for team in partners:
            organisation = db.session.get(Organisation, team.organisation_id)
            assert organisation is not None
            owner = self.make.owner(organisation)
            digest = consents.get(self.call(owner), bid.id, team.id).digest
            service.give_consent(self.call(owner), bid.id, team.id, digest)

    @cached_property
    def holders(self) -> list[Holder]:
        """The three holders, all unlocked."""
        files = [holders.folder().parent / f"{name}.holder" for name in ("an", "bo", "cai")]
        for path in files:
            holders.enrol(path.stem, f"passphrase of {path.stem}", path)
        return [holders.unlock(path, f"passphrase of {path.stem}") for path in files]

    def follows(self, procedure: Procedure) -> None:
        """Let the order follow another procedure and the opener make its keys."""
        assert not RULES[procedure].split_key or len(self.holders) == 3
        self.order.procedure = procedure
        self.make.save(self.order)
        service.prepare_keys(self.make.call(), self.order.id)

    def past_deadline(self) -> None:
        self.clock.advance(days=20)

    def opened(self) -> Order:
        """Let the deadline pass and two officers open the bids (the job runs at once)."""
        self.past_deadline()
        service.request_opening(self.call(self.officers[0]), self.order.id)
        service.confirm_opening(self.call(self.officers[1]), self.order.id)
        if self.fresh_order().state is OrderState.BIDDING and rules_of(self.order).split_key:
            service.open_bids(self.make.call(), self.order.id, self.holders[1:])
        return self.fresh_order()

    def change_form(self, **values: str) -> dict[str, str]:
        """What the page of a change of the order sends when nothing but ``values`` is typed."""
        order, target = self.order, self.order.targets[0]
        form = {name: getattr(order, name) for name in ("title", "title_en", "problem", "background")}
        names = ("name", "comparator", "value", "value_to", "unit", "method")
        rows = {f"targets-0-{name}": str(getattr(target, name)) for name in names} | {"targets-0-must_have": "y"}
        terms = {"price_ceiling": "50万", "own_funds": "20万", "delivery_on": str(order.delivery_on)}
        return {**form, **rows, **terms, "note": "样件要求提高", **values}

    def fresh_order(self) -> Order:
        row = db.session.get(Order, self.order.id, populate_existing=True)
        assert row is not None
        return row


def fresh(bid: Bid) -> Bid:
    row = db.session.get(Bid, bid.id, populate_existing=True)
    assert row is not None
    return row
