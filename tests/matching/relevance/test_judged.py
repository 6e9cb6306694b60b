"""On experts' judgements the ranking keeps what it has reached."""

from pathlib import Path

import pytest

from benchmarks.relevance_data import Judgements, data_folder, paper_titles, technology_needs
from marketplace.matching.relevance.combiner import probability
from marketplace.matching.relevance.index import Index
from marketplace.matching.relevance.meaning import Encoders, installed_encoders
from marketplace.matching.relevance.measures import kendall_loss, ndcg

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # encoding thousands of texts takes minutes on a busy machine


@pytest.fixture(scope="module")
def folder() -> Path:
    found = data_folder()
    if found is None:
        pytest.skip("NOT TESTED: no judged data in ../shared/data beside the checkout, and TRIPOOL_DATA names none")
    return found


def scores(judged: Judgements, index: Index) -> dict[str, dict[str, float]]:
    table = {}
    for query, text in judged.queries.items():
        ids, parts = index.parts(text)
        everything = dict(zip(ids, probability(parts).tolist(), strict=True))
        table[query] = {document: everything[document] for document in judged.levels[query]}
    return table


@pytest.mark.parametrize(
    ("used", "loss", "gain"), [("words", 0.22, 0.70), ("general", 0.20, 0.72), ("everything", 0.19, 0.72)]
)
def test_needs_are_answered_as_experts_judged(folder: Path, used: str, loss: float, gain: float) -> None:
    present = installed_encoders()
    if (used != "words" and present.general is None) or (used == "everything" and present.chinese is None):
        pytest.skip(f"NOT TESTED: the sentence encoders for {used} are not installed")
    encoder = {"words": Encoders(), "general": Encoders(present.general), "everything": present}[used]
    judged = technology_needs(folder)
    found = scores(judged, Index(judged.documents, encoder=encoder))
    assert kendall_loss(found, judged.levels) <= loss
    assert ndcg(found, judged.levels) >= gain


def test_a_paper_is_found_by_its_title(folder: Path) -> None:
    papers = paper_titles(folder)
    index = Index(papers.documents, encoder=None)
    first = [index.rank(text, 1, why=False)[0].id == query for query, text in papers.queries.items()]
    assert sum(first) >= 975
