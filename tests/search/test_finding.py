"""What is typed finds what is meant: words, synonyms, other scripts, and nothing by accident."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest

from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.kernel.fields import Field
from marketplace.search import indexing, queries
from marketplace.search.asking import asked
from marketplace.search.models import SearchEntry
from marketplace.search.spelling import indexed
from marketplace.search.terms import Search
from tests.factories import Make

VISITOR = Actor.visitor()


def titles(text: str, actor: Actor = VISITOR, **limits: object) -> list[str]:
    found = queries.find(actor, Search(text, **limits))  # type: ignore[arg-type]
    return [entry.title for entry in db.session.scalars(found.entries)] if found else []


@pytest.mark.parametrize(
    "typed",
    [
        "热失控",
        "電池熱失控",
        "锂离子 电池",
        "ＲＵＮＡＷＡＹ",
        "thermal runaway",
        "池",
        "C++",
        "表征Raman",
        "batteries",
        "动力锂离子电池热失控检测",
    ],
)
def test_an_order_is_found_by_any_spelling_of_its_words(make: Make, typed: str) -> None:
    make.order(title="污泥干化设备", title_en="Sludge drying", problem="热泵。", background="")
    make.order(
        title="动力锂离子电池热失控检测",
        title_en="Thermal runaway detection in lithium-ion batteries",
        problem="用C++编写，表征Raman光谱。",
        background="",
    )
    assert titles(typed) == ["动力锂离子电池热失控检测"]


@pytest.mark.parametrize(("typed", "title"), [("wastewater treatment", "印染废水处理"), ("深度学习", "Deep learning")])
def test_synonyms_of_the_glossary_find_the_other_language(make: Make, typed: str, title: str) -> None:
    make.order(title=title, title_en="", problem="", background="", targets=[])
    make.order(title="别的", title_en="", problem="", background="", targets=[])
    assert titles(typed) == [title]


@pytest.mark.parametrize(
    "typed", ["", " ", "the of", "%", "_", "*", '"', "' OR 1=1 --", "()", "🔋", "\x00", "NEAR AND"]
)
def test_signs_find_nothing_and_break_nothing(make: Make, typed: str) -> None:
    make.order(title="电池")
    assert titles(typed) == []


def test_a_word_is_whole_and_a_chinese_run_may_be_part_of_a_longer_one(make: Make) -> None:
    make.order(title="碳纤维 carbon", title_en="")
    assert titles("car") == []
    assert titles("纤维") == ["碳纤维 carbon"]
    assert titles("维碳") == []


def test_titles_come_before_texts_and_new_before_old(make: Make, clock: object) -> None:
    make.order(title="别的一", problem="石墨烯涂料。")
    clock.advance(days=1)  # type: ignore[attr-defined]
    make.order(title="石墨烯导热膜")
    clock.advance(days=1)  # type: ignore[attr-defined]
    make.order(title="别的二", problem="石墨烯纤维。")
    assert titles("石墨烯") == ["石墨烯导热膜", "别的二", "别的一"]


def test_when_nothing_holds_all_words_those_with_most_are_shown(make: Make) -> None:
    make.order(title="果园枝条修剪机", title_en="")
    make.order(title="苹果包装", title_en="")
    found = queries.find(VISITOR, Search("果园枝条修剪器械"))
    assert found is not None
    assert found.nearly
    assert titles("果园枝条修剪器械") == ["果园枝条修剪机"]


def test_limits_narrow_and_counts_know_every_kind(make: Make) -> None:
    alliance = make.alliance()
    make.order(title="涂层一", field=Field.CHEMISTRY, alliance_id=alliance.id)
    make.order(title="涂层二", field=Field.TEXTILES)
    make.capability(make.team(name="涂层团队"), title="涂层能力")
    assert titles("涂层", kind="team") == ["涂层团队"]
    assert titles("涂层", field=Field.CHEMISTRY) == ["涂层一"]
    assert titles("涂层", alliance_id=alliance.id) == ["涂层一"]
    found = queries.find(VISITOR, Search("涂层", kind="team"))
    assert found is not None
    assert found.counts == {"order": 2, "capability": 1, "team": 1}


def test_the_full_text_index_only_saves_time(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """On either database the answers are those of comparing every text: so both databases answer alike."""
    chance = random.Random(5)
    pieces = ["电池", "热", "失控", "检测", "3D打印", "carbon", "fibres", "C++", "石墨烯", " ", "é", "𠀀"]
    for _ in range(40):
        make.order(
            title="".join(chance.choices(pieces, k=4)), title_en="", problem="".join(chance.choices(pieces, k=9))
        )
    typed = ["".join(chance.choices(pieces, k=chance.randint(1, 3))) for _ in range(60)]
    quick = [titles(text) for text in typed]
    monkeypatch.setattr(queries, "_proposed", lambda _words: SearchEntry.id > 0)
    monkeypatch.setattr("marketplace.search.fulltext.proposed", lambda *_args, **_how: SearchEntry.id > 0)
    assert quick == [titles(text) for text in typed]
    assert sum(map(bool, quick)) > 30
    # Written down once: whichever database the tests run on, its answers are these, in this order.
    assert sha256(repr(quick).encode()).hexdigest()[:16] == "1873884db39e5509"


def test_tokens_hold_only_ascii_letters_and_digits() -> None:
    assert all(sign.isascii() and (sign.isalnum() or sign == " ") for sign in indexed(["电池é C++ 𠀀Ω", "ß ﬁ"]))


def test_a_question_has_few_words() -> None:
    assert len(asked(" ".join(f"w{n}" for n in range(50)))) == 8
    assert asked("电池" * 1000) != ()


def test_what_is_shown_first_takes_a_fixed_number_of_statements(make: Make, count_statements: list[str]) -> None:
    for _ in range(12):
        make.order(title="涂层")
    db.session.expire_all()
    before = len(count_statements)
    assert len(titles("涂层")) == 12
    assert len(count_statements) - before <= 3


def test_rebuilding_gives_the_same_entries(make: Make) -> None:
    make.order(title="涂层")
    make.capability(make.team())
    before = entries()
    indexing.rebuild()
    db.session.commit()
    assert entries() == before != []


def entries() -> list[tuple[object, ...]]:
    columns = [c for c in SearchEntry.__table__.columns if c.name != "id"]
    rows = db.session.execute(SearchEntry.__table__.select().with_only_columns(*columns).order_by("kind", "subject_id"))
    return [tuple(row) for row in rows]


CHINESE = "我们想找一家能做高速电主轴热误差补偿的高校团队"
ENGLISH = "We are looking for somebody who can compensate the thermal error of high-speed spindles"


@pytest.mark.parametrize(
    ("sentence", "words"), [(CHINESE, {"电主轴", "热误差"}), (ENGLISH, {"spindle", "thermal", "error"})]
)
def test_a_whole_sentence_finds_what_its_telling_words_find(make: Make, sentence: str, words: set[str]) -> None:
    make.order(title="电主轴热误差建模", title_en="Thermal error of a spindle", problem="", background="")
    make.order(title="果园枝条修剪机", title_en="Pruning", problem="", background="", targets=[])
    found = queries.find(VISITOR, Search(sentence))
    assert found is not None
    assert not found.nearly
    assert words <= set(found.instead)
    assert titles(sentence) == ["电主轴热误差建模"]


def test_what_holds_more_of_the_telling_words_comes_first(make: Make) -> None:
    for title in ("电主轴", "电主轴热误差补偿", "热误差补偿"):
        make.order(title=title, title_en="", problem="", background="", targets=[])
    assert titles(f"{CHINESE}，最好下个月就能开工，谢谢")[0] == "电主轴热误差补偿"


def test_a_word_that_most_texts_hold_tells_nothing(make: Make) -> None:
    for number in range(8):
        make.order(title=f"环保设备{number}", title_en="", problem="", background="", targets=[])
    make.order(title="电主轴", title_en="", problem="", background="", targets=[])
    found = queries.find(VISITOR, Search("请问谁能供应一套环保设备专用的电主轴"))
    assert found is not None
    assert found.instead == ("电主轴",)


def test_without_the_telling_words_a_sentence_would_find_nothing(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin."""
    make.order(title="电主轴热误差建模", title_en="Thermal error of a spindle", problem="", background="")
    monkeypatch.setattr(queries, "telling", lambda _text: [])
    assert titles(CHINESE) == titles(ENGLISH) == []


@pytest.mark.parametrize("typed", ["东莞甲公司", "夜莺7731", "乙团队"])
def test_a_name_is_no_sentence_of_which_a_part_would_do(make: Make, typed: str) -> None:
    make.order(title="东莞公司团队")
    assert titles(typed) == []
