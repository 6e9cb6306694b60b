"""What waits for somebody in the licences' room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.approvals import service as approvals
from marketplace.approvals.models import Endorsement
from marketplace.db.base import db
from marketplace.kernel.call import OWNERS, Actor, Call, Role
from marketplace.licences import policy, queries, wishes
from marketplace.licences.models import Distribution, Licence, LicencePatent, RoyaltyReceipt, RoyaltyStatement
from marketplace.licences.workflow import LicenceState, MoneyState, StatementState
from marketplace.web.tasks import Task


def waiting_for(call: Call) -> list[Task]:
    """Licences to answer or sign, statements to file, money to decide on."""
    actor = call.actor
    owned = {g.organisation for g in actor.grants if g.role in OWNERS and g.organisation is not None}
    tasks: list[Task] = []
    if owned or actor.has(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER):
        tasks += _to_agree(actor, owned)
        tasks += _to_end(actor)
    if owned:
        tasks += _to_file(owned)
    if policy.may_book(actor):
        tasks += _to_book(actor)
    return tasks


def _to_agree(actor: Actor, owned: set[int]) -> list[Task]:
    verbs = {
        LicenceState.REQUESTED: _l("Answer this request for a licence"),
        LicenceState.OFFERED: _l("Read and sign this licence"),
    }
    query = queries.visible_to(actor).where(Licence.state.in_(list(verbs))).order_by(Licence.id).limit(20)
    return [
        _task(verbs[row.state], row.reference, row.id)
        for row in db.session.scalars(query)
        if row.licensor_id in owned
        or (row.alliance_id is not None and actor.serves(row.alliance_id))
        or (row.licensee_id in owned and row.state is LicenceState.OFFERED)
    ]


def _to_end(actor: Actor) -> list[Task]:
    """Licences of which another owner, or the whole other side, asked for the end, while those the actor speaks for did not."""
    asked = select(Endorsement.subject_id).where(Endorsement.subject_kind == wishes.END)
    query = queries.visible_to(actor).where(Licence.state == LicenceState.RUNNING, Licence.id.in_(asked))
    parts = selectinload(Licence.parts).joinedload(LicencePatent.patent)
    rows = db.session.scalars(query.options(parts).order_by(Licence.id)).all()
    known = approvals.endorsements_of(wishes.END, *(row.id for row in rows)) if rows else []
    found = []
    for row in rows:
        ends = wishes.ends_asked(row, known)
        for side, words in ends.items():
            waits = any(words[key] is None for key in wishes.speaking(actor, row, side) & words.keys())
            if waits and any(words.values()):
                found.append(_task(_l("Ask for the end of this licence too, or let it run"), row.reference, row.id))
            elif waits and any(wishes.said(each) for each in ends.values()):
                found.append(_task(_l("Agree to the end of this licence, or turn it down"), row.reference, row.id))
    return found[:20]


def _to_file(owned: set[int]) -> list[Task]:
    s = RoyaltyStatement
    open_states = [StatementState.DUE, StatementState.QUESTIONED]
    query = select(s).join(s.licence).where(Licence.licensee_id.in_(owned), s.state.in_(open_states))
    rows = db.session.scalars(query.options(contains_eager(s.licence)).order_by(s.id).limit(20))
    return [_task(_l("File the royalty statement"), f"{r.licence.reference} {r.period}", r.licence_id) for r in rows]


def _to_book(actor: Actor) -> list[Task]:
    tasks = []
    receipts = select(RoyaltyReceipt).where(
        RoyaltyReceipt.state == MoneyState.PROPOSED, RoyaltyReceipt.proposed_by != actor.account
    )
    for receipt in db.session.scalars(receipts.options(joinedload(RoyaltyReceipt.licence)).limit(20)):
        tasks.append(_task(_l("Decide on a royalty receipt"), receipt.licence.reference, receipt.licence_id))
    divisions = select(Distribution).where(
        Distribution.state == MoneyState.PROPOSED, Distribution.proposed_by != actor.account
    )
    for division in db.session.scalars(divisions.options(joinedload(Distribution.licence)).limit(20)):
        tasks.append(_task(_l("Decide on a division of royalties"), division.licence.reference, division.licence_id))
    return tasks


def _task(verb: object, subject: str, licence_id: int) -> Task:
    return Task(verb, subject, "licences.show", {"licence_id": licence_id})
