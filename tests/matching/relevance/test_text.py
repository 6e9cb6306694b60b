"""Texts that mean the same are spelt the same."""

import pytest

from marketplace.matching.relevance.text import normalise, terms


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ＰＣＢ　电路板", "pcb 电路板"),
        ("鋰電池的熱管理與軟體設計", "锂电池的热管理与软体设计"),
        ("锂离子 电池 电压", "锂离子电池电压"),
        ("面积 5㎡，温度 25 ℃", "面积 5平方米,温度 25 摄氏度"),
        ("流量 3ｍ³，μm 级", "流量 3立方米,um 级"),
        ("㎏／㎡", "kg/平方米"),
        ("①号機 ﬁlter", "1号机 filter"),
        ("题\n正文\x00\u200b完", "题\n正文完"),
    ],
)
def test_one_spelling(written: str, compared: str) -> None:
    assert normalise(written) == compared


@pytest.mark.parametrize(
    ("text", "singles", "pairs"),
    [
        ("热失控", {"热", "失", "控"}, {"热失", "失控"}),
        ("lithium batteries", {"lithium", "battery"}, {"lithium battery"}),
        ("3d打印 3d", {"3d", "打", "印"}, {"打印"}),
    ],
)
def test_chinese_gives_runs_of_one_and_two_and_english_words_and_pairs(
    text: str, singles: set[str], pairs: set[str]
) -> None:
    found = terms(text, "")
    assert (set(found.singles), set(found.pairs)) == (singles, pairs)


def test_a_term_weighs_its_root_and_a_chinese_one_of_a_question_its_count() -> None:
    assert terms("", "电电电电 cell cell cell cell").singles == {"电": 2.0, "cell": 2.0}
    assert terms("", "电电电电 cell cell cell cell", question=True).singles == {"电": 4.0, "cell": 2.0}
