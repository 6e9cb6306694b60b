"""Small problems by hand: only what a test cares about is written."""

from __future__ import annotations

from typing import Any

from marketplace.matching.problem import Problem


def problem(
    *,
    orders: list[dict[str, Any]],
    offers: list[dict[str, Any]],
    teams: list[dict[str, Any]] | None = None,
    funds: list[dict[str, Any]] | None = None,
    **rules: Any,
) -> Problem:
    """A problem from rows; an offer without uses needs no team."""
    return Problem.from_json(
        {
            "format": "tripool-problem/1",
            "orders": orders,
            "teams": teams or [],
            "offers": offers,
            "funds": funds or [],
            "rules": rules,
        }
    )


def order(name: str, own: int = 100, **more: Any) -> dict[str, Any]:
    return {"id": name, "enterprise": f"of {name}", "own_funds": own, **more}


def offer(name: str, of: str, price: int = 100, value: int = 10, **uses: int) -> dict[str, Any]:
    return {"id": name, "order": of, "price": price, "value": value, "uses": uses}


def team(name: str, capacity: int) -> dict[str, Any]:
    return {"id": name, "capacity": capacity}


def fund(name: str, budget: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "budget": budget, **more}
