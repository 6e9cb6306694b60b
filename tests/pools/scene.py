"""An alliance with members, a patent on offer, and everybody who acts on it."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.kernel.call import Role
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent
from marketplace.pools import service
from marketplace.pools.models import PoolOffer, PoolRules
from marketplace.pools.terms import EvaluationTerms, RulesTerms
from marketplace.pools.workflow import Essentiality, Relation, Validity
from tests.factories import Make
from tests.patents.scene import patent

FOUND = EvaluationTerms(
    Validity.SOLID, Essentiality.ESSENTIAL, Relation.COMPLEMENT, 6, (("预处理液含硅烷", "说明书第3页"),), "机密评语"
)
RULES = RulesTerms(2_000_000, 500_000, 1_200_000, 200, 500)


@dataclass
class Scene:
    """``rival`` is another member of the same alliance; ``expert`` works elsewhere."""

    make: Make
    alliance: Alliance
    university: Organisation
    owner: Account
    rival: Account
    rival_organisation: Organisation
    expert: Account
    secretary: Account
    officer: Account

    def patent(self, serial: int = 1, **values: object) -> Patent:
        return patent(self.make, self.owner, self.university, serial, **values)

    def offer(self, serial: int = 1, **values: object) -> PoolOffer:
        row = self.patent(serial, **values)
        return service.offer_patent(self.make.call(self.owner), row.id, self.alliance.id, "互补")

    def evaluated(self, serial: int = 1, terms: EvaluationTerms = FOUND, **values: object) -> PoolOffer:
        row = self.offer(serial, **values)
        service.appoint_expert(self.make.call(self.secretary), row.id, self.expert.email)
        return service.evaluate(self.make.call(self.expert), row.id, terms)

    def pooled(self, serial: int = 1, **values: object) -> PoolOffer:
        row = self.evaluated(serial, **values)
        service.propose_admission(self.make.call(self.secretary), row.id)
        return service.admit(self.make.call(self.officer), row.id)

    def rules(self, terms: RulesTerms = RULES) -> PoolRules:
        row = service.propose_rules(self.make.call(self.secretary), self.alliance.id, terms)
        return service.approve_rules(self.make.call(self.officer), row.id)


def scene(make: Make) -> Scene:
    alliance = make.alliance()
    university = make.university(alliance=alliance, name="东江大学")
    rival = make.enterprise(alliance=alliance, name="对手公司")
    return Scene(
        make,
        alliance,
        university,
        make.owner(university),
        make.owner(rival),
        rival,
        make.owner(make.university()),
        make.account(Role.ALLIANCE_SECRETARY, alliance=alliance),
        make.officer(),
    )
