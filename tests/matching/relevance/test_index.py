"""A ranking is sensible, fresh and repeatable, whatever the text."""

from dataclasses import replace

import pytest

from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.shared import Shared
from marketplace.matching.relevance.text import terms

PAPERS = [
    Document("a1", "锂离子电池热失控检测\n通过温度与电压联合监测，提前发现动力电池的热失控。", "battery"),
    Document("a2", "动力电池热管理系统\n液冷板与相变材料。", "battery"),
    Document("b1", "污泥低温干化设备\n热泵驱动的市政污泥干化。", "sludge"),
    Document("c1", "Thermal runaway detection in lithium-ion batteries\nVoltage and temperature sensing.", "cells"),
]


@pytest.mark.parametrize(
    ("need", "first"),
    [
        ("动力电池热失控预警\n寻求电池热失控检测方法", "battery"),
        ("城市污泥干化处理", "sludge"),
        ("鋰離子電池熱失控檢測", "battery"),
        ("Detecting thermal runaway of a lithium-ion battery", "cells"),
        ("ＴＨＥＲＭＡＬ　ＲＵＮＡＷＡＹ", "cells"),
    ],
)
def test_the_right_team_comes_first(need: str, first: str) -> None:
    assert Index(PAPERS).rank(need)[0].id == first


def test_an_answer_says_which_pieces_and_words_matched() -> None:
    best = Index(PAPERS).rank("热失控检测")[0]
    assert [piece for piece, _ in best.evidence] == ["a1", "a2"]
    assert any("失控" in word for word in best.words)


def test_shared_words_of_many_answers_are_those_of_each_alone() -> None:
    """Searched together, the end of one text and the beginning of the next are no neighbours."""
    question = terms("电池热失控检测 thermal runaway", "", question=True)
    answers = [["热失", "控检测"], [], ["runaway 电池", "thermal 电"], ["池"], ["污泥"], ["电池热失控 thermal runaway"]]
    found = Shared(question, lambda term: 1.0).words(answers * 30)
    assert found == [Shared(question, lambda term: 1.0).words([one])[0] for one in answers * 30]
    assert found[0] == ("控检测", "热失")
    assert found[3] == found[4] == ()
    assert found[5] == ("电池热失控", "thermal runaway")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "电",
        "a",
        "🔋🔌",
        "电池🔋battery\u202e",
        "\x00\x07\x1b[31m",
        "\ud800",
        "电池 " * 250_000,
        "_" * 1_000_000,
    ],
)
def test_any_text_gives_a_ranking_of_everything(text: str) -> None:
    ranked = Index([*PAPERS, Document("odd", text)]).rank(text, top=0)
    assert sorted(one.id for one in ranked) == ["battery", "cells", "odd", "sludge"]
    assert all(0 <= one.score <= 1 for one in ranked)


def test_an_empty_index_answers_nothing() -> None:
    assert Index().rank("电池") == []


def test_a_changed_index_equals_one_built_anew() -> None:
    index = Index(PAPERS[:3])
    index.rank("电池")
    index.add(PAPERS[3])
    index.add(Document("b1", "完全不同的文字", "sludge"))
    index.remove("a2")
    expected = Index([PAPERS[3], Document("b1", "完全不同的文字", "sludge"), PAPERS[0]])
    for need in ("电池热失控", "thermal runaway", "文字", "zzz"):
        assert index.rank(need, 0) == expected.rank(need, 0)


def test_equal_scores_stand_in_the_order_of_ids() -> None:
    index = Index([Document(name, "同样的文字") for name in "cab"])
    assert [one.id for one in index.rank("文字")] == ["a", "b", "c"]


def test_single_documents_are_measured_as_the_ranking_measures_them() -> None:
    papers = [replace(paper, group=None) for paper in PAPERS]
    index = Index(papers)
    ranked = {one.id: one for one in index.rank("电池热失控检测", 0)}
    measured = index.measured("电池热失控检测", ["a2", "nobody", "a1"])
    assert measured == [ranked["a2"], ranked["a1"]]
    assert any(one.words for one in measured)


def test_removing_what_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        Index(PAPERS).remove("nobody")
