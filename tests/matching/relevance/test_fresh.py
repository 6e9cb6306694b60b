"""However documents come and go, the index answers like one built anew; kernels agree with their NumPy twins."""

import random

import numpy as np
import numpy.typing as npt
import pytest

from marketplace.matching.relevance import kernels
from marketplace.matching.relevance.index import Document, Index

WORDS = [
    *("电池", "热失控", "检测", "污泥", "干化", "催化剂", "石墨烯", "机器人", "图像", "识别"),
    *("battery", "sensor", "detection", "welding", "robot"),
]


class Hashed:
    """An encoder that knows only letters, for tests."""

    size = 16

    def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.size), np.float32)
        for row, (title, body) in zip(rows, texts, strict=True):
            for letter in title + body:
                row[ord(letter) % self.size] += 1
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


@pytest.mark.parametrize("seed", range(8))
def test_any_history_gives_the_same_answers_as_building_anew(seed: int) -> None:
    chance = random.Random(seed)
    encoder = Hashed() if seed % 2 else None
    index = Index(year=2026, encoder=encoder)
    alive: dict[str, Document] = {}
    for _ in range(150):
        if alive and chance.random() < 0.4:
            gone = chance.choice(sorted(alive))
            index.remove(gone)
            del alive[gone]
        else:
            text = " ".join(chance.choices(WORDS, k=chance.randint(0, 9)))
            group = chance.choice([None, "甲", "乙"])
            year = chance.choice([None, 2010, 2026])
            document = Document(f"d{chance.randint(0, 60)}", text, group, chance.choice(["", "paper"]), year)
            index.add(document)
            alive[document.id] = document
        if chance.random() < 0.1:
            index.rank("电池")
    anew = Index(sorted(alive.values(), key=lambda one: one.id, reverse=True), year=2026, encoder=encoder)
    assert len(index) == len(anew) == len(alive)
    for question in ("电池热失控检测", "battery sensor", "机器人图像识别\n焊接 welding", "", "没有"):
        assert index.rank(question, 0) == anew.rank(question, 0)


def test_old_evidence_counts_less_but_not_nothing() -> None:
    index = Index([Document("new", "石墨烯", year=2026), Document("old", "石墨烯", year=1990)], year=2026)
    new, old = index.rank("石墨烯")
    assert (new.id, old.id) == ("new", "old")
    assert 0.7 * new.score <= old.score < new.score


def test_kernels_and_their_numpy_twins_agree() -> None:
    chance = np.random.default_rng(0)
    scores = chance.random(500)
    groups = chance.integers(0, 90, 500)
    one, two = np.empty((90, 3)), np.empty((90, 3))
    kernels.best_three(scores, groups, one)
    kernels.best_three_numpy(scores, groups, two)
    np.testing.assert_array_equal(one, two)
    vectors = chance.integers(-127, 128, (300, 64)).astype(np.int8)
    held = chance.random(300) < 0.7
    a, b = np.empty(300), np.empty(300)
    kernels.nearness(vectors, held, vectors[0], 7.5, 64.0, a)
    kernels.nearness_numpy(vectors, held, vectors[0], 7.5, 64.0, b)
    np.testing.assert_array_equal(a, b)
    assert np.isnan(a).tolist() == (~held).tolist()
    x, y = np.zeros(300), np.zeros(300)
    kernels.weighed((a, scores[:300]), np.array([2.0, -0.5]), 0.25, x)
    kernels.weighed_numpy((b, scores[:300]), np.array([2.0, -0.5]), 0.25, y)
    np.testing.assert_array_equal(x, y)
    slots, weights = np.tile(np.arange(50, dtype=np.int32), 4), chance.random(200).astype(np.float32)
    starts = np.array([0, 50, 100], np.int64)
    x, y = np.zeros(50), np.zeros(50)
    kernels.add_postings(x, slots, weights, starts, starts + 50, np.array([1.0, 2.0, 0.5]))
    kernels.add_postings_numpy(y, slots, weights, starts, starts + 50, np.array([1.0, 2.0, 0.5]))
    np.testing.assert_allclose(x, y, rtol=1e-12)
