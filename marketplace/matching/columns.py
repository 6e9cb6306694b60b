"""The columnar files of large problems: `.npz` of int64 columns, row numbers instead of ids, −1 = no limit.

Beside the columns of the format a file may carry `locked, forbidden, conflict_a, conflict_b, member_group,
member_order, floor_group, floor_matched`, as in `encoding.Arrays`; absent ones are empty.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from marketplace.matching.answer import Answer
from marketplace.matching.encoding import NO_LIMIT, Arrays, Ints
from marketplace.matching.problem import LARGEST, LARGEST_RATIO
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import number

_TABLES = (
    ("order", ("order_own", "order_enterprise", "order_must")),
    ("team", ("team_capacity",)),
    ("offer", ("offer_order", "offer_price", "offer_value")),
    ("use", ("use_offer", "use_team", "use_load")),
    (
        "fund",
        (
            "fund_budget",
            "fund_cost",
            "fund_public",
            "fund_share_max",
            "fund_amount_max",
            "fund_amount_min",
            "fund_match_max",
            "fund_enterprise_max",
            "fund_all",
        ),
    ),
    ("eligible", ("eligible_fund", "eligible_order")),
)
_OPTIONAL = (
    ("locked", ("locked",)),
    ("forbidden", ("forbidden",)),
    ("conflict", ("conflict_a", "conflict_b")),
    ("member", ("member_group", "member_order")),
    ("floor", ("floor_group", "floor_matched")),
)
_POINTS = {
    "offer_order": "order_own",
    "use_offer": "offer_order",
    "use_team": "team_capacity",
    "eligible_fund": "fund_budget",
    "eligible_order": "order_own",
    "locked": "offer_order",
    "forbidden": "offer_order",
    "conflict_a": "offer_order",
    "conflict_b": "offer_order",
    "member_order": "order_own",
}
_FLAGS = ("order_must", "fund_public", "fund_all")
_LIMITS = ("fund_amount_max", "fund_enterprise_max")
_RATIOS = ("fund_share_max", "fund_match_max")


@dataclass(frozen=True, slots=True)
class Columns:
    """A columnar solution: the offers matched, who pays them how much (fund −1 = own), and the summary."""

    match_offer: Ints
    pay_match: Ints
    pay_fund: Ints
    pay_amount: Ints
    summary: dict[str, Any]


def read_arrays(path: Path) -> Arrays:
    """Read a columnar problem; raises BadProblem with one line naming column and row."""
    data = _load(path)
    found: dict[str, Any] = {}
    for table, names in _TABLES + _OPTIONAL:
        optional = (table, names) in _OPTIONAL and names[0] not in data
        rows = 0 if optional else len(_column(data, names[0]))
        for name in names:
            found[name] = np.zeros(0, np.int64) if optional else _column(data, name)
            if len(found[name]) != rows:
                raise BadProblem(f"{name}: {len(found[name])} rows, {names[0]} has {rows}")
    share = _column(data, "public_share_max") if "public_share_max" in data else np.array([NO_LIMIT])
    if len(share) != 1:
        raise BadProblem(f"public_share_max: {len(share)} numbers instead of one")
    found["public_share_max"] = int(share[0])
    _check(found)
    return Arrays(**found)


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write a columnar problem that `read_arrays` reads back equal."""
    columns: dict[str, Any] = {each.name: np.asarray(getattr(arrays, each.name)) for each in fields(arrays)}
    keep = {name for _, names in _TABLES for name in names} | {"public_share_max"}
    with path.open("wb") as file:
        np.savez(file, **{name: column for name, column in columns.items() if name in keep or column.size})


