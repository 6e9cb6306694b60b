"""A mark says whether what a page showed still stands."""

from __future__ import annotations

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.kernel.marks import mark_of, require_read


def test_a_mark_changes_with_what_it_marks_and_with_nothing_else() -> None:
    assert mark_of(("甲", 1)) == mark_of(("甲", 1))
    assert len({mark_of(each) for each in (("甲", 1), ("甲", 2), ("甲", "1"), ["甲", 1], None)}) == 5


@pytest.mark.parametrize(
    ("seen", "saved", "new", "refused"),
    [
        ("a", "a", "b", False),
        ("a", "b", "c", True),  # a colleague has saved since
        ("a", "b", "b", False),  # the button was pressed twice
        ("", "b", "c", False),  # no page asked
    ],
)
def test_nobody_writes_over_what_they_have_not_read(seen: str, saved: str, new: str, refused: bool) -> None:
    if not refused:
        require_read(seen, saved, new)
        return
    with pytest.raises(Conflict, match=r"^saved_meanwhile"):
        require_read(seen, saved, new)
    with pytest.raises(Conflict, match=r"^bids\.saved_meanwhile"):
        require_read(seen, saved, new, "bids.saved_meanwhile")
