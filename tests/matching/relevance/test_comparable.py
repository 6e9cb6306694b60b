"""Scores of different questions can be compared: from them a team's best orders are listed too."""

import pytest

from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.meaning import Encoders, Questions, Vectors, installed_encoders
from marketplace.matching.relevance.measures import kendall_loss
from tests.matching.relevance.test_fresh import Hashed

FILLER = "This paper presents the results of a study of the method and its use in practice."
TEAMS = {
    "battery": [
        "Thermal runaway detection in lithium-ion battery packs",
        "Electrolyte additives for sodium-ion cells",
        "State of health estimation of traction batteries",
    ],
    "water": [
        "Membrane bioreactors for textile wastewater treatment",
        "Low-temperature drying of sewage sludge",
        "Removal of heavy metals from drinking water",
    ],
    "vision": [
        "Surface defect detection with convolutional neural networks",
        "Image segmentation of weld seams",
        "Robot grasping guided by depth cameras",
    ],
}
ORDERS = {
    "battery": ["Early warning of battery fires", "Longer life of lithium cells in storage power stations"],
    "water": ["Reuse of dyeing wastewater", "Drying municipal sludge with heat pumps. " + FILLER * 4],
    "vision": ["Finding scratches on metal surfaces from images", "Robot welding with cameras. " + FILLER * 2],
}
LEVELS = {
    team: {f"{subject} {at}": 4 if subject == team else 1 for subject in ORDERS for at in range(2)} for team in TEAMS
}


def index_of(encoders: Encoders) -> Index:
    pieces = [Document(f"{team}{at}", text, team) for team, of in TEAMS.items() for at, text in enumerate(of)]
    return Index(pieces, encoder=encoders)


def orders_of_teams(index: Index) -> dict[str, dict[str, float]]:
    """Return by team the score of each order."""
    found: dict[str, dict[str, float]] = {team: {} for team in TEAMS}
    for subject, texts in ORDERS.items():
        for at, text in enumerate(texts):
            for one in index.rank(text, 0):
                found[one.id][f"{subject} {at}"] = one.score
    return found


@pytest.fixture(scope="module", params=["words", "everything"])
def index(request: pytest.FixtureRequest) -> Index:
    return index_of(Encoders() if request.param == "words" else installed_encoders())


def test_a_team_s_own_orders_stand_above_those_of_others(index: Index) -> None:
    assert kendall_loss(orders_of_teams(index), LEVELS) <= 0.15


def test_a_question_that_nobody_answers_scores_low_with_everybody(index: Index) -> None:
    stranger = index.rank("Poetry of the Tang dynasty", 1)[0].score
    assert all(stranger < index.rank(texts[0], 1)[0].score for texts in ORDERS.values())


@pytest.mark.parametrize("centred", [True, False])
def test_a_vague_question_is_no_nearer_to_everything_than_a_special_one(
    centred: bool,
) -> None:
    """The twin: without taking off the mean, a question alike to all documents would head every team's list."""
    vectors = Vectors(Questions(Hashed()))
    texts = [text for of in TEAMS.values() for text in of]
    for slot, text in enumerate(texts):
        vectors.add(slot, text, "")
    vectors.score("", "", len(texts))
    if not centred:
        vectors._sum[:] = 0
    vague = vectors.score(" ".join(texts), "", len(texts)).mean()
    special = vectors.score("zzz qqq", "", len(texts)).mean()
    assert bool(abs(vague - special) < 1e-9) is centred
