"""Names of rows inside ``tripool-problem/1``: a letter and the row's number, after ``@`` the quarter or enterprise.

``o3`` order, ``b7`` bid, ``e5`` enterprise, ``t12@2027Q1`` a team in one quarter, ``f4`` fund, ``f4@e5`` the part of fund 4 set
aside for enterprise 5.
"""

from __future__ import annotations


def order_key(order_id: int) -> str:
    return f"o{order_id}"


def bid_key(bid_id: int) -> str:
    return f"b{bid_id}"


def enterprise_key(organisation_id: int) -> str:
    return f"e{organisation_id}"


def team_key(team_id: int, quarter: str) -> str:
    return f"t{team_id}@{quarter}"


def fund_key(fund_id: int, enterprise_id: int | None = None) -> str:
    return f"f{fund_id}" if enterprise_id is None else f"f{fund_id}@{enterprise_key(enterprise_id)}"


def row_of(key: str) -> int:
    """Return the row number in a key; raises ValueError for anything that is no key of ours."""
    return int(key[1:].partition("@")[0])


def quarter_of(key: str) -> str:
    """Return the quarter of a team's key."""
    return key.partition("@")[2]
