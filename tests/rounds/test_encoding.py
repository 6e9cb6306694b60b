"""The worker makes vectors of what rounds compare, and nothing when nothing happened."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import numpy.typing as npt
import pytest

from marketplace.matching.relevance import meaning
from marketplace.matching.relevance.kept import digest
from marketplace.matching.relevance.meaning import Encoders
from marketplace.orders.workflow import OrderState
from marketplace.rounds import encoding
from marketplace.rounds.gather import kept
from marketplace.rounds.gather.fit import OrderFit, Piece, Texts
from marketplace.search import service as search
from marketplace.talent.service import withdraw_capability
from marketplace.vectors import store
from tests.factories import Make


class Counting:
    """Vectors that only say how often they were made."""

    size = 512

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
        self.read += [title for title, _ in texts]
        return np.full((len(texts), self.size), 0.05, np.float32)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(meaning, "installed_encoders", lambda: Encoders(counting))
    monkeypatch.setattr(encoding, "_seen", encoding._Seen())
    return counting


def test_what_is_published_is_read_once(make: Make, encoder: Counting) -> None:
    row = make.capability(make.team())
    make.order(title="石墨烯导热膜", state=OrderState.EVALUATING)
    make.order(title="草稿不读", state=OrderState.DRAFT)
    assert encoding.encode(make.call(), 60) == 0
    assert any(title.startswith(row.title) for title in encoder.read)
    assert "石墨烯导热膜" in encoder.read
    assert "草稿不读" not in encoder.read
    once = len(encoder.read)
    assert encoding.encode(make.call(), 60) == 0
    assert len(encoder.read) == once == len(store.known()["general"])


def test_work_that_is_not_done_in_its_minute_is_left_for_the_next(make: Make, encoder: Counting) -> None:
    make.order(title="石墨烯导热膜")
    assert encoding.encode(make.call(), -1) == 1
    assert encoder.read == []


def test_texts_that_are_gone_are_forgotten(make: Make, encoder: Counting) -> None:
    row = make.capability(make.team())
    encoding.encode(make.call(), 60)
    before = len(store.known()["general"])
    withdraw_capability(make.call(), row.id)
    encoding.encode(make.call(), 60)
    assert len(store.known().get("general", {})) < before


def test_the_minute_looks_only_when_a_text_may_have_changed(
    make: Make, encoder: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[float] = []
    monkeypatch.setattr(encoding, "encode", lambda _call, seconds: looked.append(seconds) or 0)
    search.rebuild(make.call())
    encoding.encode_new(make.call())
    assert looked == []
    row = make.capability(make.team())
    withdraw_capability(make.call(), row.id)
    encoding.encode_new(make.call())
    encoding.encode_new(make.call())
    assert len(looked) == 1


def test_what_was_compared_before_is_compared_anew_with_new_vectors_and_new_weights() -> None:
    texts = Texts({1: "电池"}, {}, (), 2027)
    read = replace(texts, vectors={"general": {"a" * 64: b"1"}})
    learned = replace(texts, weights={"words": {"bias": 0.0, "singles": 1.0, "pairs": 0.0}})
    assert len({kept.fingerprint(each) for each in (texts, read, learned)}) == 3


def test_a_minute_reads_the_pieces_once_and_a_vector_counts_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(kept, "asdict", lambda piece: read.append(piece) or asdict(piece))
    piece = Piece(1, 1, "硅烷\n预处理")
    texts = Texts({1: "电池\n负极", 2: "涂层\n水性"}, {}, (piece,), 2027, vectors={"general": {"a" * 64: b"1"}})
    before = kept.fingerprints(texts)
    assert (read, len(set(before.values()))) == ([piece], 2)

    def changed(**values: object) -> set[int]:
        after = kept.fingerprints(replace(texts, **values))  # type: ignore[arg-type]
        return {key for key, told in after.items() if told != before[key]}

    def with_vector(text: str) -> dict[str, dict[str, bytes]]:
        return {"general": {"a" * 64: b"1", digest(*text.split("\n")): b"1"}}

    assert changed() == set()
    assert changed(orders={**texts.orders, 1: "电池\n正极"}) == {1}
    assert changed(vectors=with_vector("电池\n负极")) == {1}
    assert changed(vectors=with_vector("别处\n文字")) == set()
    assert changed(vectors=with_vector(piece.text)) == {1, 2}
    assert changed(vectors={}) == {1, 2}
    assert changed(pieces=(piece, Piece(2, 2, "磷化"))) == {1, 2}
    assert changed(weights={"words": {"bias": 0.0, "singles": 1.0, "pairs": 0.0}}) == {1, 2}


def test_how_many_texts_were_read_by_meaning_is_kept_with_the_answer() -> None:
    fits = {1: OrderFit(texts=7, unread=2)}
    assert kept.from_json(kept.to_json(fits)) == fits
