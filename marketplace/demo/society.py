"""Alliances, organisations and the people who act for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from marketplace.accounts.models import Account, AccountGrant, Person
from marketplace.accounts.passwords import hash_password, identity_digest
from marketplace.accounts.workflow import AccountState
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.audit import service as audit
from marketplace.db.base import Base, db
from marketplace.db.transaction import use_case
from marketplace.demo import names
from marketplace.kernel.call import Call, Role
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState, Size

PASSWORD = "tripool-demo-2027"  # noqa: S105 - printed for everybody, and only ever set in a demo city
ENTERPRISES = 120
DOMAIN = "tripool.example"
STAFF = (
    ("officer1", Role.CENTRE_OFFICER, None),
    ("officer2", Role.CENTRE_OFFICER, None),
    ("funds1", Role.FUND_MANAGER, None),
    ("funds2", Role.FUND_MANAGER, None),
    ("auditor", Role.AUDITOR, None),
    ("admin1", Role.ADMINISTRATOR, None),
    ("admin2", Role.ADMINISTRATOR, None),
    *((f"secretary-{code.lower()}", Role.ALLIANCE_SECRETARY, code) for code, *_ in names.ALLIANCES),
)
_SIZES = (Size.MICRO, Size.SMALL, Size.SMALL, Size.SMALL, Size.MEDIUM, Size.MEDIUM, Size.LARGE)
_WAITING = (
    (OrganisationState.REGISTERED, ""),
    (OrganisationState.REGISTERED, ""),
    (OrganisationState.REGISTERED, ""),
    (OrganisationState.REJECTED, "营业执照影像不清晰，请重新上传后再次提交。"),
    (OrganisationState.SUSPENDED, "年度信息未按期核验，暂停发布与投标。"),
)


@dataclass
class Society:
    """Who there is; ``members`` are verified enterprises by alliance code, ``owners`` accounts by organisation id."""

    alliances: dict[str, Alliance] = field(default_factory=dict)
    members: dict[str, list[Organisation]] = field(default_factory=dict)
    schools: list[Organisation] = field(default_factory=list)
    staff: dict[str, Account] = field(default_factory=dict)
    owners: dict[int, Account] = field(default_factory=dict)


class Register:
    """Makes persons with accounts; everybody shares one password hash, because hashing is slow on purpose."""

    def __init__(self, call: Call, people: list[str], first: int = 0) -> None:
        self.call = call
        self.people = people
        self.serial = first
        self.hash = hash_password(PASSWORD)

    def account(self, box: str, person: Person | None = None) -> Account:
        """Return a new active account, of a new person unless ``person`` is given; not in the database yet."""
        made = self.call.now - timedelta(days=420)
        if person is None:
            name = self.people[self.serial % len(self.people)]
            person = Person(name=name, identity=identity_digest(f"DEMO{self.serial:06d}"), created_at=made)
            self.serial += 1
        return Account(
            person=person,
            email=f"{box}@{DOMAIN}",
            password_hash=self.hash,
            state=AccountState.ACTIVE,
            created_at=made,
        )


def grant(call: Call, account: Account, role: Role, **limits: int | None) -> AccountGrant:
    return AccountGrant(account_id=account.id, role=role, created_at=call.now - timedelta(days=400), **limits)


def save(rows: list[Base]) -> None:
    """Add many rows at once and learn their ids."""
    db.session.add_all(rows)
    db.session.flush()


@use_case
def found(call: Call, seed: int) -> Society:
    """Found the alliances, register organisations and give their owners and the centre's staff accounts."""
    random, society = Random(seed), Society()  # noqa: S311 - a demo must be the same every time
    register = Register(call, names.people())
    _alliances(call, society)
    others = _organisations(call, random, society)
    _memberships(call, random, society, others)
    _staff(call, register, society)
    _owners(call, register, society, others)
    detail = {"alliances": len(society.alliances), "enterprises": ENTERPRISES, "schools": len(society.schools)}
    audit.record(call, "demo.found", "demo", None, detail)
    return society


def _alliances(call: Call, society: Society) -> None:
    for number, (code, name, name_en, about, about_en) in enumerate(names.ALLIANCES):
        founded = call.now - timedelta(days=900 - 60 * number)
        row = Alliance(code=code, name=name, name_en=name_en, about=about, about_en=about_en, founded_at=founded)
        society.alliances[code] = row
    save(list(society.alliances.values()))


