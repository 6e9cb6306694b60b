"""Reads of rounds, runs and proposals. Whoever may not see a round sees none of its runs and proposals either."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, false, func, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.alliances.models import Alliance
from marketplace.approvals.models import Endorsement
from marketplace.bids.models import Bid, OpenedBid, OpenedLoad
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.marks import mark_of
from marketplace.orders.models import Order
from marketplace.orders.references import called
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Round, Run, Study, Unmatched
from marketplace.rounds.workflow import HAS_RESULT, ProposalState, RoundState, RunKind, RunState, StudyKind
from marketplace.talent.models import Team
from marketplace.web.tasks import Task

T = TypeVar("T")
MAX_ID = 2**63 - 1
MOST_TASKS = 20


def visible_clause(actor: Actor) -> ColumnElement[bool]:
    """The same rule as ``policy.may_see``, as a condition on Round."""
    if actor.reads_everything:
        return true()
    served = served_alliances(actor)
    return Round.alliance_id.in_(served) if served else false()


def visible_to(actor: Actor) -> Select[Round]:
    return select(Round).where(visible_clause(actor))


def served_alliances(actor: Actor) -> list[int]:
    """Ids of the alliances whose secretary the actor is."""
    return sorted({g.alliance for g in actor.grants if g.role is Role.ALLIANCE_SECRETARY and g.alliance is not None})


def alliances_for(actor: Actor) -> Sequence[Alliance]:
    """The alliances for which the actor may set up rounds."""
    query = select(Alliance).order_by(Alliance.code)
    if not actor.has(Role.CENTRE_OFFICER):
        query = query.where(Alliance.id.in_(served_alliances(actor)))
    return db.session.scalars(query).all()


def settings_mark(row: Round) -> str:
    """Return a mark that changes with the title, the weights and the rules of a round."""
    return mark_of((row.title, sorted(row.weights.items()), sorted(row.rules.items())))


def get_round(call: Call, round_id: int) -> Round:
    """Raises NotFound for a round that is not there or not the actor's to see."""
    return _one(visible_to(call.actor).where(Round.id == sound(round_id)).options(joinedload(Round.alliance)), "round")


def get_run(call: Call, run_id: int) -> Run:
    query = select(Run).join(Run.round).where(Run.id == sound(run_id), visible_clause(call.actor))
    return _one(query.options(joinedload(Run.round).joinedload(Round.alliance)), "run")


def scenarios_of(base_id: int, *kinds: RunKind) -> Sequence[Run]:
    """The runs that ask "what if" of this one, oldest first; of some kinds only where they are named."""
    query = select(Run).where(Run.base_id == base_id).order_by(Run.id)
    return db.session.scalars(query.where(Run.kind.in_(kinds)) if kinds else query).all()


def studies_of(run_id: int) -> dict[tuple[StudyKind, str], Study]:
    """Every question that was asked about a run, by kind and subject."""
    rows = db.session.scalars(select(Study).where(Study.run_id == run_id))
    return {(row.kind, row.subject): row for row in rows}


def get_study(call: Call, study_id: int) -> Study:
    query = select(Study).join(Study.run).join(Run.round).where(Study.id == sound(study_id), visible_clause(call.actor))
    return _one(query, "study")


def run_before(run: Run) -> Run | None:
    """The round's last answer before this one that people worked with."""
    return db.session.scalar(
        select(Run)
        .where(
            Run.round_id == run.round_id,
            Run.id < run.id,
            Run.kept,
            Run.state.in_(HAS_RESULT),
            Run.objective.is_not(None),
        )
        .order_by(Run.id.desc())
        .limit(1)
    )


def get_proposal(call: Call, proposal_id: int) -> Proposal:
    """Return a proposal with all that a decision about it looks at."""
    query = (
        select(Proposal)
        .join(Proposal.run)
        .join(Run.round)
        .where(Proposal.id == sound(proposal_id), visible_clause(call.actor))
        .options(
            joinedload(Proposal.run).joinedload(Run.round),
            joinedload(Proposal.order).joinedload(Order.organisation),
            joinedload(Proposal.order).selectinload(Order.targets),
            joinedload(Proposal.team).joinedload(Team.organisation),
            joinedload(Proposal.capability),
            joinedload(Proposal.bid).joinedload(Bid.content).selectinload(OpenedBid.loads).joinedload(OpenedLoad.team),
            joinedload(Proposal.bid).joinedload(Bid.content).selectinload(OpenedBid.answers),
            selectinload(Proposal.options).selectinload(FundingOption.parts).joinedload(FundingPart.fund),
        )
    )
    return _one(query, "proposal")


def list_rounds(actor: Actor) -> Select[Round]:
    """Rounds with their runs, open ones first, then the newest."""
    open_first = (Round.state != RoundState.OPEN, Round.id.desc())
    return visible_to(actor).options(joinedload(Round.alliance), selectinload(Round.runs)).order_by(*open_first)


def proposals_of(run_id: int) -> Sequence[Proposal]:
    """A run's proposals and candidates with what their rows on the workbench show."""
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.run_id == run_id)
        .options(
            joinedload(Proposal.order),
            joinedload(Proposal.capability),
            joinedload(Proposal.team).joinedload(Team.organisation),
            selectinload(Proposal.options).selectinload(FundingOption.parts).joinedload(FundingPart.fund),
        )
        .order_by(Proposal.value.desc(), Proposal.id)
    ).all()


