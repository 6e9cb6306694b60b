"""The pools of the demo's alliances, with their conditions, licences and the royalties they brought."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random

from marketplace.accounts.models import Account
from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement, Step
from marketplace.audit import service as audit
from marketplace.db.base import Base, db
from marketplace.db.transaction import use_case
from marketplace.demo.patenting import Portfolio
from marketplace.demo.society import Society, save
from marketplace.kernel.call import Call
from marketplace.kernel.money import FEN_PER_YUAN
from marketplace.licences import income, journal, queries
from marketplace.licences.jobs import quarter_before
from marketplace.licences.models import (
    Distribution,
    Licence,
    LicencePatent,
    LicenceSignature,
    OpenLicence,
    RoyaltyReceipt,
    RoyaltyStatement,
)
from marketplace.licences.workflow import (
    FeeMode,
    LicenceKind,
    LicenceState,
    MoneyState,
    OpenState,
    Side,
    StatementState,
)
from marketplace.patents.deadlines.calendar import add_months
from marketplace.patents.models import Patent
from marketplace.patents.queries import today as day_of
from marketplace.patents.workflow import LegalState
from marketplace.pools import queries as pools
from marketplace.pools.models import PoolEvaluation, PoolOffer, PoolRules
from marketplace.pools.workflow import Essentiality, OfferState, Relation, RulesState, Validity

WAN = 10_000 * FEN_PER_YUAN
_WAITING = (OfferState.OFFERED, OfferState.EVALUATED, OfferState.PROPOSED, OfferState.REFUSED)
_PURPOSES = ("用于下一代产品线的量产", "用于出口型号改款", "用于示范产线技术改造", "用于与供应商联合开发")


@use_case
def pool(call: Call, society: Society, portfolio: Portfolio, seed: int) -> None:
    """Pool nearly all patents in force, let members take bundles, and divide what they paid."""
    random = Random(seed)  # noqa: S311 - a demo must be the same every time
    pairs = _eyes(society)
    rules = _rules(call, society, pairs)
    offers = _offers(call, random, society, portfolio, pairs)
    licences = _licences(call, random, society, offers, rules, pairs)
    _pay(call, random, licences, pairs)
    chains = _chains(call, society, portfolio, len(licences) + len(society.alliances))
    _open(call, portfolio)
    detail = {"offers": len(offers), "licences": len(licences) + chains}
    audit.record(call, "demo.pool", "demo", None, detail)


def _eyes(society: Society) -> tuple[Account, Account]:
    return society.staff["officer1"], society.staff["officer2"]


def _stood(call: Call, kind: str, subject_id: int, mark: str, pair: tuple[Account, Account]) -> list[Base]:
    """The endorsements of two people."""
    return [
        Endorsement(
            subject_kind=kind,
            subject_id=subject_id,
            content_hash=mark,
            step=step,
            person_id=account.person_id,
            account_id=account.id,
            at=call.now,
        )
        for step, account in zip((Step.PROPOSED, Step.APPROVED), pair, strict=True)
    ]


def _rules(call: Call, society: Society, pair: tuple[Account, Account]) -> dict[int, PoolRules]:
    rows = [
        PoolRules(
            alliance_id=alliance.id,
            number=1,
            entry_fee=2 * WAN,
            patent_price=WAN // 2,
            bundle_cap=(12 + n) * WAN,
            rate=100 + 20 * n,
            pool_fee=500,
            members_free=False,
            state=RulesState.IN_FORCE,
            proposed_by=pair[0].id,
            proposed_at=call.now - timedelta(days=300),
            decided_at=call.now - timedelta(days=295),
        )
        for n, alliance in enumerate(society.alliances.values())
    ]
    save(list(rows))
    names = ("alliance_id", "number", "entry_fee", "patent_price", "bundle_cap", "rate", "pool_fee", "members_free")
    for row in rows:
        mark = approvals.content_hash({name: getattr(row, name) for name in names})
        db.session.add_all(_stood(call, "pool_rules", row.id, mark, pair))
    return {row.alliance_id: row for row in rows}


def _offers(
    call: Call, random: Random, society: Society, portfolio: Portfolio, pair: tuple[Account, Account]
) -> list[PoolOffer]:
    """Every patent in force is in its alliance's pool, but for a few on their way and one that was refused."""
    rows = []
    for patent in portfolio.patents:
        if patent.state not in {LegalState.GRANTED, LegalState.PUBLISHED}:
            continue
        work = portfolio.works[patent.id]
        waiting = _WAITING[patent.id % len(_WAITING)] if patent.id % 29 == 0 else OfferState.ADMITTED
        rows.append(_offer(call, random, society, patent, society.alliances[work.alliance].id, waiting))
    save(list(rows))
    evaluated = [row for row in rows if row.state is not OfferState.OFFERED]
    db.session.add_all([_evaluation(call, row) for row in evaluated])
    for row in rows:
        if row.state in {OfferState.ADMITTED, OfferState.PROPOSED}:
            stood = _stood(call, "pool_offer", row.id, pools.fingerprint(row), pair)
            db.session.add_all(stood if row.state is OfferState.ADMITTED else stood[:1])
    db.session.flush()
    return [row for row in rows if row.state is OfferState.ADMITTED]


