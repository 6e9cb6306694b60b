"""Rankings between two files of JSON lines, for the command line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marketplace.matching.relevance.index import Document, Index, Ranked

_ABSENT = object()


class BadDocuments(ValueError):
    """A file that cannot be read as documents or queries; the message is one line that names the place."""


def rank_files(documents_path: Path, queries_path: Path, top: int, why: bool) -> Iterator[dict[str, Any]]:
    """Yield `{"query": id, "ranked": [[id, score], …]}` for each query, best first.

    `top` 0 ranks everything. With `why`, `"why"` lists for each ranked id its evidence and the words that matched.
    Both files are read whole before the first ranking is made; BadDocuments when one of them is wrong.
    """
    index = Index(read_documents(documents_path))
    for query_id, text in list(read_queries(queries_path)):
        ranked = index.rank(text, top, why=why)
        line: dict[str, Any] = {"query": query_id, "ranked": [[one.id, round(one.score, 6)] for one in ranked]}
        if why:
            line["why"] = [_reason(one) for one in ranked]
        yield line


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the documents of a file, one to a line; BadDocuments on a wrong line or an id used twice."""
    for place, line in _lines(path):
        group, kind, year = line.get("group"), line.get("kind"), line.get("year")
        if group is not None and not isinstance(group, str):
            raise BadDocuments(f"{place}: group must be text")
        if kind is not None and not isinstance(kind, str):
            raise BadDocuments(f"{place}: kind must be text")
        if year is not None and (not isinstance(year, int) or isinstance(year, bool)):
            raise BadDocuments(f"{place}: year must be a whole number")
        yield Document(line["id"], line["text"], group, kind or "", year)


def read_queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield `(id, text)` of each query of a file; BadDocuments on a wrong line or an id used twice."""
    for _, line in _lines(path):
        yield line["id"], line["text"]


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `(place, object)` of each line that is not blank, with its `id` and `text` checked."""
    seen: dict[str, int] = {}
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise BadDocuments(f"{path.name}: {problem.strerror or problem}") from problem
    # Only \n ends a line: JSON text may hold U+2028 and the like, at which str.splitlines would cut it.
    for number, row in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        place = f"{path.name}:{number}"
        if not row.strip():
            continue
        line = _parsed(place, row)
        if line["id"] in seen:
            raise BadDocuments(f"{place}: the id {line['id']!r} stands on line {seen[line['id']]} already")
        seen[line["id"]] = number
        yield place, line


def _parsed(place: str, row: bytes) -> dict[str, Any]:
    try:
        line = json.loads(row.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise BadDocuments(f"{place}: not UTF-8 at byte {problem.start}") from problem
    except json.JSONDecodeError as problem:
        raise BadDocuments(f"{place}: not JSON: {problem.msg} at character {problem.pos}") from problem
    except (RecursionError, ValueError) as problem:
        raise BadDocuments(f"{place}: JSON that is too deep or holds too long a number") from problem
    if not isinstance(line, dict):
        raise BadDocuments(f"{place}: not a JSON object")
    for key in ("id", "text"):
        value = line.get(key, _ABSENT)
        if value is _ABSENT:
            raise BadDocuments(f"{place}: {key} is missing")
        if not isinstance(value, str):
            raise BadDocuments(f"{place}: {key} must be text")
    for key in ("id", "group", "kind"):
        if isinstance(line.get(key), str) and any("\ud800" <= character <= "\udfff" for character in line[key]):
            raise BadDocuments(f"{place}: {key} holds half of a character")
    if not line["id"]:
        raise BadDocuments(f"{place}: id is empty")
    return line


def _reason(one: Ranked) -> dict[str, Any]:
    return {
        "id": one.id,
        "evidence": [[document_id, round(score, 6)] for document_id, score in one.evidence],
        "words": list(one.words),
    }
