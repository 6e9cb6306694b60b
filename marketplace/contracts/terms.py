"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.contracts.workflow import ChangeKind, ResultKind, TrainingLevel


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One milestone of the plan: what is delivered until when, for how much of the price (basis points)."""

    title: str
    deliverables: str
    due_on: date
    share: int

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "deliverables": self.deliverables,
            "due_on": self.due_on.isoformat(),
            "share": self.share,
        }

    @classmethod
    def from_json(cls, data: Any) -> PlanStep:
        return cls(data["title"], data["deliverables"], date.fromisoformat(data["due_on"]), int(data["share"]))


@dataclass(frozen=True, slots=True)
class ClauseTerms:
    """Another text for a clause, or another plan (then the text follows from it), and why."""

    text: str = ""
    note: str = ""
    plan: tuple[PlanStep, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureTerms:
    """The name as typed, and the fingerprint of the document that the signatory was shown."""

    typed_name: str
    document_hash: str


@dataclass(frozen=True, slots=True)
class EvidenceTerms:
    """What was measured for one target, and how."""

    target_id: int
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """What the team hands over: words, and the evidence per target that this milestone concerns."""

    note: str
    evidence: tuple[EvidenceTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class VerdictTerms:
    """``amount`` (fen) is accepted with this decision; None accepts all that is open, 0 rejects. Less than all needs reasons."""

    amount: int | None = None
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of the bank's answer: its number, our line's reference, what happened, how much, and the bank's words."""

    number: str
    reference: str
    outcome: str
    amount: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepChange:
    """One open milestone as it shall be; ``amount`` in fen, never more than now."""

    id: int
    title: str
    deliverables: str
    due_on: date
    amount: int

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "deliverables": self.deliverables,
            "due_on": self.due_on.isoformat(),
            "amount": self.amount,
        }


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """A change (``steps``) or an end (``earned``: fen that the institution shall have in all)."""

    kind: ChangeKind
    reason: str
    steps: tuple[StepChange, ...] = ()
    earned: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingTerms:
    """A student whom both sides mentor."""

    student: str
    level: TrainingLevel
    mentor_enterprise: str
    mentor_institution: str
    starts_on: date
    topic: str = ""


@dataclass(frozen=True, slots=True)
class ResultTerms:
    """Something that came out of the work."""

    kind: ResultKind
    title: str
    on: date
    number: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class RatingTerms:
    """Scores from 1 to 5, and why."""

    quality: int
    timeliness: int
    cooperation: int
    reasons: str