def _offer(
    call: Call, random: Random, society: Society, patent: Patent, alliance_id: int, state: OfferState
) -> PoolOffer:
    offered = call.now - timedelta(days=random.randint(40, 280))
    schools = [school for school in society.schools if school.id != patent.owner_id]
    expert = society.owners[random.choice(schools).id]
    return PoolOffer(
        patent=patent,
        patent_id=patent.id,
        alliance_id=alliance_id,
        note="与池内专利互补，可支撑成套技术许可。",
        state=state,
        reason="与池内在先专利可相互替代，不予入池。" if state is OfferState.REFUSED else "",
        weight=random.randint(3, 8),
        offered_by=society.owners[patent.owner_id].id,
        offered_at=offered,
        expert_id=None if state is OfferState.OFFERED else expert.id,
        decided_at=offered + timedelta(days=20) if state in {OfferState.ADMITTED, OfferState.REFUSED} else None,
        admitted_at=offered + timedelta(days=20) if state is OfferState.ADMITTED else None,
    )


def _evaluation(call: Call, row: PoolOffer) -> PoolEvaluation:
    assert row.expert_id is not None
    return PoolEvaluation(
        offer_id=row.id,
        expert_id=row.expert_id,
        validity=Validity.SOLID if row.weight > 4 else Validity.DOUBTFUL,
        essentiality=Essentiality.ESSENTIAL if row.weight > 6 else Essentiality.USEFUL,
        relation=Relation.SUBSTITUTE if row.state is OfferState.REFUSED else Relation.COMPLEMENT,
        weight=row.weight,
        chart=[
            {"element": "权利要求1的主题与用途", "reading": "产品说明书所述用途一致"},
            {"element": "权利要求1的特征部分", "reading": "样品检测数据落入所述范围"},
        ],
        remark="检索到两篇接近的现有技术，均未公开特征部分。",
        at=call.now - timedelta(days=30),
    )


def _licences(
    call: Call,
    random: Random,
    society: Society,
    offers: list[PoolOffer],
    rules: dict[int, PoolRules],
    pair: tuple[Account, Account],
) -> list[Licence]:
    """Two bundles in each pool that run, and one that waits for the pool's signature."""
    today = day_of(call)
    rows: list[Licence] = []
    for alliance in society.alliances.values():
        pooled = [offer for offer in offers if offer.alliance_id == alliance.id]
        for turn in range(3):
            chosen = pooled[turn::3][: random.randint(5, 9)]
            licensee = society.members[alliance.code][turn]
            chosen = [offer for offer in chosen if offer.patent.owner_id != licensee.id]
            waits = turn == 2
            started = call.now - timedelta(days=random.randint(130, 250))
            rows.append(
                Licence(
                    reference=f"LIC-{today.year}-{len(rows) + 1:04d}",
                    licensee_id=licensee.id,
                    alliance_id=alliance.id,
                    rules_id=rules[alliance.id].id,
                    rules=rules[alliance.id],
                    kind=LicenceKind.ORDINARY,
                    fee_mode=FeeMode.ENTRY_RUNNING if turn == 1 else FeeMode.LUMP,
                    purpose=_PURPOSES[len(rows) % len(_PURPOSES)],
                    starts_on=started.date(),
                    ends_on=add_months(started.date(), 36),
                    lump=0 if turn == 1 else rules[alliance.id].bundle_price(len(chosen)) * 3,
                    entry_fee=2 * WAN if turn == 1 else 0,
                    rate=rules[alliance.id].rate if turn == 1 else 0,
                    state=LicenceState.OFFERED if waits else LicenceState.RUNNING,
                    requested_at=started,
                    started_at=None if waits else started,
                    recorded_on=None if waits or turn else started.date() + timedelta(days=20),
                    recorded_number="" if waits or turn else f"X{today.year}44000{len(rows):04d}",
                    parts=[LicencePatent(patent_id=o.patent_id, patent=o.patent, weight=o.weight) for o in chosen],
                )
            )
    save(list(rows))
    for row in rows:
        signers = [(Side.LICENSEE, society.owners[row.licensee_id]), (Side.LICENSOR, pair[0])]
        for side, account in signers[: 1 if row.state is LicenceState.OFFERED else 2]:
            db.session.add(_signature(call, row, side, account))
    db.session.flush()
    return [row for row in rows if row.state is LicenceState.RUNNING]


