"""Rows are found by name, by the million without a word for each."""

from __future__ import annotations

import pytest

from marketplace.matching.names import Numbers, Rows


def test_numbers_are_words_made_when_asked_for() -> None:
    names = Numbers(1_000_000_000)
    assert (len(names), names[17], names[-1], names[2:4]) == (1_000_000_000, "17", "999999999", ["2", "3"])


@pytest.mark.parametrize("names", [Numbers(3), ("0", "1", "2")], ids=["by number", "by word"])
def test_names_stand_for_rows_come_go_and_move(names: Numbers) -> None:
    rows = Rows(names)
    assert [rows[name] for name in names] == [0, 1, 2]
    del rows["1"]
    rows["late"], rows["2"] = 7, 9
    assert ("1" in rows, rows["late"], rows["2"]) == (False, 7, 9)
    rows["1"] = 4
    assert rows["1"] == 4


@pytest.mark.parametrize("name", ["3", "-1", "01", "", " 1", "1.0", "١", "9" * 5_000])
def test_what_is_no_row_is_unknown(name: str) -> None:
    rows = Rows(Numbers(3))
    assert name not in rows
    with pytest.raises(KeyError):
        rows[name]