def unmatched_of(run_id: int) -> Sequence[Unmatched]:
    return db.session.scalars(
        select(Unmatched).where(Unmatched.run_id == run_id).options(joinedload(Unmatched.order)).order_by(Unmatched.id)
    ).all()


def unmatched_before(run_id: int, order_ids: Collection[int]) -> set[int]:
    """Of these orders, those that the run before this one of the same round left without a match."""
    round_id = select(Run.round_id).where(Run.id == run_id).scalar_subquery()
    earlier = select(func.max(Unmatched.run_id)).join(Run, Run.id == Unmatched.run_id)
    last = earlier.where(Run.round_id == round_id, Unmatched.run_id < run_id).scalar_subquery()
    rows = select(Unmatched.order_id).where(Unmatched.run_id == last, Unmatched.order_id.in_(order_ids))
    return set(db.session.scalars(rows))


def other_offers(proposal: Proposal) -> Sequence[Bid]:
    """The other opened bids of a proposal's order."""
    return db.session.scalars(
        select(Bid)
        .join(Bid.content)
        .where(Bid.order_id == proposal.order_id, Bid.id != (proposal.bid_id or 0))
        .options(joinedload(Bid.content), joinedload(Bid.team).joinedload(Team.organisation))
        .order_by(Bid.id)
    ).all()


def interests_of(call: Call) -> frozenset[int]:
    """The organisations the caller's natural person acts for, through any account: conflicts of interest follow the person."""
    if call.actor.person is None:
        return call.actor.organisations
    rows = db.session.scalars(
        select(AccountGrant.organisation_id)
        .join(AccountGrant.account)
        .where(
            Account.person_id == call.actor.person,
            AccountGrant.state == GrantState.ACTIVE,
            AccountGrant.organisation_id.is_not(None),
        )
    )
    return call.actor.organisations | frozenset(key for key in rows if key is not None)


def parties_of(proposal: Proposal) -> frozenset[int]:
    """The organisations on both sides of a match: the enterprise, the team's, and those of a consortium's teams."""
    parties = {proposal.order.organisation_id, proposal.team.organisation_id}
    if proposal.bid is not None and proposal.bid.content is not None:
        parties |= {load.team.organisation_id for load in proposal.bid.content.loads}
    return frozenset(parties)


def correspondents(organisations: Collection[int]) -> list[tuple[str, str]]:
    """(e-mail, language) of the active accounts that own or lead a team of these organisations."""
    roles = [Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER, Role.TEAM_LEAD]
    rows = db.session.execute(
        select(Account.email, Account.locale)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.organisation_id.in_(organisations),
            AccountGrant.role.in_(roles),
            AccountGrant.state == GrantState.ACTIVE,
            Account.state == AccountState.ACTIVE,
        )
        .distinct()
        .order_by(Account.email)
    )
    return [(email, locale) for email, locale in rows]


def waiting_for(call: Call) -> list[Task]:
    """Proposals that wait for a second person other than this one, and answers nobody has acted on yet."""
    actor, tasks = call.actor, []
    if actor.has(Role.CENTRE_OFFICER):
        for row in _to_approve(call):
            subject = called(row.order)
            tasks.append(Task(_l("Decide as the second person"), subject, "rounds.proposal", {"proposal_id": row.id}))
    if actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        for run in _to_review(actor):
            subject = " · ".join(filter(None, (run.round.title, run.own_label)))
            tasks.append(Task(_l("Review the answer"), subject, "rounds.run", {"run_id": run.id}))
    return tasks


def _to_approve(call: Call) -> Sequence[Proposal]:
    """Proposals that this person did not propose and has no interest in."""
    own = (
        select(Endorsement.id)
        .where(
            Endorsement.subject_kind == "proposal",
            Endorsement.subject_id == Proposal.id,
            Endorsement.content_hash == Proposal.content_hash,
            Endorsement.person_id == call.actor.person,
        )
        .exists()
    )
    interests = sorted(interests_of(call))
    return db.session.scalars(
        select(Proposal)
        .join(Proposal.order)
        .join(Proposal.team)
        .where(
            Proposal.state == ProposalState.PROPOSED,
            ~own,
            Order.organisation_id.not_in(interests),
            Team.organisation_id.not_in(interests),
        )
        .options(contains_eager(Proposal.order))
        .order_by(Proposal.id)
        .limit(MOST_TASKS)
    ).all()


def _to_review(actor: Actor) -> Sequence[Run]:
    """Solved runs, each the last of its open round, in which no match was proposed, approved or rejected yet."""
    decided = select(Proposal.run_id).where(Proposal.bid_id.is_not(None), Proposal.state != ProposalState.SUGGESTED)
    last = select(func.max(Run.id)).where(Run.kept).group_by(Run.round_id)
    return db.session.scalars(
        select(Run)
        .join(Run.round)
        .where(
            Run.id.in_(last),
            Run.state == RunState.SOLVED,
            Run.id.not_in(decided),
            Round.state == RoundState.OPEN,
            visible_clause(actor),
        )
        .options(joinedload(Run.round))
        .order_by(Run.id)
        .limit(MOST_TASKS)
    ).all()


def sound(key: int) -> int:
    """A number that a row may have; larger ones name none, and SQLite's driver cannot even ask for them."""
    return key if 0 < key <= MAX_ID else 0


def _one(query: Select[T], what: str) -> T:
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(what)
    return row
