"""A bank statement against the ledger: what belongs together, and every difference. Pure: a rehearsal equals the real thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.funds.terms import BankLine
from marketplace.funds.workflow import Movement

INCOMING = frozenset({Movement.CONTRIBUTE, Movement.BOUNCE, Movement.RETURN, Movement.TRANSFER_IN})
OUTGOING = frozenset({Movement.PAY, Movement.TRANSFER_OUT})
"""Movements that a fund's bank account sees; reservations and commitments move nothing there."""

_WORD = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
NEAR = timedelta(days=10)
"""Days between the bank's booking and ours within which the same amount may be the same money."""


class Differs(StrEnum):
    """How bank and ledger differ."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Booked:
    """A movement of the ledger as a bank would see it: ``amount`` in fen, above 0 when money came in."""

    id: int
    day: date
    amount: int
    reference: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; amounts in fen, ``line`` and ``movement`` name the two sides where they exist."""

    kind: Differs
    line: BankLine | None
    movement: Booked | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pairs of (line's number, movement's id), and what differs, in the order of days."""

    first: date
    last: date
    pairs: tuple[tuple[str, int], ...]
    differences: tuple[Difference, ...]


def compare(lines: Sequence[BankLine], movements: Iterable[Booked]) -> Comparison:
    """Pair what carries our reference first, whatever its amount; then equal amounts, the nearest days first.

    ``movements`` may reach beyond the statement's days by NEAR: such a one can be a line's partner and is not called missing.
    """
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    rest, open_lines = sorted(movements, key=lambda each: (each.day, each.id)), sorted(lines, key=_by_day)
    pairs = _by_reference(open_lines, rest)
    pairs += _by_amount(open_lines, rest)
    differences = [Difference(Differs.AMOUNT, line, each) for line, each in pairs if line.amount != each.amount]
    differences += [Difference(Differs.MISSING_HERE, line, None) for line in open_lines]
    differences += [Difference(Differs.MISSING_THERE, None, each) for each in rest if first <= each.day <= last]
    return Comparison(
        first,
        last,
        tuple(sorted((line.number, each.id) for line, each in pairs)),
        tuple(sorted(differences, key=_place)),
    )


def _by_reference(lines: list[BankLine], rest: list[Booked]) -> list[tuple[BankLine, Booked]]:
    """Take out of both lists what carries the same reference and goes the same way."""
    known: dict[tuple[str, bool], list[Booked]] = {}
    for each in rest:
        if each.reference:
            known.setdefault((each.reference, each.amount > 0), []).append(each)
    found = []
    for line in lines:
        for word in _WORD.findall(line.text):
            if waiting := known.get((word, line.amount > 0)):
                found.append((line, waiting.pop(0)))
                break
    _take_out(found, lines, rest)
    return found


def _by_amount(lines: list[BankLine], rest: list[Booked]) -> list[tuple[BankLine, Booked]]:
    """Take equal amounts of near days out of both lists, the nearest first."""
    known: dict[int, list[Booked]] = {}
    for each in rest:
        known.setdefault(each.amount, []).append(each)
    candidates = sorted(
        (abs(line.day - each.day), line.day, line.number, each.id, line, each)
        for line in lines
        for each in known.get(line.amount, ())
        if abs(line.day - each.day) <= NEAR
    )
    found: list[tuple[BankLine, Booked]] = []
    used_lines, used = set[str](), set[int]()
    for *_order, line, each in candidates:
        if line.number not in used_lines and each.id not in used:
            found.append((line, each))
            used_lines.add(line.number)
            used.add(each.id)
    _take_out(found, lines, rest)
    return found


def _take_out(found: list[tuple[BankLine, Booked]], lines: list[BankLine], rest: list[Booked]) -> None:
    numbers, ids = {line.number for line, _ in found}, {each.id for _, each in found}
    lines[:] = [line for line in lines if line.number not in numbers]
    rest[:] = [each for each in rest if each.id not in ids]


def _by_day(line: BankLine) -> tuple[date, str]:
    return line.day, line.number


def _place(difference: Difference) -> tuple[date, str, int]:
    line, movement = difference.line, difference.movement
    day = line.day if line else (movement.day if movement else date.min)
    return day, line.number if line else "", movement.id if movement else 0