def _organisations(call: Call, random: Random, society: Society) -> list[Organisation]:
    codes = list(society.alliances)
    society.members = {code: [] for code in codes}
    others = []
    for serial, (brand, reading) in enumerate(names.brands(random, ENTERPRISES + len(_WAITING))):
        code = codes[serial % len(codes)]
        sector, sector_en, industry = names.SECTORS[code][serial // len(codes) % 3]
        row = _organisation(call, random, serial, OrganisationKind.ENTERPRISE)
        row.name, row.name_en = f"榕湾市{brand}{sector}有限公司", f"{reading} {sector_en} Co., Ltd. (Rongwan)"
        row.industry, row.size = industry, random.choice(_SIZES)
        row.introduction = f"主营{sector}相关产品的研发、生产与销售。本机构为演示用虚构机构。"
        if serial < ENTERPRISES:
            society.members[code].append(row)
        else:
            row.state, row.reason = _WAITING[serial - ENTERPRISES]
            row.verified_at = None if row.state is not OrganisationState.SUSPENDED else row.verified_at
            others.append(row)
    for serial, (name, name_en, kind) in enumerate(names.schools(), 500):
        row = _organisation(call, random, serial, kind)
        row.name, row.name_en = name, name_en
        row.introduction = f"{name}面向地方产业开展应用研究与成果转化。本机构为演示用虚构机构。"
        society.schools.append(row)
    save([*(row for rows in society.members.values() for row in rows), *others, *society.schools])
    return others


def _organisation(call: Call, random: Random, serial: int, kind: OrganisationKind) -> Organisation:
    registered = call.now - timedelta(days=random.randint(320, 400), hours=random.randint(0, 9))
    return Organisation(
        kind=kind,
        uscc=names.credit_code(serial, enterprise=kind is OrganisationKind.ENTERPRISE),
        region=random.choice(names.REGIONS),
        state=OrganisationState.VERIFIED,
        registered_at=registered,
        verified_at=registered + timedelta(days=3),
    )


def _memberships(call: Call, random: Random, society: Society, others: list[Organisation]) -> None:
    """Everybody belongs to an alliance, schools to two; some more asked, were refused or left."""
    codes, rows = list(society.alliances), []
    for number, code in enumerate(codes):
        rows += [_membership(call, society.alliances[code], row) for row in society.members[code]]
        next_code = codes[(number + 1) % len(codes)]
        for state, reason, row in zip(
            (MembershipState.REQUESTED, MembershipState.REQUESTED, MembershipState.REFUSED, MembershipState.ENDED),
            ("", "", "主营业务与联盟章程规定的产业范围不符。", "企业主动申请退出。"),
            society.members[code][-4:],
            strict=True,
        ):
            rows.append(_membership(call, society.alliances[next_code], row, state, reason))
    for school in society.schools:
        rows += [_membership(call, society.alliances[code], school) for code in random.sample(codes, 2)]
    rows += [_membership(call, society.alliances["MAT"], others[-1])]
    save(list(rows))


def _membership(
    call: Call,
    alliance: Alliance,
    organisation: Organisation,
    state: MembershipState = MembershipState.ACTIVE,
    reason: str = "",
) -> AllianceMembership:
    waiting = state is MembershipState.REQUESTED
    return AllianceMembership(
        alliance_id=alliance.id,
        organisation_id=organisation.id,
        state=state,
        reason=reason,
        requested_at=call.now - timedelta(days=3 if waiting else 310),
        decided_at=None if waiting else call.now - timedelta(days=300),
    )


def _staff(call: Call, register: Register, society: Society) -> None:
    society.staff = {box: register.account(box) for box, _, _ in STAFF}
    # The same natural person as officer1: shows that four eyes are counted by persons, not by accounts.
    society.staff["officer1b"] = register.account("officer1b", society.staff["officer1"].person)
    save(list(society.staff.values()))
    grants = [
        grant(call, society.staff[box], role, alliance_id=society.alliances[code].id if code else None)
        for box, role, code in STAFF
    ]
    save([*grants, grant(call, society.staff["officer1b"], Role.CENTRE_OFFICER)])


def _owners(call: Call, register: Register, society: Society, others: list[Organisation]) -> None:
    enterprises = [row for rows in society.members.values() for row in rows] + others
    society.owners = {row.id: register.account(f"e{number:03d}") for number, row in enumerate(enterprises, 1)}
    society.owners |= {row.id: register.account(f"u{number:02d}") for number, row in enumerate(society.schools, 1)}
    save(list(society.owners.values()))
    schools = {row.id for row in society.schools}
    save(
        [
            grant(
                call,
                account,
                Role.UNIVERSITY_OWNER if key in schools else Role.ENTERPRISE_OWNER,
                organisation_id=key,
            )
            for key, account in society.owners.items()
        ]
    )
