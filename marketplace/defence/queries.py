"""Reads of the defence, each behind its wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.defence import policy
from marketplace.defence.costs import Weight
from marketplace.defence.models import (
    CaseMember,
    Contest,
    CounselPaper,
    CounterPatent,
    Covenant,
    CovenantMember,
    CovenantTransfer,
    DefenceCase,
    ExposedProduct,
    PriorArt,
    Threat,
    Watch,
    WatchHit,
)
from marketplace.defence.workflow import CaseState, ContestState, CovenantState, ThreatState
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundKind, FundState
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent
from marketplace.patents.workflow import LegalState
from marketplace.web.filters import in_language
from marketplace.web.tasks import Task

_LARGEST_ID = 2**63 - 1


def _served(actor: Actor) -> set[int]:
    return {g.alliance for g in actor.grants if g.role is Role.ALLIANCE_SECRETARY and g.alliance is not None}


def threats_visible_to(actor: Actor) -> Select[Threat]:
    """The same rule as ``policy.may_see_threat``."""
    query = select(Threat).options(joinedload(Threat.organisation), joinedload(Threat.alliance))
    if actor.reads_everything:
        return query.where(true())
    own, served = sorted(actor.organisations), _served(actor)
    return query.where(
        or_(
            Threat.organisation_id.in_(own) if own else false(),
            Threat.alliance_id.in_(served) if served else false(),
        )
    )


def cases_visible_to(actor: Actor) -> Select[DefenceCase]:
    """The same rule as ``policy.may_see_case``."""
    query = select(DefenceCase).options(
        joinedload(DefenceCase.alliance), selectinload(DefenceCase.members).joinedload(CaseMember.organisation)
    )
    if actor.reads_everything:
        return query
    mine = actor.alliances | _served(actor)
    return query.where(DefenceCase.alliance_id.in_(mine) if mine else false())


def get_threat(call: Call, threat_id: int) -> Threat:
    query = threats_visible_to(call.actor).where(Threat.id == threat_id)
    row = db.session.scalar(query) if 0 < threat_id <= _LARGEST_ID else None
    if row is None:
        raise NotFound("threat")
    return row


def get_case(call: Call, case_id: int) -> DefenceCase:
    query = cases_visible_to(call.actor).where(DefenceCase.id == case_id)
    row = db.session.scalar(query) if 0 < case_id <= _LARGEST_ID else None
    if row is None:
        raise NotFound("case")
    return row


def list_threats(actor: Actor) -> Sequence[Threat]:
    return db.session.scalars(threats_visible_to(actor).order_by(Threat.id.desc()).limit(100)).all()


def list_cases(actor: Actor) -> Sequence[DefenceCase]:
    return db.session.scalars(cases_visible_to(actor).order_by(DefenceCase.id.desc()).limit(100)).all()


def own_watches(actor: Actor) -> Sequence[Watch]:
    query = select(Watch).where(Watch.organisation_id.in_(actor.organisations), Watch.ended_at.is_(None))
    return db.session.scalars(query.options(joinedload(Watch.organisation)).order_by(Watch.id)).all()


def own_hits(actor: Actor) -> Sequence[WatchHit]:
    """What the actor's watches found, the newest first."""
    query = select(WatchHit).join(WatchHit.watch).where(Watch.organisation_id.in_(actor.organisations))
    query = query.options(joinedload(WatchHit.watch), joinedload(WatchHit.patent).joinedload(Patent.owner))
    return db.session.scalars(query.order_by(WatchHit.id.desc()).limit(100)).all()


def weights_of(case: DefenceCase) -> dict[int, Weight]:
    return {member.organisation_id: Weight(member.exposures, member.revenue) for member in case.members}


def products_of(case_id: int, organisation_ids: Collection[int]) -> Sequence[ExposedProduct]:
    query = select(ExposedProduct).where(ExposedProduct.case_id == case_id)
    return db.session.scalars(
        query.where(ExposedProduct.organisation_id.in_(organisation_ids)).order_by(ExposedProduct.id)
    ).all()


def weight_stated(case_id: int, organisation_id: int) -> Weight:
    """What a member's stated products weigh: pairs of product and patent, and the sum of revenues in fen."""
    rows = products_of(case_id, [organisation_id])
    return Weight(sum(len(row.patents) for row in rows), sum(row.revenue for row in rows))


