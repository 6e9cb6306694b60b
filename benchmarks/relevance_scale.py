"""Time the best 20 of 50,000 documents for each of 200,000 questions, and one question on an index of 50,000.

python -m benchmarks.relevance_scale                       the whole, on two threads
python -m benchmarks.relevance_scale --questions 20000     a tenth of it
"""

import argparse
import time

import numpy as np
import numpy.typing as npt
from scipy import sparse

from marketplace.matching.relevance.candidates import ALL, Candidates

VOCABULARY, LENGTH, TOPICS = 120_000, 80, 400


def texts(count: int, seed: int, own_words: int) -> sparse.csr_array:
    """Return `count` texts of 80 tokens, `own_words` of them Zipf over one of 400 topics' words, the rest over all."""
    chance = np.random.default_rng(seed)
    topic_words = np.random.default_rng(0).permutation(VOCABULARY)
    rank = np.arange(1, VOCABULARY + 1)
    general = np.cumsum(1 / rank)
    per_topic = VOCABULARY // TOPICS
    special = np.cumsum(1 / np.arange(1, per_topic + 1))
    common = np.searchsorted(general, chance.random((count, LENGTH - own_words)) * general[-1])
    own = np.searchsorted(special, chance.random((count, own_words)) * special[-1])
    own = topic_words[chance.integers(0, TOPICS, (count, 1)) * per_topic + own]
    tokens = np.concatenate([common, own], axis=1)
    rows = np.repeat(np.arange(count), LENGTH)
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, tokens.ravel())), shape=(count, VOCABULARY))
    matrix.sum_duplicates()
    return matrix


def bm25(documents: sparse.csr_array) -> sparse.csr_array:
    """Return the documents' BM25 weights (k1 = 1.2, b = 0.75)."""
    frequency = np.bincount(documents.indices, minlength=VOCABULARY)
    idf = np.log1p((documents.shape[0] - frequency + 0.5) / (frequency + 0.5))
    lengths = np.asarray(documents.sum(axis=1)).ravel()
    pull = np.repeat(0.25 + 0.75 * lengths / lengths.mean(), np.diff(documents.indptr))
    weighted = documents.copy()
    weighted.data = idf[documents.indices] * documents.data * 2.2 / (documents.data + 1.2 * pull)
    return weighted


def exact(documents: sparse.csr_array, questions: sparse.csr_array, top: int) -> npt.NDArray[np.float64]:
    """Return the `top` highest products of each question, by making every product."""
    everything = (questions @ documents.T).toarray()
    return -np.sort(-everything, axis=1)[:, :top]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--questions", type=int, default=200_000)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--feared", type=float, default=ALL, help="share of the bound; below 1 not exact")
    parser.add_argument("--own-words", type=int, default=16, help="of 80; fewer make the terms more common")
    asked = parser.parse_args()
    documents, questions = bm25(texts(asked.documents, 1, asked.own_words)), texts(asked.questions, 2, asked.own_words)
    start = time.perf_counter()
    candidates = Candidates(documents, asked.feared)
    print(f"made ready in {time.perf_counter() - start:.1f} s; {len(documents.data) / asked.documents:.0f} terms each")
    candidates.best(questions[:64])  # compiles
    start, cpu = time.perf_counter(), time.process_time()
    best = candidates.best(questions, 20, asked.threads)
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    print(
        f"{asked.questions} questions: {wall:.1f} s wall, {used:.1f} s CPU, {asked.questions / used:.0f} per CPU second"
    )
    sample = slice(0, min(200, asked.questions))
    least = exact(documents, questions[sample], 20)[:, -1:]
    found = (best.scores[sample] >= least * (1 - 1e-5)).mean()
    print(f"of the exact best 20 found, on the first {sample.stop} questions: {found:.4%}")


if __name__ == "__main__":
    main()
