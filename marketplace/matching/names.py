"""Names of rows, without a word in memory for each of millions of rows that are named by their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

LONGEST = 18  # digits of a number that can be a row


class Numbers(Sequence[str]):
    """The words "0", "1", … of so many rows, made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._rows = range(count)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return map(str, self._rows)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        return str(self._rows[at]) if isinstance(at, int) else [str(row) for row in self._rows[at]]


class Rows:
    """The row that each name stands for; names come, go and move to other rows."""

    def __init__(self, names: Sequence[str]) -> None:
        self._numbers = len(names) if isinstance(names, Numbers) else 0
        self._known = {} if self._numbers else {name: row for row, name in enumerate(names)}
        self._gone: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._known or (name not in self._gone and self._is_number(name))

    def __getitem__(self, name: str) -> int:
        if name not in self:
            raise KeyError(name)
        return self._known[name] if name in self._known else int(name)

    def __setitem__(self, name: str, row: int) -> None:
        self._known[name] = row

    def __delitem__(self, name: str) -> None:
        self._known.pop(name, None)
        self._gone.add(name)

    def _is_number(self, name: str) -> bool:
        digits = name.isascii() and name.isdecimal() and len(name) <= LONGEST
        return digits and str(int(name)) == name and int(name) < self._numbers