def exposure(case: DefenceCase) -> list[tuple[Organisation, list[int]]]:
    """For each member that joined, how many of its products are exposed to each asserted patent. For the staff."""
    rows = products_of(case.id, [member.organisation_id for member in case.members])
    count = Counter((row.organisation_id, number) for row in rows for number in row.patents)
    return [(m.organisation, [count[m.organisation_id, number] for number in case.numbers]) for m in case.members]


def get_product(call: Call, product_id: int) -> ExposedProduct:
    row = db.session.get(ExposedProduct, product_id) if 0 < product_id <= _LARGEST_ID else None
    if row is None or row.organisation_id not in call.actor.organisations:
        raise NotFound("product")
    return row


def papers_of(case_id: int) -> Sequence[CounselPaper]:
    query = select(CounselPaper).where(CounselPaper.case_id == case_id).options(joinedload(CounselPaper.file))
    return db.session.scalars(query.order_by(CounselPaper.id)).all()


def get_paper(call: Call, paper_id: int) -> CounselPaper:
    """Raises NotFound for whoever stands outside the wall."""
    row = db.session.get(CounselPaper, paper_id) if 0 < paper_id <= _LARGEST_ID else None
    if row is None or not policy.may_read_counsel(call.actor, get_case(call, row.case_id)):
        raise NotFound("paper")
    return row


def counters_of(case_id: int) -> Sequence[CounterPatent]:
    query = select(CounterPatent).where(CounterPatent.case_id == case_id)
    query = query.options(joinedload(CounterPatent.patent).joinedload(Patent.owner))
    return db.session.scalars(query.order_by(CounterPatent.patent_id)).all()


def contests_visible_to(actor: Actor) -> Select[Contest]:
    """The same rule as ``policy.may_see_contest``."""
    query = select(Contest).join(Contest.case).options(contains_eager(Contest.case), joinedload(Contest.fund))
    if actor.is_visitor:
        return query.where(false())
    if actor.reads_everything or policy.pays(actor):
        return query
    served = _served(actor)
    opened = Contest.state != ContestState.PROPOSED
    return query.where(or_(opened, DefenceCase.alliance_id.in_(served) if served else false()))


def get_contest(call: Call, contest_id: int) -> Contest:
    query = contests_visible_to(call.actor).where(Contest.id == contest_id)
    row = db.session.scalar(query) if 0 < contest_id <= _LARGEST_ID else None
    if row is None:
        raise NotFound("contest")
    return row


def list_contests(actor: Actor) -> Sequence[Contest]:
    """The newest first; those that still take entries before the others."""
    rows = db.session.scalars(contests_visible_to(actor).order_by(Contest.id.desc()).limit(50)).all()
    return sorted(rows, key=lambda row: row.state is not ContestState.OPEN)


def contests_of(actor: Actor, case_id: int) -> Sequence[Contest]:
    return db.session.scalars(contests_visible_to(actor).where(Contest.case_id == case_id).order_by(Contest.id)).all()


def arts_of(contest_id: int) -> Sequence[PriorArt]:
    """Every entry, the earliest first; each reader is shown only what ``policy.may_read_chart`` lets through."""
    query = select(PriorArt).where(PriorArt.contest_id == contest_id).options(joinedload(PriorArt.account))
    return db.session.scalars(query.order_by(PriorArt.entered_at, PriorArt.id)).all()


def bounty_funds(alliance_id: int) -> Sequence[Fund]:
    """Open alliance funds that may pay a bounty: the alliance's own and those of all alliances."""
    query = select(Fund).where(Fund.state == FundState.OPEN, Fund.kind == FundKind.ALLIANCE)
    return db.session.scalars(
        query.where(or_(Fund.alliance_id.is_(None), Fund.alliance_id == alliance_id)).order_by(Fund.id)
    ).all()


def covenants_visible_to(actor: Actor) -> Select[Covenant]:
    """The same rule as ``policy.may_see_covenant``."""
    query = select(Covenant).options(
        joinedload(Covenant.alliance), selectinload(Covenant.members).joinedload(CovenantMember.organisation)
    )
    if actor.reads_everything:
        return query
    mine = actor.alliances | _served(actor)
    return query.where(Covenant.alliance_id.in_(mine) if mine else false())