def to_columns(arrays: Arrays, answer: Answer, seconds: float) -> Columns:
    """An answer in rows as the columns of its file."""
    match_offer: list[int] = []
    pays: list[tuple[int, int, int]] = []
    for row, choice in enumerate(answer.choices or ()):
        match_offer.append(choice.offer)
        own = int(arrays.offer_price[choice.offer]) - sum(choice.pay.values())
        pays += [(row, -1, own)] if own else []
        pays += [(row, fund, amount) for fund, amount in sorted(choice.pay.items())]
    table = np.array(pays, dtype=np.int64).reshape(-1, 3)
    summary: dict[str, Any] = {
        "status": str(answer.status),
        "objective": number(answer.objective),
        "bound": number(answer.bound),
        "seconds": round(seconds, 3),
    }
    if answer.certificate is not None:
        summary["certificate"] = dict(answer.certificate)
    return Columns(np.array(match_offer, dtype=np.int64), table[:, 0], table[:, 1], table[:, 2], summary)


def write_columns(path: Path, columns: Columns) -> None:
    with path.open("wb") as file:
        np.savez(
            file,
            match_offer=columns.match_offer,
            pay_match=columns.pay_match,
            pay_fund=columns.pay_fund,
            pay_amount=columns.pay_amount,
            summary=np.array(json.dumps(columns.summary)),
        )


def read_columns(path: Path) -> Columns:
    """Read a columnar solution; raises BadProblem."""
    data = _load(path)
    match, place, fund, amount = (
        _column(data, name) for name in ("match_offer", "pay_match", "pay_fund", "pay_amount")
    )
    if not len(place) == len(fund) == len(amount):
        raise BadProblem("pay_match, pay_fund, pay_amount: different numbers of rows")
    try:
        summary = json.loads(str(data["summary"]))
    except (KeyError, ValueError):
        raise BadProblem("summary: missing or not JSON") from None
    if not isinstance(summary, dict):
        raise BadProblem("summary: not an object")
    return Columns(match, place, fund, amount, summary)


def _load(path: Path) -> dict[str, Any]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise BadProblem(f"{path}: {error.strerror or error}") from None
    except (ValueError, EOFError, AttributeError, zipfile.BadZipFile):
        raise BadProblem(f"{path}: not an .npz file of plain columns") from None


def _column(data: dict[str, Any], name: str) -> Ints:
    if name not in data:
        raise BadProblem(f"{name}: missing")
    column = np.atleast_1d(data[name])
    if column.ndim != 1 or not (np.issubdtype(column.dtype, np.integer) or column.dtype == np.bool_):
        raise BadProblem(f"{name}: not one column of whole numbers")
    if column.dtype == np.uint64 and column.size and column.max() > LARGEST:
        raise BadProblem(f"{name}: a number above {LARGEST}")
    return column.astype(np.int64)


def _check(found: dict[str, Any]) -> None:
    """Ranges and references; the first wrong row of a column is named."""
    for name, target in _POINTS.items():
        _within(name, found[name], 0, len(found[target]) - 1, f"no row of {target}")
    for name, column in found.items():
        if name in _POINTS or name == "order_enterprise":
            continue
        least, most = 0, LARGEST
        if name in _LIMITS:
            least = NO_LIMIT
        elif name in _RATIOS or name == "public_share_max":
            least, most = NO_LIMIT, LARGEST_RATIO
        elif name in _FLAGS:
            most = 1
        elif name == "offer_value":
            least = -LARGEST
        _within(name, np.atleast_1d(column), least, most, f"not within {least}…{most}")
    _within("order_enterprise", found["order_enterprise"], NO_LIMIT, LARGEST, "below −1")
    _distinct("use_offer, use_team", found["use_offer"], found["use_team"])
    _distinct("eligible_fund, eligible_order", found["eligible_fund"], found["eligible_order"])
    if np.any(found["conflict_a"] == found["conflict_b"]):
        raise BadProblem("conflict_a, conflict_b: an offer stands against itself")


def _within(name: str, column: Ints, least: int, most: int, complaint: str) -> None:
    wrong = np.flatnonzero((column < least) | (column > most))
    if len(wrong):
        raise BadProblem(f"{name}[{wrong[0]}]: {column[wrong[0]]} is {complaint}")


def _distinct(name: str, one: Ints, other: Ints) -> None:
    if len(one):
        key = one * (int(other.max()) + 1) + other
        if len(np.unique(key)) != len(key):
            raise BadProblem(f"{name}: a pair is given twice")
