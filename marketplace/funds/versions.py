"""A version of a fund's rules in each of its forms: given terms, plain JSON, columns of the fund, a fund as it would be."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from typing import Any

from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.funds.models import BALANCES, Fund, FundRules
from marketplace.funds.terms import FundTerms
from marketplace.funds.workflow import FundKind, Guarantee, Instrument
from marketplace.web.filters import CITY

RULES = tuple(field.name for field in fields(FundTerms))
"""Everything of a fund that two people agree on, its name included."""

_LISTS = ("fields", "sizes", "regions", "loss_split", "industries", "years")
_CHOICES = {"kind": FundKind, "guarantee": Guarantee, "instrument": Instrument}
_DAYS = ("valid_from", "valid_to")


def columns(terms: FundTerms) -> dict[str, Any]:
    """Return the rules as columns of ``Fund``."""
    return {**asdict(terms), **{name: list(getattr(terms, name)) for name in _LISTS}}


def plain(terms: FundTerms) -> dict[str, Any]:
    """Return the rules as plain JSON, as ``FundRules.rules`` keeps them."""
    return {name: _as_json(value) for name, value in columns(terms).items()}


def plain_of(fund: Fund) -> dict[str, Any]:
    """Return a fund's present rules as plain JSON."""
    return {name: _as_json(getattr(fund, name)) for name in RULES}


def restored(rules: dict[str, Any]) -> dict[str, Any]:
    """Return kept rules as columns of ``Fund``."""
    values = {name: rules[name] for name in RULES}
    for name, kind in _CHOICES.items():
        values[name] = None if values[name] is None else kind(values[name])
    for name in _DAYS:
        values[name] = None if values[name] is None else date.fromisoformat(values[name])
    return values


def terms_of(rules: dict[str, Any]) -> FundTerms:
    """Return kept rules as a use case is given them."""
    values = restored(rules)
    return FundTerms(**{**values, **{name: tuple(values[name]) for name in _LISTS}})


def as_it_would_be(fund: Fund, rules: dict[str, Any]) -> Fund:
    """Return a fund with these rules and the present balances and state; it is no row and must not be stored."""
    balances = {name: getattr(fund, name) for name in BALANCES}
    alliance = db.session.get(Alliance, rules["alliance_id"]) if rules["alliance_id"] is not None else None
    return Fund(id=fund.id, state=fund.state, alliance=alliance, **balances, **restored(rules))


def changes(fund: Fund, rules: dict[str, Any]) -> list[str]:
    """Return the names of the rules that would become different, in their order."""
    now = plain_of(fund)
    return [name for name in RULES if now[name] != rules[name]]


def begins_on(row: FundRules) -> date:
    """The day from which an approved version holds: its own, or that of its approval when it came later."""
    if row.decided_at is None:
        return row.effective_on
    return max(row.effective_on, row.decided_at.astimezone(CITY).date())


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
