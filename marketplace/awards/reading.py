"""An award, a notice and an objection as their reader may see them: everything else is already left out here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.awards import policy, queries
from marketplace.awards.freezing import is_frozen
from marketplace.awards.models import Award, Complaint, ComplaintFinding
from marketplace.awards.queries.complaints import PANEL_STATES
from marketplace.awards.undoing import MOOT
from marketplace.awards.workflow import AwardState, FindingState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call
from marketplace.rounds import sentences
from marketplace.rounds.models import FundingOption
from marketplace.rounds.workbench import FundingPiece, option_of, pieces
from marketplace.rounds.workflow import Part

TOLD_TO_ALL = (Part.TARGETS, Part.QUALITY, Part.PRICE, Part.TIME, Part.FIT)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline; ``status`` is done, now or next."""

    title: str
    at: datetime | None = None
    detail: str = ""
    status: str = "next"


def steps(award: Award, call: Call) -> list[Moment]:
    """How far an award has come, as its parties and the public read it."""
    moments = [
        Moment(_("Approved by two people"), award.proposal.approved_at, status="done"),
        Moment(_("Public notice"), award.announced_at, status="done"),
    ]
    if award.state not in {AwardState.STANDSTILL, AwardState.CONTRACTING}:
        return [*moments[1:], Moment(_("Award taken back"), award.ended_at, award.public_reason, "now")]
    over = call.now >= award.standstill_ends_at
    frozen = is_frozen(award.id, call.now)
    detail = _("An objection is being examined; the contract waits for its end.") if frozen else ""
    now_or_done = "done" if over and not frozen else "now"
    moments.append(Moment(_("Standstill ends"), award.standstill_ends_at, detail, now_or_done))
    words = [
        (_("The enterprise confirms"), award.enterprise_confirmed_at),
        (_("The team confirms"), award.team_confirmed_at),
    ]
    moments += [Moment(title, at, status="done" if at else "next") for title, at in words]
    started = award.started_at
    return [*moments, Moment(_("Contract"), started, status="now" if started else "next")]


def option_for(award: Award) -> FundingOption | None:
    """The funding that was approved; None once the award was taken back."""
    return option_of(award.proposal) if award.proposal.option_id else None


def paid(award: Award) -> list[FundingPiece]:
    option = option_for(award)
    return pieces(option) if option else []


def public_parts(award: Award) -> list[tuple[Part, int]]:
    """The winner's scores by part: numbers only, no word of any plan."""
    scores = award.proposal.scores.get("parts", {})
    return [(part, scores.get(part.value, 0)) for part in TOLD_TO_ALL if part.value in scores]


def public_reasons(award: Award) -> list[str]:
    """Why this bid: promises and dates that say nothing of how it will be done."""
    sheet = award.proposal.scores
    return [sentences.why_part(part, sheet) for part in (Part.TARGETS, Part.TIME)]


@dataclass(frozen=True, slots=True)
class Told:
    """One finding as its reader may see it; empty texts are not for this reader."""

    finding: ComplaintFinding
    answer: str
    summary: str
    by: str
    returned_because: str = ""


@dataclass(frozen=True, slots=True)
class ComplaintReading:
    """``full`` readers see who and what; the parties only that there is one, about what kind of thing, and how it ended."""

    complaint: Complaint
    full: bool
    own: bool
    objector: str
    text: str
    appeal_text: str
    reason: str
    told: list[Told]
    waiting: ComplaintFinding | None


def of(actor: Actor, row: Complaint) -> ComplaintReading:
    objector, sides = queries.objector_of(row), queries.sides_of(row.award)
    own = policy.is_objector(actor, objector, sides)
    staff = actor.reads_everything or (actor.has(*policy.APPEAL_ROLES) and row.state in PANEL_STATES)
    full = own or staff
    waiting = next((f for f in row.findings if f.state is FindingState.PROPOSED), None)
    return ComplaintReading(
        complaint=row,
        full=full,
        own=own,
        objector=_objector(row) if full else "",
        text=row.text if full else "",
        appeal_text=row.appeal_text if full else "",
        reason=reason_text(row.reason) if full else "",
        told=[_told(each, full=full, staff=staff) for each in row.findings if _is_told(each, staff=staff)],
        waiting=waiting if staff else None,
    )


def reason_text(reason: str) -> str:
    return _("The award was taken back before the objection was decided.") if reason == MOOT else reason


def _objector(row: Complaint) -> str:
    team = f" · {row.bid.team.name}" if row.bid else ""
    return f"{row.organisation.name}{team} · {row.filer.person.name}"


def _is_told(finding: ComplaintFinding, *, staff: bool) -> bool:
    return finding.state is FindingState.APPROVED or (staff and finding.state is FindingState.RETURNED)


def _told(finding: ComplaintFinding, *, full: bool, staff: bool) -> Told:
    decider = finding.decider.person.name if finding.decider else ""
    return Told(
        finding=finding,
        answer=finding.answer if full else "",
        summary=finding.summary,
        by=f"{finding.proposer.person.name}, {decider}" if staff else "",
        returned_because=finding.returned_because if staff else "",
    )


def newest_award_of(order_id: int) -> Award | None:
    """The newest award of an order."""
    query = select(Award).where(Award.order_id == order_id).order_by(Award.id.desc()).limit(1)
    return db.session.scalar(query)
