"""An order with a secret and everybody who might want to read it: where tests of confidentiality agreements begin."""

from __future__ import annotations

from io import BytesIO

from werkzeug.datastructures import FileStorage

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.orders import agreement, service
from marketplace.orders.models import Nda, Order
from marketplace.orders.terms import DisclosureTerms
from marketplace.orders.workflow import NDA_WAS_SIGNED, NdaState, OrderState
from tests.conftest import START
from tests.factories import Make

SECRET = "绝密配方QX7731锆盐百分之四点二"
FILE = "机密图纸QX7731.txt"
CONTENT = b"canary-in-a-file-QX7731"
N = NdaState


class Scene:
    """An order in bidding with a confidential text and file, and everybody who might want to read them."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.alliance = make.alliance()
        self.enterprise = make.enterprise(alliance=self.alliance)
        self.order: Order = make.order(self.enterprise, OrderState.DRAFT, alliance_id=self.alliance.id)
        self.university = make.university(alliance=self.alliance)
        self.team = make.team(self.university)
        self.people: dict[str, Account | None] = {
            "visitor": None,
            "owner": make.owner(self.enterprise),
            "member": make.account(Role.ENTERPRISE_MEMBER, organisation=self.enterprise),
            "lead": make.lead(self.team),
            "signatory": make.owner(self.university),
            "colleague": make.account(Role.UNIVERSITY_MEMBER, organisation=self.university),
            "sister lead": make.lead(make.team(self.university)),
            "other signatory": make.owner(make.university(alliance=self.alliance)),
            "rival enterprise": make.owner(make.enterprise(alliance=self.alliance)),
            "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=self.alliance),
            "other secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()),
            "officer": make.officer(),
            "fund manager": make.account(Role.FUND_MANAGER),
            "auditor": make.account(Role.AUDITOR),
            "administrator": make.account(Role.ADMINISTRATOR),
        }
        service.set_disclosure(self.call("owner"), self.order.id, DisclosureTerms(confidential=SECRET))
        upload = FileStorage(BytesIO(CONTENT), filename=FILE, content_type="text/plain")
        service.attach_file(self.call("owner"), self.order.id, upload, confidential=True)
        self.order.state, self.order.published_at = OrderState.BIDDING, START
        db.session.commit()

    def call(self, who: str) -> Call:
        account = self.people[who]
        assert account is not None
        return self.make.call(account)

    def requested(self) -> Nda:
        return service.request_nda(self.call("lead"), self.order.id, self.team.id)

    def mark(self, nda: Nda) -> str:
        return agreement.fingerprint(self.order, self.team)

    def signed(self) -> Nda:
        nda = self.requested()
        return service.sign_nda(self.call("signatory"), nda.id, self.mark(nda))

    def bring(self, state: NdaState | None) -> Nda | None:
        """Take an agreement of the team into ``state``; None: there is none."""
        if state is None:
            return None
        nda = self.requested() if state not in NDA_WAS_SIGNED else self.signed()
        match state:
            case N.DECLINED:
                return service.decline_nda(self.call("owner"), nda.id, "竞争关系")
            case N.WITHDRAWN:
                return service.withdraw_nda(self.call("lead"), nda.id)
            case N.REVOKED:
                return service.revoke_nda(self.call("owner"), nda.id, "泄密风险")
            case N.EXPIRED:
                nda.state, nda.ended_at = N.EXPIRED, START
                db.session.commit()
        return nda
