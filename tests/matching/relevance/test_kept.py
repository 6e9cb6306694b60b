"""Vectors made earlier rank like vectors made now; a text without one is ranked by its words."""

import numpy as np
import numpy.typing as npt
import pytest

from marketplace.matching.relevance import meaning
from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.kept import Lookup, lacking, lookups, make, read
from marketplace.matching.relevance.meaning import Encoders, as_bytes
from tests.matching.relevance.test_fresh import Hashed

DOCUMENTS = [
    Document("a", "锂离子电池热失控检测\n温度与电压联合监测"),
    Document("b", "污泥低温干化设备\n热泵驱动"),
    Document("c", "石墨烯涂层"),
]
QUESTION = "电池热失控预警\n寻求检测方法"


class Wide(Hashed):
    """The encoder of letters, as wide as the general one."""

    size = 512


def kept_of(texts: list[str]) -> dict[str, dict[str, bytes]]:
    encoders = Encoders(Wide())
    found: dict[str, dict[str, bytes]] = {}
    for name, key, components in make(lacking(texts, encoders, {}), encoders, lambda: False):
        found.setdefault(name, {})[key] = components
    return found


def test_kept_vectors_rank_exactly_like_new_ones() -> None:
    kept = kept_of([one.text for one in DOCUMENTS] + [QUESTION])
    assert Index(DOCUMENTS, encoder=lookups(kept)).rank(QUESTION, 0) == Index(DOCUMENTS, encoder=Wide()).rank(
        QUESTION, 0
    )


@pytest.mark.parametrize("without", ["everything", "the question"])
def test_without_vectors_words_alone_count(without: str) -> None:
    kept = kept_of([] if without == "everything" else [one.text for one in DOCUMENTS])
    assert Index(DOCUMENTS, encoder=lookups(kept)).rank(QUESTION, 0) == Index(DOCUMENTS, encoder=None).rank(QUESTION, 0)


def test_a_text_without_a_vector_is_ranked_by_its_words_beside_the_others() -> None:
    kept = kept_of([DOCUMENTS[1].text, DOCUMENTS[2].text, QUESTION])
    mixed = {one.id: one.score for one in Index(DOCUMENTS, encoder=lookups(kept)).rank(QUESTION, 0)}
    words = {one.id: one.score for one in Index(DOCUMENTS, encoder=None).rank(QUESTION, 0)}
    assert mixed["a"] == words["a"]
    assert mixed["b"] != words["b"]


def test_only_what_is_lacking_is_made_and_only_until_it_is_enough() -> None:
    texts = [one.text for one in DOCUMENTS]
    encoders = Encoders(Wide())
    kept = kept_of(texts[:2])
    wanted = lacking(texts, encoders, kept)
    assert [pair[0] for pair in wanted["general"].values()] == ["石墨烯涂层"]
    assert list(make(wanted, encoders, lambda: True)) == []
    assert list(read(texts, kept)) == [True, True, False]
    assert lacking(texts, Encoders(), {}) == {}


def test_the_encoder_for_chinese_reads_texts_in_every_language_and_that_for_english_only_its_own() -> None:
    encoders = Encoders(Wide(), Hashed(), Hashed())
    wanted = lacking(["石墨烯涂层", "graphene coating"], encoders, {})
    assert {name: len(texts) for name, texts in wanted.items()} == {"general": 2, "chinese": 2, "english": 1}


def test_a_question_asked_again_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []

    class Counting(Hashed):
        def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
            encoded.extend(title for title, _ in texts)
            return super().encode(texts)

    monkeypatch.setattr(meaning, "ASKED_LAST", 2)
    index = Index(DOCUMENTS, encoder=Counting())
    first = index.rank("污泥", 0)
    encoded.clear()
    assert index.rank("污泥", 0) == first
    assert encoded == []
    for text in ("电池", "污泥", "石墨烯", "污泥", "电池"):
        index.rank(text)
    assert encoded == ["电池", "石墨烯", "电池"]


def test_a_lookup_gives_back_what_was_kept_byte_for_byte() -> None:
    row = np.arange(-127, 129, dtype=np.int16).clip(-127, 127).astype(np.int8)
    from marketplace.matching.relevance.kept import digest

    found = Lookup(256, {digest("电池", ""): row.tobytes(), digest("短", ""): b"\x01"}).encode(
        [("电池", ""), ("短", "")]
    )
    assert (as_bytes(found)[0] == row).all()
    assert not found[1].any()
