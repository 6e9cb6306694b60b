"""The two languages find each other by the words of the glossary, without any model."""

from importlib.resources import files

import pytest

from marketplace.matching.relevance.glossary import translated
from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.text import normalise


@pytest.mark.parametrize(
    ("text", "expected", "covered"),
    [
        ("钠离子电池", "sodium-ion battery", 1.0),
        ("鈉離子電池", "sodium-ion battery", 1.0),
        ("千瓦时", "kwh", 1.0),
        ("５ μｍ", "微米", 0.5),
        ("soh", "健康状态", 1.0),
        ("软件缺陷", "software", 0.5),
        ("Thermal management of batteries", "热管理", 0.5),
        ("", "", 0.0),
        ("🔋", "", 0.0),
    ],
)
def test_known_terms_are_translated(text: str, expected: str, covered: float) -> None:
    found, share = translated(normalise(text))
    assert expected in found
    assert share == pytest.approx(covered)


@pytest.mark.parametrize(("question", "first"), [("电池热失控检测", "en"), ("wastewater treatment", "zh")])
def test_evidence_in_the_other_language_is_found(question: str, first: str) -> None:
    index = Index(
        [
            Document("en", "Detection of thermal runaway in lithium-ion batteries"),
            Document("zh", "印染废水处理技术"),
            Document("no", "Poetry of the Tang dynasty"),
        ],
        encoder=None,
    )
    assert index.rank(question)[0].id == first


def test_the_glossary_is_well_formed() -> None:
    lines = files("marketplace.matching.relevance").joinpath("glossary.tsv").read_text("utf-8").splitlines()
    terms = [term for line in lines for term in line.split("\t")[0].split("|")]
    assert len(lines) > 900
    assert all(line.count("\t") == 1 and all(side and "||" not in side for side in line.split("\t")) for line in lines)
    assert len(terms) == len(set(terms))
