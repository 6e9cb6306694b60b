"""Kinds of patents, their legal life, and what can happen to one."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class PatentKind(StrEnum):
    INVENTION = "invention"
    UTILITY = "utility"
    DESIGN = "design"


class Route(StrEnum):
    """How a right came to its office: filed there, or through the Patent Cooperation Treaty."""

    DIRECT = "direct"
    PCT = "pct"


class SharePart(StrEnum):
    """Whose shares: those who own the right, or those who made the invention."""

    OWNER = "owner"
    INVENTOR = "inventor"


class LegalState(StrEnum):
    FILED = "filed"
    PUBLISHED = "published"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    INVALIDATED = "invalidated"


S = LegalState
PENDING = frozenset({S.FILED, S.PUBLISHED})
ALIVE = PENDING | {S.GRANTED}
PATENT = Workflow(
    "patent",
    LegalState,
    S.FILED,
    [
        Transition("publish", frozenset({S.FILED}), S.PUBLISHED),
        Transition("grant", frozenset(PENDING), S.GRANTED),
        Transition("refuse", frozenset(PENDING), S.REFUSED, needs_reason=True),
        Transition("withdraw", frozenset(PENDING), S.WITHDRAWN, needs_reason=True),
        Transition("lapse", frozenset({S.GRANTED}), S.LAPSED, needs_reason=True),
        Transition("restore", frozenset({S.LAPSED}), S.GRANTED, needs_reason=True),
        Transition("expire", frozenset({S.GRANTED}), S.EXPIRED),
        Transition("invalidate", frozenset({S.GRANTED, S.LAPSED, S.EXPIRED}), S.INVALIDATED, needs_reason=True),
    ],
)


class EventKind(StrEnum):
    """Entries of a patent's legal history; the first eight are also events of ``PATENT``.

    ``OFFICE_ACTION`` is the first one of the examination, ``FURTHER_ACTION`` any later one, ``CORRECTION`` one about formalities.
    """

    PUBLISH = "publish"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    RESTORE = "restore"
    EXPIRE = "expire"
    INVALIDATE = "invalidate"
    FILE = "file"
    OFFICE_ACTION = "office_action"
    FURTHER_ACTION = "further_action"
    CORRECTION = "correction"
    GRANT_NOTICE = "grant_notice"
    TRANSFER = "transfer"


class Delivery(StrEnum):
    """How a paper of the office came: in the electronic system, by post, or handed over."""

    ELECTRONIC = "electronic"
    POST = "post"
    HAND = "hand"


class RuleCode(StrEnum):
    """The rules of ``deadlines.rules``."""

    PRIORITY = "priority"
    PUBLICATION = "publication"
    EXAMINATION = "examination"
    NATIONAL_PHASE = "national_phase"
    RESPONSE = "response"
    REEXAMINATION = "reexamination"
    REGISTRATION = "registration"
    REWARD = "reward"
    ANNUITY = "annuity"
    RESTORATION = "restoration"
    EXPIRY = "expiry"


class Duty(StrEnum):
    """Who must act: the owner, the inventors' employer, or the office of its own accord."""

    OWNER = "owner"
    EMPLOYER = "employer"
    OFFICE = "office"


class Trigger(StrEnum):
    """The day a rule counts from."""

    PRIORITY = "priority"
    FILED = "filed"
    OFFICE_ACTION = "office_action"
    FURTHER_ACTION = "further_action"
    CORRECTION = "correction"
    GRANT_NOTICE = "grant_notice"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
