"""Time of questions and inserts on an index of 50,000 documents.

python -m benchmarks.relevance_query [--documents 50000] [--words-only]
"""

import argparse
import time

import numpy as np

from benchmarks.relevance_data import data_folder, paper_titles
from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.meaning import Encoders, installed_encoders


class Scattered:
    """Stands in for the encoder while the index is filled: the time of a question does not depend on what vectors say."""

    def __init__(self, size: int) -> None:
        self.size = size

    def encode(self, texts: list[tuple[str, str]]) -> np.ndarray:
        """Return random directions."""
        rows = np.random.default_rng(len(texts)).normal(size=(len(texts), self.size))
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--words-only", action="store_true")
    parser.add_argument("--kept", action="store_true", help="as if the vectors of the questions were kept as well")
    parser.add_argument("--general-only", action="store_true", help="without the encoder for Chinese")
    asked = parser.parse_args()
    folder = data_folder()
    if folder is None:
        raise SystemExit("no data: set TRIPOOL_DATA to the folder that holds csl")
    papers = paper_titles(folder)
    texts = [papers.queries[paper.id] + paper.text for paper in papers.documents]
    chance = np.random.default_rng(0)
    sentences = [sentence for text in texts for sentence in text.replace("\n", ".").split(".") if len(sentence) > 10]
    encoders = Encoders() if asked.words_only else installed_encoders()
    if asked.general_only:
        encoders = Encoders(encoders.general)
    index = Index(encoder=Encoders(encoders.general and Scattered(512), encoders.chinese and Scattered(384)))
    taken = []
    for number in range(asked.documents):
        text = "\n".join([sentences[at] for at in chance.integers(0, len(sentences), 4)])
        start = time.process_time()
        index.add(Document(f"d{number}", text, f"team{number % 6000}"))
        taken.append(time.process_time() - start)
    print(
        f"insert: median {np.median(taken[-5000:]) * 1e3:.2f} ms, p95 {np.quantile(taken[-5000:], 0.95) * 1e3:.2f} ms"
    )
    index.rank(texts[0])  # encodes what waits, compiles
    if not (asked.words_only or asked.kept):
        for vectors, encoder in ((index._meaning, encoders.general), (index._sense["chinese"], encoders.chinese)):
            if vectors is not None and encoder is not None:
                vectors._questions.encoder = encoder
        index.rank(texts[-1])  # loads the models
    titles, whole = list(papers.queries.values())[:200], texts[:200]
    for name, questions in (
        ("new titles", titles),
        ("titles again", titles),
        ("new titles with abstracts", whole),
        ("titles with abstracts again", whole),
    ):
        taken, waited = [], []
        for question in questions:
            start, began = time.process_time(), time.perf_counter()
            index.rank(question)
            taken.append(time.process_time() - start)
            waited.append(time.perf_counter() - began)
        told = [
            f"{of} median {np.median(ms) * 1e3:.1f} ms, p95 {np.quantile(ms, 0.95) * 1e3:.1f} ms"
            for of, ms in (("CPU", taken), ("clock", waited))
        ]
        print(f"{name}: {'; '.join(told)}")


if __name__ == "__main__":
    main()
