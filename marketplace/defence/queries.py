"""Reads of the defence, each behind its wall."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from marketplace.db.base import db
from marketplace.defence.costs import Weight
from marketplace.defence.models import CaseMember, DefenceCase, Threat, Watch, WatchHit
from marketplace.defence.workflow import CaseState, ThreatState
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.patents.models import Patent
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
    return {member.organisation_id: Weight(member.products, member.revenue) for member in case.members}


def waiting_for(call: Call) -> list[Task]:
    """Threats nobody has taken up, for the staff; cases that gather members, for those who have not joined."""
    actor, tasks = call.actor, []
    if actor.has(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER):
        query = threats_visible_to(actor).where(Threat.state == ThreatState.REPORTED).order_by(Threat.id).limit(20)
        for threat in db.session.scalars(query):
            tasks.append(
                Task(_l("Take up this threat"), threat.alliance.name, "defence.threat", {"threat_id": threat.id})
            )
    if actor.organisations:
        query_cases = cases_visible_to(actor).where(DefenceCase.state == CaseState.GATHERING)
        for case in db.session.scalars(query_cases.order_by(DefenceCase.id).limit(20)):
            if not {member.organisation_id for member in case.members} & actor.organisations:
                tasks.append(Task(_l("See whether you are exposed"), case.title, "defence.case", {"case_id": case.id}))
    return tasks
