"""On experts' judgements the ranking keeps what it has reached."""

from pathlib import Path

import pytest

from benchmarks.relevance_data import Judgements, data_folder, paper_titles, technology_needs
from marketplace.matching.relevance.combiner import probability
from marketplace.matching.relevance.index import Index
from marketplace.matching.relevance.kernels import Floats
from marketplace.matching.relevance.meaning import installed_encoders
from marketplace.matching.relevance.measures import kendall_loss, ndcg

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # encoding thousands of texts takes minutes on a busy machine


@pytest.fixture(scope="module")
def folder() -> Path:
    found = data_folder()
    if found is None:
        pytest.skip("NOT TESTED: no judged data in ../shared/data beside the checkout, and TRIPOOL_DATA names none")
    return found


Table = dict[str, tuple[list[str], dict[str, Floats]]]


def table(judged: Judgements, index: Index) -> Table:
    """Return for each need the judged documents and the parts of their scores."""
    found: Table = {}
    for query, text in judged.queries.items():
        ids, parts = index.parts(text)
        rows = [at for at, document in enumerate(ids) if document in judged.levels[query]]
        found[query] = [ids[at] for at in rows], {name: part[rows] for name, part in parts.items()}
    return found


@pytest.fixture(scope="module")
def judged(folder: Path) -> Judgements:
    return technology_needs(folder)


@pytest.fixture(scope="module")
def encoded(judged: Judgements) -> Table:
    """The parts with everything installed, made once: encoding takes nearly all of these tests' time."""
    present = installed_encoders()
    if present.general is None or present.chinese is None:
        pytest.skip("NOT TESTED: the sentence encoders are not installed")
    return table(judged, Index(judged.documents, encoder=present))


def figures(judged: Judgements, found: Table, without: str = "") -> tuple[float, float]:
    """Return Kendall loss and NDCG@5, of scores that leave one part out where it is named."""
    scores = {}
    for query, (ids, parts) in found.items():
        kept = {name: part for name, part in parts.items() if name != without}
        scores[query] = dict(zip(ids, probability(kept).tolist(), strict=True))
    return kendall_loss(scores, judged.levels), ndcg(scores, judged.levels)


def test_words_alone_answer_needs_as_experts_judged(judged: Judgements) -> None:
    loss, gain = figures(judged, table(judged, Index(judged.documents, encoder=None)))
    assert loss <= 0.22
    assert gain >= 0.70


@pytest.mark.parametrize(("without", "most"), [("chinese", 0.20), ("", 0.19)])
def test_needs_are_answered_as_experts_judged(judged: Judgements, encoded: Table, without: str, most: float) -> None:
    loss, gain = figures(judged, encoded, without)
    assert loss <= most
    assert gain >= 0.72


def test_a_paper_is_found_by_its_title(folder: Path) -> None:
    papers = paper_titles(folder)
    index = Index(papers.documents, encoder=None)
    first = [index.rank(text, 1, why=False)[0].id == query for query, text in papers.queries.items()]
    assert sum(first) >= 975
