"""The rules as a table that an attorney could read: what starts a period, how long it is, what it costs, who must act.

Periods are those of the statutes named beside them; fees are the office's schedule of 2021 in fen, a default that people check
before they pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.patents.workflow import Delivery, Duty, PatentKind, RuleCode, Trigger

I, U, D = PatentKind.INVENTION, PatentKind.UTILITY, PatentKind.DESIGN  # noqa: E741
ALL = frozenset(PatentKind)
YUAN = 100

TERM_YEARS: Mapping[PatentKind, int] = {I: 20, U: 10, D: 15}
"""Patent Law 42, from the filing date."""
OLD_DESIGN_YEARS = 10
"""Designs filed before 1 June 2021 keep the former term."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A period of ``months`` from ``trigger``; ``grace`` more months with a surcharge; ``rolls`` when its end is a holiday.

    ``repeats`` marks the yearly one. ``fee`` in fen; the annuity's comes from ``ANNUITIES``. ``pct`` limits the rule to one
    route, ``international`` to applications that are still international ones (office WO).
    """

    code: RuleCode
    trigger: Trigger
    months: int
    kinds: frozenset[PatentKind]
    citation: str
    who: Duty = Duty.OWNER
    fee: int = 0
    grace: int = 0
    repeats: bool = False
    rolls: bool = True
    pct: bool | None = None
    international: bool = False


RULES: tuple[Rule, ...] = (
    Rule(RuleCode.PRIORITY, Trigger.FILED, 12, frozenset({I, U}), "专利法 29", pct=False),
    Rule(RuleCode.PRIORITY, Trigger.FILED, 6, frozenset({D}), "专利法 29", pct=False),
    Rule(RuleCode.PUBLICATION, Trigger.PRIORITY, 18, frozenset({I}), "专利法 34", Duty.OFFICE, rolls=False),
    Rule(RuleCode.EXAMINATION, Trigger.PRIORITY, 36, frozenset({I}), "专利法 35", fee=2_500 * YUAN),
    Rule(
        RuleCode.NATIONAL_PHASE,
        Trigger.PRIORITY,
        30,
        frozenset({I, U}),
        "PCT 22, 39",
        grace=2,
        pct=True,
        international=True,
    ),
    Rule(RuleCode.RESPONSE, Trigger.OFFICE_ACTION, 4, frozenset({I}), "专利法 37；审查指南 五.七.1.2"),
    Rule(RuleCode.RESPONSE, Trigger.OFFICE_ACTION, 2, frozenset({U, D}), "实施细则 50；审查指南 五.七.1.2"),
    Rule(RuleCode.RESPONSE, Trigger.FURTHER_ACTION, 2, frozenset({I}), "专利法 37；审查指南 五.七.1.2"),
    Rule(RuleCode.RESPONSE, Trigger.FURTHER_ACTION, 2, frozenset({U, D}), "实施细则 50；审查指南 五.七.1.2"),
    Rule(RuleCode.RESPONSE, Trigger.CORRECTION, 2, ALL, "实施细则 50；审查指南 五.七.1.2"),
    Rule(RuleCode.REEXAMINATION, Trigger.REFUSED, 3, frozenset({I}), "专利法 41", fee=1_000 * YUAN),
    Rule(RuleCode.REEXAMINATION, Trigger.REFUSED, 3, frozenset({U, D}), "专利法 41", fee=300 * YUAN),
    Rule(RuleCode.REGISTRATION, Trigger.GRANT_NOTICE, 2, ALL, "实施细则 60"),
    Rule(RuleCode.REWARD, Trigger.GRANTED, 3, ALL, "实施细则 93", Duty.EMPLOYER),
    Rule(RuleCode.ANNUITY, Trigger.FILED, 12, ALL, "专利法 43, 44；实施细则 115", grace=6, repeats=True),
    Rule(RuleCode.RESTORATION, Trigger.LAPSED, 2, ALL, "实施细则 6", fee=1_000 * YUAN),
    Rule(RuleCode.EXPIRY, Trigger.FILED, 0, ALL, "专利法 42", Duty.OFFICE, rolls=False),
)

ANNUITIES: Mapping[PatentKind, tuple[tuple[int, int], ...]] = {
    I: ((3, 900), (6, 1_200), (9, 2_000), (12, 4_000), (15, 6_000), (20, 8_000)),
    U: ((3, 600), (5, 900), (8, 1_200), (10, 2_000)),
    D: ((3, 600), (5, 900), (8, 1_200), (10, 2_000), (15, 3_000)),
}
"""Up to and including which year of the term, how many yuan a year."""

REWARD: Mapping[PatentKind, int] = {I: 4_000 * YUAN, U: 1_500 * YUAN, D: 1_500 * YUAN}
"""Least reward to the inventors of an employer who agreed nothing else (rules 93), in fen."""

SURCHARGE = 500
"""Basis points of the annuity for each whole month late, from the second month on (rules 115)."""

POSTED = timedelta(days=15)
"""A paper sent by post counts as received when so many days are over since it was sent (rules 4)."""
ELECTRONIC_SINCE = date(2024, 1, 20)
"""From this day on a paper in the electronic system counts as received when it came there; before, like a posted one."""


def received_on(paper: date, delivery: Delivery | None) -> date:
    """Return the day from which a period set by a paper of the office counts (rules 4 and 5)."""
    waits = delivery is Delivery.POST or (delivery is Delivery.ELECTRONIC and paper < ELECTRONIC_SINCE)
    return paper + POSTED if waits else paper


def annuity(kind: PatentKind, year: int) -> int:
    """Return the fen due for one year of the term."""
    return next(yuan for last, yuan in ANNUITIES[kind] if year <= last) * YUAN
