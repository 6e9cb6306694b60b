"""The search page and the suggestions, as readers meet them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from marketplace.search.asking import asked
from marketplace.search.highlight import excerpt, marked
from tests.factories import Make


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_hit_is_shown_with_its_words_marked(make: Make, client: FlaskClient, locale: str) -> None:
    order = make.order(title="水性防护涂层", title_en="Waterborne protective coating")
    with client.session_transaction() as session:
        session["locale"] = locale
    page = client.get("/search?q=涂层" if locale == "zh" else "/search?q=coating").text
    assert f'href="/orders/{order.id}"' in page
    assert ("水性防护<mark>涂层</mark>" if locale == "zh" else "Waterborne protective <mark>coating</mark>") in page


def test_every_page_has_the_box(client: FlaskClient) -> None:
    for address in ("/", "/orders", "/search", "/nowhere"):
        page = client.get(address).text
        assert 'action="/search"' in page
        assert 'hx-get="/search/suggestions"' in page


@pytest.mark.parametrize(
    ("typed", "hit"), [("涂", True), ("防护", True), ("coat", True), ("coating", True), ("层涂", False)]
)
def test_suggestions_follow_what_is_typed(make: Make, client: FlaskClient, typed: str, hit: bool) -> None:
    order = make.order(title="防护涂层", title_en="Protective coatings")
    fragment = client.get("/search/suggestions", query_string={"q": typed}).text
    assert (f"/orders/{order.id}" in fragment) is hit
    assert "<html" not in fragment


@pytest.mark.parametrize(
    "query",
    [
        "q=%00&kind=x&field=y&alliance=z&page=-1",
        "q=%F0%9F%94%8B",
        "q=" + "a" * 5000,
        "q=%25%27%22%3Cscript%3E",
        "q=%ED%A0%80",
        "alliance=99999999999999999&q=电",
        "q=%D9%A3&alliance=%D9%A3",
    ],
)
@pytest.mark.parametrize("address", ["/search", "/search/suggestions"])
def test_any_question_is_answered(make: Make, client: FlaskClient, address: str, query: str) -> None:
    make.order(title="电池")
    page = client.get(f"{address}?{query}")
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_synonyms_that_were_looked_for_are_named(make: Make, client: FlaskClient) -> None:
    make.order(title="印染废水处理")
    page = client.get("/search?q=wastewater treatment").text
    assert "污水处理" in page
    assert "印染<mark>废水处理</mark>" in page


@pytest.mark.parametrize(
    ("typed", "text", "shown"),
    [
        ("电池", "动力電池与电 池", "动力[電池]与[电 池]"),
        ("battery", "Batteries, BATTERY", "[Batteries], [BATTERY]"),
        ("ﬁbre", "ﬁbre fibre", "[ﬁbre] [fibre]"),
        ("池", "", ""),
    ],
)
def test_marks_stand_on_the_text_as_it_was_written(typed: str, text: str, shown: str) -> None:
    parts = marked(text, asked(typed))
    assert "".join(f"[{part.text}]" if part.hit else part.text for part in parts) == shown


def test_an_excerpt_shows_where_the_words_stand() -> None:
    parts = excerpt("开头。" * 100 + "这里有石墨烯薄膜" + "。结尾" * 100, asked("石墨烯"))
    assert [part.text for part in parts if part.hit] == ["石墨烯"]
    assert parts[0].text == parts[-1].text == "…"
    assert sum(len(part.text) for part in parts) <= 142


@pytest.mark.parametrize(
    ("locale", "said"), [("zh", "没有内容包含这句话的大部分词语"), ("en", "Nothing holds most of this sentence")]
)
def test_the_page_says_which_words_of_a_sentence_were_looked_for(
    make: Make, client: FlaskClient, locale: str, said: str
) -> None:
    order = make.order(title="电主轴热误差建模", title_en="", problem="", background="", targets=[])
    with client.session_transaction() as session:
        session["locale"] = locale
    page = client.get("/search", query_string={"q": "我们想找一家能做高速电主轴热误差补偿的高校团队"}).text
    assert f'href="/orders/{order.id}"' in page
    assert said in page
    assert "<mark>电主轴热误差</mark>" in page
