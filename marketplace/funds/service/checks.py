"""Rules that contradict each other or name what does not exist are refused, with the field."""

from __future__ import annotations

from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.funds import queries
from marketplace.funds.terms import FundTerms
from marketplace.funds.workflow import LENT, FundKind
from marketplace.kernel import money
from marketplace.kernel.days import FIRST_YEAR, LAST_YEAR, require_year
from marketplace.kernel.errors import Invalid
from marketplace.organisations.facts import is_industry

LARGEST_RATIO = 10**7
"""Basis points of own money that a fund may add: a thousandfold, the most the optimiser accepts."""

LARGEST_COST = 10**9
LONGEST_TERM = 360
LONGEST_DECISION = 730
LOSS_PARTIES = 4
"""Fund, bank, insurer and appraiser."""


def check_terms(terms: FundTerms, fund_id: int | None) -> None:
    """Raise Invalid for rules that contradict each other or name what does not exist."""
    if queries.code_taken(terms.code, fund_id):
        raise Invalid("funds.code_taken", {"code": terms.code}, field="code")
    if terms.alliance_id is not None and db.session.get(Alliance, terms.alliance_id) is None:
        raise Invalid("funds.no_alliance", field="alliance_id")
    if terms.share_max is not None and not 0 <= terms.share_max <= money.BASIS:
        raise Invalid("funds.share", field="share_max")
    if terms.match_max is not None and not 0 <= terms.match_max <= LARGEST_RATIO:
        raise Invalid("funds.match", field="match_max")
    if terms.public_share_max is not None and not 0 <= terms.public_share_max <= money.BASIS:
        raise Invalid("funds.share", field="public_share_max")
    if terms.industries and any(not is_industry(code) for code in terms.industries):
        raise Invalid("funds.industries", field="industries")
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in terms.years):
        raise Invalid("funds.years", field="years")
    if not 0 <= terms.cost <= LARGEST_COST:
        raise Invalid("funds.cost", field="cost")
    if terms.amount_max is not None and terms.amount_max < terms.amount_min:
        raise Invalid("funds.amounts", field="amount_max")
    for field in ("enterprise_max", "yearly_max"):
        most = getattr(terms, field)
        if most is not None and most < terms.amount_min:
            raise Invalid("funds.never_pays", field=field)
    if terms.rate is not None and not 0 <= terms.rate <= money.BASIS:
        raise Invalid("funds.rate", field="rate")
    if terms.kind in LENT and terms.rate is None:
        raise Invalid("funds.lent", field="rate")
    if terms.kind is FundKind.INDUSTRY and terms.instrument is None:
        raise Invalid("funds.instrument", field="instrument")
    if (terms.rate is None) != (terms.term_months is None):
        raise Invalid("funds.loan_terms", field="term_months" if terms.term_months is None else "rate")
    if terms.term_months is not None and not 1 <= terms.term_months <= LONGEST_TERM:
        raise Invalid("funds.term", {"most": LONGEST_TERM}, field="term_months")
    if terms.decision_days is not None and not 0 <= terms.decision_days <= LONGEST_DECISION:
        raise Invalid("funds.decision_days", {"most": LONGEST_DECISION}, field="decision_days")
    if terms.loss_split and (len(terms.loss_split) > LOSS_PARTIES or sum(terms.loss_split) != 100):
        raise Invalid("funds.loss_split", field="loss_split")
    require_year(terms.valid_from, "valid_from")
    require_year(terms.valid_to, "valid_to")
    if terms.valid_from and terms.valid_to and terms.valid_to < terms.valid_from:
        raise Invalid("funds.validity", field="valid_to")
