"""Changes are shown word for word, and nothing of either text is lost."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.differences import Piece, compare

TEXTS = st.text(alphabet="盐雾涂层，。\n ab12.", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert all(p.text for p in pieces)
    assert all(one.kind != two.kind for one, two in pairwise(pieces))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {p.kind for p in compare(text, text)} <= {"same"}


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (
            "耐盐雾不低于800小时。其余不变。",
            "耐盐雾不低于1000小时。其余不变。",
            [("removed", "800"), ("added", "1000")],
        ),
        ("spray only", "spray or dip only", [("added", "or dip ")]),
        ("", "新", [("added", "新")]),
        ("旧", "", [("removed", "旧")]),
    ],
)
def test_only_the_changed_words_are_marked(before: str, after: str, changed: list[tuple[str, str]]) -> None:
    assert [(p.kind, p.text) for p in compare(before, after) if p.kind != "same"] == changed


def test_the_longest_texts_are_compared_in_no_time() -> None:
    before, after = "盐雾涂层试验数据" * 2500, "涂层盐雾数据试验" * 2500
    start = time.perf_counter()
    assert compare(before, after) == [Piece("removed", before), Piece("added", after)]
    lines = "".join(f"第{n}条要求耐盐雾{n}小时。" for n in range(1500))
    assert len(compare(lines, lines.replace("小时", "h", 700))) > 700
    assert time.perf_counter() - start < 5
