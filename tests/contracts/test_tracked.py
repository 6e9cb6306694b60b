"""Tracked changes lose nothing: what is kept and removed is the old text, what is kept and added the new one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.clauses.tracked import Piece, changes

TEXT = st.text(alphabet="甲乙方应当在10个 工作日内\nabc。，", max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
    assert all(p.text for p in pieces)


def test_a_changed_number_is_shown_whole() -> None:
    assert changes("在100日内付款", "在120日内付款") == [
        Piece("kept", "在"),
        Piece("removed", "100"),
        Piece("added", "120"),
        Piece("kept", "日内付款"),
    ] or Piece("removed", "在100") in changes("在100日内付款", "在120日内付款")
