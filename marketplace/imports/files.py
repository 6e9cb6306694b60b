"""Reading JSON lines, CSV and XLSX that strangers made: every way they can be broken ends in one clear line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from marketplace.imports.terms import Row, Trouble, Unreadable
from marketplace.kernel.errors import Invalid
from marketplace.storage import sheets

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CELL = 20_000
"""Characters in one cell; the longest real need has about 5,000."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
Cells = dict[str, Any]
Numbered = Iterable[tuple[int, Cells]]


def read(path: Path, columns: frozenset[str], numbers: frozenset[str]) -> tuple[list[Row], list[Trouble]]:
    """Return the rows of ``path`` and what is wrong with them; JSON numbers are taken in the columns ``numbers`` only.

    Raises Unreadable when the file as a whole makes no sense. The kind of file is told by its name's ending.
    """
    require_kind(path.suffix)
    return read_bytes(content(path), path.suffix, columns, numbers)


def require_kind(ending: str, more: tuple[str, ...] = ()) -> None:
    """Raise Unreadable unless files of this ending (".csv") are read here, or by whoever allows ``more``."""
    allowed = (*_READERS, *more)
    if ending.lower() not in allowed:
        raise Unreadable("imports.kind", {"allowed": ", ".join(allowed)})


def read_bytes(
    data: bytes, ending: str, columns: frozenset[str], numbers: frozenset[str]
) -> tuple[list[Row], list[Trouble]]:
    """The same as ``read`` for the bytes of a file of that ending."""
    require_kind(ending)
    reader = _READERS[ending.lower()]
    troubles: list[Trouble] = []
    rows: list[Row] = []
    for line, cells in reader(data, troubles):
        if len(rows) + len(troubles) >= MOST_ROWS:
            raise Unreadable("imports.many_rows", {"most": MOST_ROWS})
        wrong = list(_wrong(line, cells, columns, numbers))
        troubles += wrong
        if not wrong:
            rows.append(Row(line, {name: text for name, cell in cells.items() if (text := _text(cell))}))
    if not rows and not troubles:
        raise Unreadable("imports.no_rows")
    return rows, troubles


def content(path: Path) -> bytes:
    """Return the bytes of a file that is there, not empty and not too large. Raises Unreadable."""
    try:
        if not path.is_file():
            raise Unreadable("imports.not_a_file")
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable("imports.too_large", {"limit": MOST_BYTES // 1024 // 1024})
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable("imports.unreadable", {"detail": error.strerror or ""}) from error
    if not data.strip():
        raise Unreadable("file.empty")
    return data


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def _wrong(line: int, cells: Cells, columns: frozenset[str], numbers: frozenset[str]) -> Iterable[Trouble]:
    for name, cell in cells.items():
        if name not in columns:
            yield Trouble(line, _shown(name), "imports.unknown_column", {"known": ", ".join(sorted(columns))})
        elif isinstance(cell, str):
            if len(cell) > MOST_CELL:
                yield Trouble(line, name, "imports.long", {"most": MOST_CELL, "length": len(cell)})
            elif _CONTROL.search(cell):
                yield Trouble(line, name, "imports.control")
        elif cell is not None and not (name in numbers and type(cell) in {int, float}):
            yield Trouble(line, name, "imports.type")


def _shown(name: str) -> str:
    """A column's name that a terminal can show."""
    return "".join(c if c.isprintable() else "?" for c in name[:40])


def _json_lines(data: bytes, troubles: list[Trouble]) -> Numbered:
    # Split before parsing: str.splitlines would also split at characters that JSON allows inside strings.
    for number, line in enumerate(_decoded(data, ("utf-8-sig",)).split("\n"), 1):
        if not line.strip():
            continue
        try:
            cells = json.loads(line, object_pairs_hook=_no_twins, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            troubles.append(Trouble(number, "", "imports.json"))
            continue
        if not isinstance(cells, dict):
            troubles.append(Trouble(number, "", "imports.not_an_object"))
        elif not cells:
            troubles.append(Trouble(number, "", "imports.empty_row"))
        else:
            yield number, cells


def _no_twins(pairs: list[tuple[str, Any]]) -> Cells:
    cells = dict(pairs)
    if len(cells) != len(pairs):
        raise ValueError("a name twice")
    return cells


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _csv(data: bytes, troubles: list[Trouble]) -> Numbered:
    text = _decoded(data, ("utf-8-sig", "gb18030"))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines = _guarded(reader)
    first = next(lines, None)
    if first is None:
        raise Unreadable("imports.no_rows")
    return _table(_header(first[1]), lines, troubles)


def _guarded(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows with the line on which each begins, so that an editor finds it."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable("imports.csv", line=line) from error
        yield line, cells


def _xlsx(data: bytes, troubles: list[Trouble]) -> Numbered:
    try:
        lines = iter(enumerate(sheets.cells(data, MOST_BYTES, MOST_ROWS), 1))
    except Invalid as wrong:
        raise Unreadable(wrong.code, wrong.values) from wrong
    first = next(((line, row) for line, row in lines if any(_text(cell) for cell in row)), None)
    if first is None:
        raise Unreadable("imports.no_rows")
    return _table(_header([_text(cell) for cell in first[1]]), lines, troubles)


def _header(names: list[str]) -> list[str]:
    header = [name.strip().lower() for name in names]
    while header and not header[-1]:
        header.pop()
    if not header or "" in header or len(set(header)) != len(header):
        raise Unreadable("imports.header", line=1)
    return header


def _table(header: list[str], lines: Iterable[tuple[int, list[Any]]], troubles: list[Trouble]) -> Numbered:
    for line, row in lines:
        if not any(_text(cell) for cell in row):
            continue
        if any(_text(cell) for cell in row[len(header) :]):
            troubles.append(Trouble(line, "", "imports.cells", {"columns": len(header), "cells": len(row)}))
            continue
        yield line, dict(zip(header, row, strict=False))


def _decoded(data: bytes, encodings: tuple[str, ...]) -> str:
    if b"\0" in data:
        raise Unreadable("imports.nul", line=data[: data.index(b"\0")].count(b"\n") + 1)
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            where = data[: error.start].count(b"\n") + 1
    raise Unreadable("imports.encoding", {"encodings": ", ".join(encodings)}, line=where)


_READERS: dict[str, Callable[[bytes, list[Trouble]], Numbered]] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".xlsx": _xlsx,
}
