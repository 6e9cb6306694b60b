"""The two languages find each other by the words of the glossary, without any model."""

from importlib.resources import files

import pytest

from marketplace.matching.relevance import classes
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


@pytest.mark.parametrize(
    ("kind", "question", "evidence"),
    [
        ("label of an IPC class", "增材制造", "Additive manufacturing of turbine blades"),
        (
            "label of a division of GB/T 4754",
            "生态保护和环境治理业",
            "Ecological protection and environmental control of lakes",
        ),
        ("label of a class, other way", "non-woven fabrics", "一种非织造布及其制备方法"),
        ("synonym", "胶粘剂", "Water-based binder for wood"),
        ("traditional characters", "電池熱失控", "Thermal runaway of batteries"),
        ("full width", "ＡＩ", "人工智能平台"),
        ("unit", "千瓦时", "Storage of 500 kWh"),
        ("abbreviation", "plc", "可编程逻辑控制器的设计"),
        ("abbreviation, other way", "可编程逻辑控制器", "A PLC for looms"),
    ],
)
def test_each_kind_of_knowledge_crosses_the_languages(kind: str, question: str, evidence: str) -> None:
    others = [Document("no", "Poetry of the Tang dynasty"), Document("nein", "唐诗选读")]
    found = Index([*others, Document("it", evidence)], encoder=None).rank(question)
    assert found[0].id == "it", kind
    assert found[0].score > found[1].score + 0.02, kind


def test_labels_are_whole_and_in_two_languages() -> None:
    schemes = [scheme for scheme, _ in classes.labels()]
    assert schemes.count(classes.IPC) >= 8 + 120
    divisions = [code for scheme, code in classes.labels() if scheme == classes.INDUSTRIES and code.isdigit()]
    assert divisions == [f"{number:02d}" for number in range(1, 98)]
    assert all(chinese and english and english.isascii() for chinese, english in classes.labels().values())


@pytest.mark.parametrize(
    ("symbol", "scheme", "chinese", "english"),
    [
        ("H01M 10/0525", classes.IPC, "基本电气元件", "basic electric elements"),
        ("H99Z", classes.IPC, "电学", "electricity"),
        ("2614", classes.INDUSTRIES, "化学原料和化学制品制造业", "chemical raw materials and chemical products"),
        ("C26", classes.INDUSTRIES, "制造业", "manufacturing"),
        ("电池", classes.IPC, "", ""),
        ("", classes.IPC, "", ""),
    ],
)
def test_a_code_is_told_by_its_class(symbol: str, scheme: str, chinese: str, english: str) -> None:
    assert classes.label(symbol, chinese=True, scheme=scheme) == chinese
    assert classes.label(symbol, chinese=False, scheme=scheme) == english


def test_our_own_terms_count_before_labels() -> None:
    """The class F04 says pump and compressor; our list knows the compressor already, with its own words."""
    found = [english for english, _ in [translated(normalise("压缩机"))]]
    assert found == ["compressor"]


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
