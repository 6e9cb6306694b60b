"""Whether one payment keeps every rule of its sources: pure, in whole fen and basis points, independent of the solver."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import BASIS, plain


@dataclass(frozen=True, slots=True)
class Grant:
    """What a fund is to pay and its rules now; ``drawn`` is what the enterprise holds of it already, ``drawn_this_year`` what it
    got of that in this calendar year. None = no limit."""

    name: str
    amount: int
    public: bool
    share_max: int | None
    amount_max: int | None
    amount_min: int
    match_max: int | None
    enterprise_max: int | None
    drawn: int
    yearly_max: int | None = None
    drawn_this_year: int = 0
    public_share_max: int | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """One way to pay ``price``: the enterprise's ``own`` money, of which it has ``own_funds``, and grants."""

    price: int
    own: int
    own_funds: int
    grants: tuple[Grant, ...]
    public_share_max: int | None


def require(payment: Payment) -> None:
    """Raise Conflict naming the first rule that does not hold (any more)."""
    if payment.own + sum(grant.amount for grant in payment.grants) != payment.price:
        raise Conflict("rounds.sum", {"price": plain(payment.price)})
    if payment.own > payment.own_funds:
        raise Conflict("rounds.own_funds", {"asked": plain(payment.own), "available": plain(payment.own_funds)})
    for grant in payment.grants:
        _require_grant(grant, payment)
    public = sum(grant.amount for grant in payment.grants if grant.public)
    most = payment.public_share_max
    if most is not None and public * BASIS > most * payment.price:
        raise Conflict("rounds.public_share", {"share": percent(most)})
    for grant in payment.grants:
        most = grant.public_share_max
        if most is not None and public * BASIS > most * payment.price:
            raise Conflict("rounds.fund_public_share", {"fund": grant.name, "share": percent(most)})


def _require_grant(grant: Grant, payment: Payment) -> None:
    named = {"fund": grant.name}
    if grant.amount < grant.amount_min:
        raise Conflict("rounds.fund_amount_min", {**named, "limit": plain(grant.amount_min)})
    if grant.amount_max is not None and grant.amount > grant.amount_max:
        raise Conflict("rounds.fund_amount_max", {**named, "limit": plain(grant.amount_max)})
    if grant.share_max is not None and grant.amount * BASIS > grant.share_max * payment.price:
        raise Conflict("rounds.fund_share", {**named, "share": percent(grant.share_max)})
    if grant.match_max is not None and grant.amount * BASIS > grant.match_max * payment.own:
        raise Conflict("rounds.fund_match", {**named, "share": percent(grant.match_max)})
    if grant.enterprise_max is not None and grant.drawn + grant.amount > grant.enterprise_max:
        values = {"limit": plain(grant.enterprise_max), "drawn": plain(grant.drawn)}
        raise Conflict("rounds.fund_enterprise", {**named, **values})
    if grant.yearly_max is not None and grant.drawn_this_year + grant.amount > grant.yearly_max:
        values = {"limit": plain(grant.yearly_max), "drawn": plain(grant.drawn_this_year)}
        raise Conflict("rounds.fund_yearly", {**named, **values})


def percent(basis_points: int) -> str:
    """3000 → "30", 3050 → "30.5"."""
    whole, rest = divmod(basis_points, 100)
    return str(whole) if not rest else f"{whole}.{rest:02d}".rstrip("0")