def get_covenant(call: Call, covenant_id: int) -> Covenant:
    query = covenants_visible_to(call.actor).where(Covenant.id == covenant_id)
    row = db.session.scalar(query) if 0 < covenant_id <= _LARGEST_ID else None
    if row is None:
        raise NotFound("covenant")
    return row


def list_covenants(actor: Actor) -> Sequence[Covenant]:
    return db.session.scalars(covenants_visible_to(actor).order_by(Covenant.id.desc()).limit(100)).all()


def transfers_of(covenant_id: int) -> Sequence[CovenantTransfer]:
    """The transfers that touched a covenant, the newest first; for its alliance, as the covenant itself is."""
    query = select(CovenantTransfer).where(CovenantTransfer.covenant_id == covenant_id)
    query = query.options(joinedload(CovenantTransfer.patent), joinedload(CovenantTransfer.seller))
    return db.session.scalars(query.order_by(CovenantTransfer.id.desc()).limit(200)).all()


def get_transfer(call: Call, transfer_id: int, *, lock: bool = False) -> CovenantTransfer:
    """The transfer; with ``lock`` as it stands now, and kept from others until the running use case ends."""
    row = None
    if 0 < transfer_id <= _LARGEST_ID:
        row = db.session.get(CovenantTransfer, transfer_id, with_for_update=lock or None)
    if row is None:
        raise NotFound("transfer")
    get_covenant(call, row.covenant_id)
    return row


def covered_patents(covenant: Covenant) -> dict[int, int]:
    """How many granted patents of each member the covenant covers today."""
    owners = [member.organisation_id for member in covenant.members]
    query = select(Patent.owner_id, func.count().label("number")).where(
        Patent.owner_id.in_(owners), Patent.state == LegalState.GRANTED, Patent.sold_on.is_(None)
    )
    if covenant.field is not None:
        query = query.where(Patent.field == covenant.field)
    return {row.owner_id: int(row.number) for row in db.session.execute(query.group_by(Patent.owner_id))}


def served_alliances(actor: Actor) -> Sequence[Alliance]:
    """The alliances the actor serves: a secretary's own, an officer's all."""
    query = select(Alliance).order_by(Alliance.id)
    if not actor.has(Role.CENTRE_OFFICER):
        query = query.where(Alliance.id.in_(_served(actor)))
    return db.session.scalars(query).all()


def waiting_for(call: Call) -> list[Task]:
    """Threats nobody has taken up, for the staff; cases that gather members, for those who have not joined."""
    actor, tasks = call.actor, []
    if actor.has(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER):
        query = threats_visible_to(actor).where(Threat.state == ThreatState.REPORTED).order_by(Threat.id).limit(20)
        for threat in db.session.scalars(query):
            tasks.append(
                Task(
                    _l("Take up this threat"), in_language(threat.alliance), "defence.threat", {"threat_id": threat.id}
                )
            )
    if actor.organisations:
        query_cases = cases_visible_to(actor).where(DefenceCase.state == CaseState.GATHERING)
        for case in db.session.scalars(query_cases.order_by(DefenceCase.id).limit(20)):
            if not {member.organisation_id for member in case.members} & actor.organisations:
                tasks.append(Task(_l("See whether you are exposed"), case.title, "defence.case", {"case_id": case.id}))
    return tasks + _money_tasks(call)


def _money_tasks(call: Call) -> list[Task]:
    """Bounties and covenants that wait for a second person."""
    actor, tasks = call.actor, []
    if policy.pays(actor):
        verbs = {
            ContestState.PROPOSED: _l("Release or refuse this bounty"),
            ContestState.AWARDING: _l("Confirm who earned this bounty"),
            ContestState.AWARDED: _l("Pay this bounty"),
        }
        query = contests_visible_to(actor).where(Contest.state.in_(list(verbs))).order_by(Contest.id).limit(20)
        for row in db.session.scalars(query):
            tasks.append(Task(verbs[row.state], row.number, "defence.contest", {"contest_id": row.id}))
    if actor.has(Role.CENTRE_OFFICER):
        waiting = covenants_visible_to(actor).where(Covenant.state == CovenantState.PROPOSED).order_by(Covenant.id)
        for covenant in db.session.scalars(waiting.limit(20)):
            task = Task(_l("Decide on this covenant"), covenant.title, "defence.covenant", {"covenant_id": covenant.id})
            tasks.append(task)
    return tasks
