"""Reads of pools."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.approvals import service as approvals
from marketplace.db.base import db
from marketplace.kernel.call import UNIVERSITY, Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.patents.models import Patent
from marketplace.patents.workflow import SharePart
from marketplace.pools import policy
from marketplace.pools.models import PoolEvaluation, PoolOffer, PoolRules
from marketplace.pools.workflow import OPEN, OfferState, RulesState
from marketplace.talent import queries as talent
from marketplace.web.filters import in_language
from marketplace.web.tasks import Task

_LARGEST_ID = 2**63 - 1


def visible_to(actor: Actor) -> Select[PoolOffer]:
    """The same rule as ``policy.may_see``, as a query; patent and owner come with each row."""
    query = (
        select(PoolOffer)
        .join(PoolOffer.patent)
        .options(contains_eager(PoolOffer.patent).joinedload(Patent.owner), joinedload(PoolOffer.alliance))
    )
    if actor.reads_everything:
        return query
    served = {g.alliance for g in actor.grants if g.role is Role.ALLIANCE_SECRETARY and g.alliance is not None}
    return query.where(
        or_(
            PoolOffer.state.in_(policy.PUBLIC),
            Patent.owner_id.in_(actor.organisations) if actor.organisations else false(),
            PoolOffer.alliance_id.in_(served) if served else false(),
            PoolOffer.expert_id == actor.account if actor.account is not None else false(),
        )
    )


def get_offer(call: Call, offer_id: int) -> PoolOffer:
    """Raises NotFound for an offer that is not there or not the actor's to see."""
    row = (
        db.session.scalar(visible_to(call.actor).where(PoolOffer.id == offer_id))
        if 0 < offer_id <= _LARGEST_ID
        else None
    )
    if row is None:
        raise NotFound("offer")
    return row


def evaluation_of(offer_id: int) -> PoolEvaluation | None:
    return db.session.scalar(select(PoolEvaluation).where(PoolEvaluation.offer_id == offer_id))


def live_offer(patent_id: int) -> PoolOffer | None:
    """The patent's offer that is on its way or in force."""
    states = [*sorted(OPEN), OfferState.ADMITTED]
    return db.session.scalar(select(PoolOffer).where(PoolOffer.patent_id == patent_id, PoolOffer.state.in_(states)))


def pooled(alliance_id: int | None = None, patent_ids: Collection[int] | None = None) -> Sequence[PoolOffer]:
    """The admitted offers with patents and owners, of one pool or of all."""
    query = (
        select(PoolOffer)
        .join(PoolOffer.patent)
        .where(PoolOffer.state == OfferState.ADMITTED)
        .options(contains_eager(PoolOffer.patent).joinedload(Patent.owner))
        .order_by(Patent.field, Patent.expires_on, Patent.id)
    )
    if alliance_id is not None:
        query = query.where(PoolOffer.alliance_id == alliance_id)
    if patent_ids is not None:
        query = query.where(PoolOffer.patent_id.in_(patent_ids))
    return db.session.scalars(query).all()


def pool_sizes() -> dict[int, int]:
    """How many patents each alliance's pool has."""
    query = select(PoolOffer.alliance_id, func.count().label("number")).where(PoolOffer.state == OfferState.ADMITTED)
    return {row.alliance_id: int(row.number) for row in db.session.execute(query.group_by(PoolOffer.alliance_id))}


def open_offers(actor: Actor, alliance_id: int) -> Sequence[PoolOffer]:
    """Offers on their way that the actor may see."""
    query = visible_to(actor).where(PoolOffer.alliance_id == alliance_id, PoolOffer.state.in_(OPEN))
    return db.session.scalars(query.order_by(PoolOffer.offered_at, PoolOffer.id)).all()


def fingerprint(row: PoolOffer) -> str:
    """What two people stand for: a patent of these very owners. Sold on in between, the first word is void."""
    present = [one for one in row.patent.shares if one.part is SharePart.OWNER and one.valid_to is None]
    owners = sorted([one.organisation_id or 0, one.name, one.share] for one in present)
    content = {
        "patent": row.patent_id,
        "alliance": row.alliance_id,
        "weight": row.weight,
        "keeper": row.patent.owner_id,
        "owners": owners,
    }
    return approvals.content_hash(content)


def rules_of(alliance_id: int) -> PoolRules | None:
    """The conditions in force."""
    query = select(PoolRules).where(PoolRules.alliance_id == alliance_id, PoolRules.state == RulesState.IN_FORCE)
    return db.session.scalar(query)


def versions_of(alliance_id: int) -> Sequence[PoolRules]:
    """Every version, the newest first."""
    query = select(PoolRules).where(PoolRules.alliance_id == alliance_id).order_by(PoolRules.number.desc())
    return db.session.scalars(query).all()


def get_rules(rules_id: int) -> PoolRules:
    row = db.session.get(PoolRules, rules_id) if 0 < rules_id <= _LARGEST_ID else None
    if row is None:
        raise NotFound("rules")
    return row


def alliances_of(organisation_id: int) -> Sequence[Alliance]:
    """The alliances an organisation is an active member of."""
    m = AllianceMembership
    member = select(m.alliance_id).where(m.organisation_id == organisation_id, m.state == MembershipState.ACTIVE)
    return db.session.scalars(select(Alliance).where(Alliance.id.in_(member)).order_by(Alliance.id)).all()


def find_expert(email: str) -> Account | None:
    """An active account by its address, of a university or institute, or in the talent pool's directory of experts."""
    query = select(Account).where(Account.email == email.strip().casefold(), Account.state == AccountState.ACTIVE)
    account = db.session.scalar(query.options(joinedload(Account.person)))
    if account is None:
        return None
    acts = select(AccountGrant.id).where(
        AccountGrant.account_id == account.id,
        AccountGrant.role.in_(UNIVERSITY),
        AccountGrant.state == GrantState.ACTIVE,
    )
    known = db.session.scalar(acts.limit(1)) is not None or talent.is_listed_expert(account.id)
    return account if known else None


def waiting_for(call: Call) -> list[Task]:
    """Evaluations to write, and offers and rules to decide on."""
    actor = call.actor
    tasks: list[Task] = []
    if actor.account is not None:
        query = visible_to(actor).where(PoolOffer.state == OfferState.EVALUATING, PoolOffer.expert_id == actor.account)
        tasks += [_task(_l("Evaluate this patent"), offer) for offer in db.session.scalars(query.limit(20))]
    if not actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        return tasks
    verbs = {
        OfferState.OFFERED: _l("Appoint an expert for this patent"),
        OfferState.EVALUATED: _l("Propose or refuse this patent for the pool"),
        OfferState.PROPOSED: _l("Decide on admitting this patent"),
    }
    query = visible_to(actor).where(PoolOffer.state.in_(list(verbs))).order_by(PoolOffer.id).limit(20)
    tasks += [_task(verbs[o.state], o) for o in db.session.scalars(query) if actor.serves(o.alliance_id)]
    return tasks


def _task(verb: object, offer: PoolOffer) -> Task:
    return Task(verb, in_language(offer.patent, "title"), "pools.offer", {"offer_id": offer.id})