def _chains(call: Call, society: Society, portfolio: Portfolio, taken: int) -> int:
    """A few owners let a member use a patent and pass it on: the member gave a supplier a sub-licence."""
    today, made = day_of(call), 0
    alive = [row for row in portfolio.patents if row.state is LegalState.GRANTED]
    for patent in alive[3::41][:4]:
        members = society.members[portfolio.works[patent.id].alliance]
        member, supplier = [one for one in members if one.id != patent.owner_id][4:6]
        started = call.now - timedelta(days=200)
        head = _running(f"LIC-{today.year}-{taken + made + 1:04d}", patent.owner_id, member.id, patent, started)
        head.may_sublicense = True
        save([head])
        below = _running(
            f"LIC-{today.year}-{taken + made + 2:04d}", member.id, supplier.id, patent, started + timedelta(days=60)
        )
        below.rests_on_id, below.ends_on = head.id, head.ends_on
        save([below])
        for row in (head, below):
            assert row.licensor_id is not None
            for side, organisation in ((Side.LICENSEE, row.licensee_id), (Side.LICENSOR, row.licensor_id)):
                db.session.add(_signature(call, row, side, society.owners[organisation]))
        made += 2
    db.session.flush()
    return made


def _running(reference: str, licensor_id: int, licensee_id: int, patent: Patent, started: datetime) -> Licence:
    return Licence(
        reference=reference,
        licensee_id=licensee_id,
        licensor_id=licensor_id,
        kind=LicenceKind.ORDINARY,
        fee_mode=FeeMode.LUMP,
        purpose=_PURPOSES[0],
        starts_on=started.date(),
        ends_on=min(add_months(started.date(), 36), patent.expires_on),
        lump=15 * WAN,
        state=LicenceState.RUNNING,
        requested_at=started,
        started_at=started,
        parts=[LicencePatent(patent_id=patent.id, patent=patent, weight=1)],
    )


def _signature(call: Call, row: Licence, side: Side, account: Account) -> LicenceSignature:
    return LicenceSignature(
        licence_id=row.id,
        side=side,
        content_hash=queries.fingerprint(row),
        person_id=account.person_id,
        account_id=account.id,
        at=row.started_at or call.now,
    )


def _pay(call: Call, random: Random, licences: list[Licence], pair: tuple[Account, Account]) -> None:
    """Each licensee paid; most of it is divided, one division waits for the second person."""
    period, last_day = quarter_before(day_of(call))
    for number, row in enumerate(licences):
        db.session.refresh(row, ["parts"])
        amount = row.lump or row.entry_fee + random.randint(20, 90) * WAN // 10
        receipt = RoyaltyReceipt(
            licence_id=row.id,
            amount=amount,
            paper=f"银行回单 {800_100 + number}",
            state=MoneyState.APPROVED,
            proposed_by=pair[0].id,
            proposed_at=call.now - timedelta(days=60),
            decided_at=call.now - timedelta(days=59),
        )
        save([receipt])
        mark = approvals.content_hash({"licence": row.id, "amount": amount, "paper": receipt.paper})
        db.session.add_all(_stood(call, "royalty_receipt", receipt.id, mark, pair))
        journal.receive(call, row.id, amount, key=f"receipt:{receipt.id}")
        if number % 4 != 3:
            _divide(call, row, amount, pair, waits=number % 4 == 2)
        if row.has_royalty:
            filed = number % 3 == 1
            statement = RoyaltyStatement(
                licence_id=row.id,
                period=period,
                due_on=last_day + timedelta(days=30),
                sales=row.rate and 1_000 * WAN if filed else 0,
                royalty=row.rate * WAN // 10 if filed else 0,
                state=StatementState.FILED if filed else StatementState.DUE,
                filed_at=call.now - timedelta(days=3) if filed else None,
            )
            db.session.add(statement)
    db.session.flush()


def _divide(call: Call, row: Licence, amount: int, pair: tuple[Account, Account], *, waits: bool) -> None:
    assert row.rules is not None
    lines = income.divide(amount, row.rules.pool_fee, queries.parts_of(row, day_of(call)))
    plain = [asdict(line) for line in lines]
    division = Distribution(
        licence_id=row.id,
        amount=amount,
        lines=plain,
        state=MoneyState.PROPOSED if waits else MoneyState.APPROVED,
        proposed_by=pair[0].id,
        proposed_at=call.now - timedelta(days=20),
        decided_at=None if waits else call.now - timedelta(days=19),
    )
    save([division])
    mark = approvals.content_hash({"licence": row.id, "amount": amount, "lines": plain})
    stood = _stood(call, "distribution", division.id, mark, pair)
    db.session.add_all(stood[:1] if waits else stood)
    if not waits:
        journal.distribute(call, row.id, lines, key=f"distribution:{division.id}")


def _open(call: Call, portfolio: Portfolio) -> None:
    """A few owners opened a patent to everybody."""
    alive = [row for row in portfolio.patents if row.state is LegalState.GRANTED and len(row.shares) < 6]
    for number, patent in enumerate(alive[5::37][:6]):
        free = number % 3 == 2
        db.session.add(
            OpenLicence(
                patent_id=patent.id,
                fee_mode=FeeMode.FREE if free else FeeMode.LUMP,
                lump=0 if free else (2 + number) * WAN,
                ends_on=add_months(patent.expires_on, -6),
                evaluation_report=f"ZLPJ{number:06d}",
                state=OpenState.DECLARED,
                declared_at=call.now - timedelta(days=10 + number),
            )
        )
    db.session.flush()
