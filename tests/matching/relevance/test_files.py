"""Files give rankings, or one clear line about what is wrong with them."""

import json
from pathlib import Path

import pytest

from marketplace.matching.relevance.files import BadDocuments, rank_files

GOOD = '{"id": "d1", "text": "电池热失控"}\n{"id": "d2", "text": "污泥干化", "group": "g"}\n'


def written(folder: Path, documents: str | bytes, queries: str | bytes) -> tuple[Path, Path]:
    paths = folder / "documents.jsonl", folder / "queries.jsonl"
    for path, content in zip(paths, (documents, queries), strict=True):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return paths


def test_each_query_gets_one_line_best_first(tmp_path: Path) -> None:
    paths = written(tmp_path, GOOD, '{"id": "q1", "text": "污泥"}\n\n{"id": "q2", "text": "电池"}')
    lines = list(rank_files(*paths, top=0, why=True))
    assert [(line["query"], [one for one, _ in line["ranked"]]) for line in lines] == [
        ("q1", ["g", "d1"]),
        ("q2", ["d1", "g"]),
    ]
    assert lines[0]["why"][0]["evidence"][0][0] == "d2"
    json.dumps(lines)


@pytest.mark.parametrize(
    ("documents", "complaint"),
    [
        ("{}", "documents.jsonl:1: id is missing"),
        ('{"id": "a"}', "documents.jsonl:1: text is missing"),
        ('{"id": 5, "text": ""}', "documents.jsonl:1: id must be text"),
        ('{"id": "", "text": ""}', "documents.jsonl:1: id is empty"),
        ('{"id": "a", "text": null}', "documents.jsonl:1: text must be text"),
        ('{"id": "a", "text": "", "group": 5}', "documents.jsonl:1: group must be text"),
        ('{"id": "a", "text": "", "year": "1999"}', "documents.jsonl:1: year must be a whole number"),
        ('{"id": "\\ud800", "text": ""}', "documents.jsonl:1: id holds half of a character"),
        (GOOD + "{oops", "documents.jsonl:3: not JSON: "),
        (GOOD + "[1]", "documents.jsonl:3: not a JSON object"),
        (GOOD + '{"id": "d1", "text": ""}', "documents.jsonl:3: the id 'd1' stands on line 1 already"),
        (b'{"id": "a", "text": "\xff"}', "documents.jsonl:1: not UTF-8 at byte 21"),
        ("[" * 100_000, "documents.jsonl:1: "),
        ('{"id": "a", "text": "", "year": ' + "9" * 10_000 + "}", "documents.jsonl:1: "),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, documents: str | bytes, complaint: str) -> None:
    paths = written(tmp_path, documents, '{"id": "q", "text": "电池"}')
    with pytest.raises(BadDocuments) as refused:
        list(rank_files(*paths, top=20, why=False))
    assert str(refused.value).startswith(complaint)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDocuments, match=r"nowhere\.jsonl"):
        list(rank_files(tmp_path / "nowhere.jsonl", tmp_path / "nowhere.jsonl", 20, False))
