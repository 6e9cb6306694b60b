"""What is left out of a large search could not have been among the best."""

import numpy as np
import pytest
from scipy import sparse

from benchmarks.relevance_scale import bm25
from benchmarks.relevance_scale import texts as written
from marketplace.matching.relevance import bounded, candidates
from marketplace.matching.relevance.candidates import Candidates
from marketplace.matching.relevance.kernels import compiled


def texts(seed: int, count: int, width: int, skew: float) -> sparse.csr_array:
    chance = np.random.default_rng(seed)
    columns = (width * chance.random((count, 12)) ** skew).astype(int)
    rows = np.repeat(np.arange(count), 12)
    matrix = sparse.csr_array((chance.random(count * 12), (rows, columns.ravel())), shape=(count, width))
    matrix.sum_duplicates()
    return matrix


@pytest.mark.parametrize("skew", [1.0, 2.0, 6.0])
@pytest.mark.parametrize("many", [-1.0, 0.05, 2.0])
@pytest.mark.parametrize("top", [1, 20, 500])
def test_the_best_are_those_of_the_full_product(
    skew: float, many: float, top: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "COMMON", 0.05)
    documents, questions = texts(1, 400, 300, skew), texts(2, 30, 300, skew)
    ready = Candidates(documents)
    ready.many = many
    best = ready.best(questions, top, threads=2)
    expected = -np.sort(-(questions @ documents.T).toarray(), axis=1)[:, :top]
    np.testing.assert_allclose(best.scores[:, : expected.shape[1]], expected, rtol=1e-4, atol=1e-6)
    for row, chosen in enumerate(best.documents):
        chosen = chosen[chosen >= 0]
        assert len(set(chosen.tolist())) == len(chosen)
        products = (questions[[row], :] @ documents.T).toarray()[0][chosen]
        np.testing.assert_allclose(best.scores[row, : len(chosen)], products, rtol=1e-4)


def test_the_loop_and_its_numpy_twin_agree() -> None:
    documents, questions = texts(3, 200, 100, 2.0), texts(4, 5, 100, 2.0)
    ready = Candidates(documents)
    quick = ready.best(questions, 7)
    ready.loop = candidates.best_of_block_numpy
    np.testing.assert_allclose(quick.scores, ready.best(questions, 7).scores, rtol=1e-4)


@pytest.mark.parametrize("up", [True, False])
def test_bounds_in_bytes_are_never_below_what_they_bound(up: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: rounded down they would pass over documents that belong to the best."""
    table = np.random.default_rng(5).random((70, 9)).astype(np.float32)
    if not up:
        monkeypatch.setattr(np, "ceil", np.floor)
    tiles, steps = bounded.tiled(table)
    whole = np.zeros((bounded.TOGETHER, 4 * tiles.shape[1]), np.uint8)
    whole[0, :9] = [1, 2, 3, 4, 5, 6, 7, 8, 255]
    products = np.zeros((bounded.TOGETHER, 1024), np.int32)
    bounded.bounds(whole, tiles, 0, 96, products)
    truth = (table / steps) @ whole[0, :9]
    assert bool((products[0, :70] >= truth * (1 - 1e-5)).all()) is up
    again = np.zeros_like(products)
    compiled(bounded.bounds_plain_loop)(whole, tiles, 0, 96, again)
    np.testing.assert_array_equal(products[:, :70], again[:, :70])


def test_a_question_without_words_finds_nothing() -> None:
    empty = sparse.csr_array((1, 300), dtype=float)
    assert (Candidates(texts(1, 50, 300, 1.0)).best(empty).documents == -1).all()


def test_fearing_less_finds_nearly_all_in_texts_and_never_a_wrong_score() -> None:
    documents, questions = bm25(written(3000, 1, 16)), written(60, 2, 16)
    exact = Candidates(documents).best(questions, 10)
    quick = Candidates(documents, candidates.NEARLY_ALL).best(questions, 10)
    assert (quick.scores >= exact.scores[:, -1:] * (1 - 1e-5)).mean() >= 0.95
    for row, chosen in enumerate(quick.documents):
        products = (questions[[row], :] @ documents.T).toarray()[0][chosen]
        np.testing.assert_allclose(quick.scores[row], products, rtol=1e-4)
