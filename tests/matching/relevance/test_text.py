"""Texts that mean the same are spelt the same."""

import pytest

from marketplace.matching.relevance.text import normalise, tokens


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ＰＣＢ　电路板", "pcb 电路板"),
        ("鋰電池的熱管理與軟體設計", "锂电池的热管理与软体设计"),
        ("锂离子 电池 电压", "锂离子电池电压"),
        ("面积 5㎡，温度 25 ℃", "面积 5平方米,温度 25 摄氏度"),
        ("题\n正文\x00\u200b完", "题\n正文完"),
    ],
)
def test_one_spelling(written: str, compared: str) -> None:
    assert normalise(written) == compared


def test_chinese_gives_runs_of_one_and_two_and_english_words_and_pairs() -> None:
    assert tokens("热失控") == ["热", "失", "控", "热失", "失控"]
    assert tokens("Lithium batteries") == ["lithium", "battery", "lithium battery"]
    assert tokens("3D打印") == ["3d", "打", "印", "打印"]
