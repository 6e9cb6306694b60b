"""What stands in the way of an open licence (Patent Law 50 to 52, Implementing Rules 85 to 88)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.licences.terms import OpenTerms
from marketplace.licences.workflow import FeeMode
from marketplace.patents.models import Patent
from marketplace.patents.workflow import LegalState, PatentKind, RuleCode


@dataclass(frozen=True, slots=True)
class Bar:
    """One obstacle: ``code`` names it in words.py, ``citation`` the rule."""

    code: str
    citation: str


def found(patent: Patent, terms: OpenTerms, exclusive_running: bool, co_owners: int, today: date) -> list[Bar]:
    """Return every obstacle; an empty list means that the statement may be filed."""
    checks = (
        (patent.state is not LegalState.GRANTED, Bar("licences.bar_not_granted", "专利法 50")),
        (exclusive_running, Bar("licences.bar_exclusive", "实施细则 86 (1)")),
        (_annuity_open(patent, today), Bar("licences.bar_annuity", "实施细则 86 (3)")),
        (terms.disputed, Bar("licences.bar_disputed", "实施细则 86 (2)")),
        (terms.pledged and not terms.consent, Bar("licences.bar_pledged", "实施细则 86 (4)")),
        (
            patent.kind is not PatentKind.INVENTION and not terms.evaluation_report.strip(),
            Bar("licences.bar_report", "专利法 50"),
        ),
        (co_owners > 1 and not terms.consent, Bar("licences.bar_co_owners", "专利法 14")),
        (terms.ends_on > patent.expires_on, Bar("licences.bar_term", "专利法 42")),
        (terms.ends_on <= today, Bar("licences.bar_past", "实施细则 85")),
        (_no_standard(terms), Bar("licences.bar_fee", "实施细则 85")),
    )
    return [bar for failed, bar in checks if failed]


def _annuity_open(patent: Patent, today: date) -> bool:
    return patent.next_rule is RuleCode.ANNUITY and patent.next_due_on is not None and patent.next_due_on < today


def _no_standard(terms: OpenTerms) -> bool:
    """The fee's mode and standard must be said: a sum, or a rate of sales."""
    if terms.fee_mode is FeeMode.FREE:
        return False
    if terms.fee_mode is FeeMode.LUMP:
        return terms.lump <= 0
    return terms.rate <= 0
