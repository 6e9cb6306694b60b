"""Rows for tests to start from. Every maker commits, takes only what the test cares about and returns the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from stdnum.cn import uscc

from marketplace.accounts.models import Account, AccountGrant, LoginSession, Person
from marketplace.accounts.passwords import hash_password, identity_digest, token_digest
from marketplace.accounts.queries import actor_of
from marketplace.accounts.workflow import AccountState
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState, Visibility
from marketplace.bids.models import Bid, OpenedAnswer, OpenedBid, OpenedLoad
from marketplace.bids.terms import FIRST_FORMAT
from marketplace.bids.workflow import BidState, Meets
from marketplace.db.base import Base, db
from marketplace.funds import ledger
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind, FundState, Movement
from marketplace.kernel.call import Call, Role
from marketplace.kernel.fields import Field
from marketplace.orders.models import ConfidentialPart, Order, Target
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import AFTER_PUBLICATION, Comparator, ContractType, IpWish, OrderState
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState, Size
from marketplace.talent.models import Capability, Evidence, Team
from marketplace.talent.workflow import CapabilityState, EvidenceKind

PASSWORD = "correct horse battery"


def uscc_number(serial: int) -> str:
    """Return a valid unified social credit code for a fictional organisation."""
    body = f"91441900MA{serial:07d}"
    return body + str(uscc.calc_check_digit(body))


BEFORE_OPENING = frozenset({OrderState.PUBLISHED, OrderState.BIDDING, OrderState.CONCEPTS})


class Make:
    """Makers, one method per kind of row; rooms add theirs in alphabetical order of room."""

    def __init__(self, clock: Callable[[], datetime], first: int = 1) -> None:
        """``first`` is the first number in what must be unique, for a second maker on the same database."""
        self.clock = clock
        self._serial = count(first)

    def save(self, *rows: Base) -> None:
        db.session.add_all(rows)
        db.session.commit()

    def call(self, account: Account | None = None) -> Call:
        """Return a call by ``account`` (the system when None) at the clock's time, the password just typed."""
        from marketplace.kernel.call import Actor

        now = self.clock()
        actor = Actor.system() if account is None else replace(actor_of(account), proved_at=now)
        return Call(actor, now, "test")

    def person(self, name: str = "") -> Person:
        n = next(self._serial)
        row = Person(name=name or f"Person {n}", identity=identity_digest(f"TEST{n}"), created_at=self.clock())
        self.save(row)
        return row

    def account(
        self,
        *roles: Role,
        organisation: Organisation | None = None,
        alliance: Alliance | None = None,
        team_id: int | None = None,
        person: Person | None = None,
        email: str = "",
    ) -> Account:
        """An active account with PASSWORD; organisation and team roles take ``organisation``/``team_id``."""
        n = next(self._serial)
        row = Account(
            person_id=(person or self.person()).id,
            email=email or f"user{n}@example.test",
            password_hash=hash_password(PASSWORD),
            state=AccountState.ACTIVE,
            created_at=self.clock(),
        )
        self.save(row)
        for role in roles:
            self.save(
                AccountGrant(
                    account_id=row.id,
                    role=role,
                    organisation_id=organisation.id if organisation else None,
                    alliance_id=alliance.id if alliance else None,
                    team_id=team_id,
                    created_at=self.clock(),
                )
            )
        return row

    def login_session(self, account: Account) -> str:
        """Return the token of a fresh session of ``account``."""
        token = f"token-{next(self._serial)}"
        now = self.clock()
        self.save(
            LoginSession(
                account_id=account.id,
                token_digest=token_digest(token),
                created_at=now,
                expires_at=now + timedelta(days=400),
            )
        )
        return token

    def organisation(
        self,
        kind: OrganisationKind = OrganisationKind.ENTERPRISE,
        *,
        state: OrganisationState = OrganisationState.VERIFIED,
        alliance: Alliance | None = None,
        **values: Any,
    ) -> Organisation:
        """A verified organisation, a member of ``alliance`` when given."""
        n = next(self._serial)
        fields: dict[str, Any] = {
            "kind": kind,
            "name": f"Organisation {n}",
            "uscc": uscc_number(n),
            "size": Size.SMALL if kind is OrganisationKind.ENTERPRISE else None,
            "state": state,
            "region": "441900",
            "registered_at": self.clock(),
            "verified_at": self.clock() if state is OrganisationState.VERIFIED else None,
        }
        row = Organisation(**{**fields, **values})
        self.save(row)
        if alliance is not None:
            self.membership(alliance, row)
        return row

    def enterprise(self, **values: Any) -> Organisation:
        return self.organisation(OrganisationKind.ENTERPRISE, **values)

    def university(self, **values: Any) -> Organisation:
        return self.organisation(OrganisationKind.UNIVERSITY, **values)

    def alliance(self, **values: Any) -> Alliance:
        n = next(self._serial)
        fields = {"code": f"A{n}", "name": f"联盟 {n}", "name_en": f"Alliance {n}", "founded_at": self.clock()}
        row = Alliance(**{**fields, **values})
        self.save(row)
        return row

    def membership(
        self, alliance: Alliance, organisation: Organisation, state: MembershipState = MembershipState.ACTIVE
    ) -> AllianceMembership:
        row = AllianceMembership(
            alliance_id=alliance.id,
            organisation_id=organisation.id,
            state=state,
            requested_at=self.clock(),
            decided_at=self.clock(),
        )
        self.save(row)
        return row

    def owner(self, organisation: Organisation) -> Account:
        """An owner's account of ``organisation``."""
        role = Role.ENTERPRISE_OWNER if organisation.is_enterprise else Role.UNIVERSITY_OWNER
        return self.account(role, organisation=organisation)

    def officer(self) -> Account:
        return self.account(Role.CENTRE_OFFICER)

    # orders
    def order_values(
        self, organisation: Organisation, alliance_id: int, state: OrderState = OrderState.BIDDING
    ) -> dict[str, Any]:
        """The columns of a complete order whose bids are due in 20 days; one bid is enough for it."""
        n = next(self._serial)
        now = self.clock()
        return {
            "reference": f"RD-2026-{n:04d}",
            "organisation_id": organisation.id,
            "alliance_id": alliance_id,
            "visibility": Visibility.PUBLIC,
            "title": f"防护涂层 {n}",
            "title_en": f"Coating {n}",
            "problem": "设备表面在潮湿环境中三个月内开始锈蚀，返修率高，客户投诉多，需要一种不含铬的长效防护涂层。" * 3,
            "background": "试过两种市售涂料，附着力不足。",
            "field": Field.NEW_MATERIALS,
            "trl_now": 3,
            "trl_wanted": 6,
            "own_funds": 20_000_000,
            "price_ceiling": 50_000_000,
            "budget_reason": "两个同类项目分别为42万和46万",
            "bid_deadline": now + timedelta(days=20),
            "delivery_on": (now + timedelta(days=400)).date(),
            "contract_type": ContractType.ENTRUSTED,
            "ip_wish": IpWish.ENTERPRISE,
            "procedure": Procedure.QUICK,
            "state": state,
            "created_at": now,
            "changed_at": now,
            "published_at": now if state in AFTER_PUBLICATION else None,
            "opened_at": now if state in AFTER_PUBLICATION - BEFORE_OPENING else None,
            "concepts_at": now if state is OrderState.CONCEPTS else None,
            "approved_at": now if state is OrderState.APPROVED else None,
        }

    def order(
        self, organisation: Organisation | None = None, state: OrderState = OrderState.BIDDING, **values: Any
    ) -> Order:
        """A complete order with one must-have target."""
        alliance_id = values.pop("alliance_id", None) or self.alliance().id
        fields = self.order_values(organisation or self.enterprise(), alliance_id, state)
        row = Order(**{"targets": [self.target()], **fields, **values})
        self.save(row)
        return row

    def target(self, **values: Any) -> Target:
        """A target that is not saved yet."""
        fields: dict[str, Any] = {
            "position": 0,
            "name": "耐盐雾时间",
            "comparator": Comparator.AT_LEAST,
            "value": "1000",
            "unit": "h",
            "method": "GB/T 10125",
            "must_have": True,
        }
        return Target(**{**fields, **values})

    def confidential(self, order: Order, text: str = "机密配方") -> None:
        self.save(ConfidentialPart(order_id=order.id, text=text))

    # bids
    def team(self, organisation: Organisation | None = None, **values: Any) -> Team:
        """A team with 200 person-days a quarter."""
        fields: dict[str, Any] = {
            "organisation_id": (organisation or self.university()).id,
            "name": f"团队 {next(self._serial)}",
            "capacity_days": 200,
            "created_at": self.clock(),
        }
        row = Team(**{**fields, **values})
        self.save(row)
        return row

    def lead(self, team: Team) -> Account:
        """The account of a team's lead."""
        organisation = db.session.get(Organisation, team.organisation_id)
        return self.account(Role.TEAM_LEAD, organisation=organisation, team_id=team.id)

    def opened_bid(self, order: Order, team: Team, *, answers: Sequence[Meets] = (Meets.MEETS,), **values: Any) -> Bid:
        """A bid after its opening; ``price``, ``months``, ``start_on``, ``person_days`` and columns of Bid may be given."""
        now = self.clock()
        content = OpenedBid(
            plan=values.pop("plan", "以硅烷预处理与水性涂层结合，分三阶段试验并交付样件。"),
            schedule=values.pop("schedule", "第1–3月试验；第4–6月中试"),
            price=values.pop("price", 42_000_000),
            start_on=values.pop("start_on", (now + timedelta(days=60)).date()),
            months=values.pop("months", 6),
            version=values.pop("version", FIRST_FORMAT),
            extras=values.pop("extras", {}),
            loads=[OpenedLoad(team_id=team.id, person_days=values.pop("person_days", 90))],
            answers=[
                OpenedAnswer(target_id=target.id, meets=meets)
                for target, meets in zip(order.targets, answers, strict=False)
            ],
        )
        fields: dict[str, Any] = {
            "order_id": order.id,
            "team_id": team.id,
            "state": BidState.OPENED,
            "commitment": f"{next(self._serial):064x}",
            "created_at": now,
            "changed_at": now,
            "submitted_at": now,
            "opened_at": now,
            "content": content,
        }
        row = Bid(**{**fields, **values})
        self.save(row)
        return row

    # talent
    def capability(self, team: Team, **values: Any) -> Capability:
        """A published, public capability with one paper as evidence."""
        n = next(self._serial)
        fields: dict[str, Any] = {
            "team_id": team.id,
            "title": f"无铬防腐涂层 {n}",
            "title_en": f"Chromium-free coating {n}",
            "summary": "以硅烷预处理与水性涂层结合，中性盐雾试验超过一千小时。",
            "field": Field.NEW_MATERIALS,
            "trl_from": 3,
            "trl_to": 7,
            "price_from": 10_000_000,
            "price_to": 60_000_000,
            "state": CapabilityState.PUBLISHED,
            "published_at": self.clock(),
            "created_at": self.clock(),
            "evidence": [Evidence(kind=EvidenceKind.PAPER, title="硅烷膜的耐蚀性", body="盐雾试验", year=2025)],
        }
        row = Capability(**{**fields, **values})
        self.save(row)
        return row

    # funds
    def fund(self, money: int = 0, **values: Any) -> Fund:
        """An open fund for every order, with ``money`` fen brought in through its ledger."""
        n = next(self._serial)
        fields: dict[str, Any] = {
            "code": f"F{n}",
            "name": f"资金 {n}",
            "name_en": f"Fund {n}",
            "kind": FundKind.SUBSIDY,
            "public": True,
            "state": FundState.OPEN,
            "created_at": self.clock(),
        }
        row = Fund(**{**fields, **values})
        self.save(row)
        if money:
            key, kind = f"test:{n}", "contribution"
            ledger.move(self.call(), row.id, Movement.CONTRIBUTE, money, key=key, subject_kind=kind, subject_id=None)
            db.session.commit()
        return row
