"""A document is made whatever people type: what no font shows is printed as an empty square."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst

from marketplace.storage import typeset

AT = datetime(2027, 3, 1, tzinfo=UTC)
TEMPLATE = """#set text(font: "Tripool Hans")
#let data = json(bytes(sys.inputs.data))
#for line in data.lines [#line.text #parbreak()]
"""
RARE = {
    "Thai": "ภาษาไทย",
    "Tibetan": "བོད་ཡིག",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ",
    "a control character": "a\x07b\x1b",
    "no character at all": "a\ufffeb",
    "pictures": "👩‍🔬🧑🏽‍🚀",
    "a rare Chinese character": "\U00030000 和 \U00030001",
    "a hundred pictures": "".join(chr(0x1F9D0 + n) for n in range(40))
    + "".join(chr(0x30000 + n) for n in range(60))
    + "\x07",
    "letters with marks": "ếữṩ é ø ภ\u0301",
}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "page.typ"
    file.write_text(TEMPLATE, encoding="utf-8")
    return file


@pytest.mark.parametrize("text", RARE.values(), ids=RARE)
def test_signs_without_a_glyph_do_not_take_the_document_away(template: Path, text: str) -> None:
    made = typeset.render(template, {"lines": [{"text": f"合同 {text}"}, {"text": "第二条"}]}, AT)
    assert made.startswith(b"%PDF")


def test_what_has_a_glyph_is_not_touched(template: Path) -> None:
    plain = {"lines": [{"text": "技术开发合同 Ra ≤ 0.8 μm, 25 ℃, é"}], "count": 3}
    assert typeset._squared(plain, set().__contains__) == plain
    assert typeset._squared(["เ合同", "好", "👩🏽甲"], {"เ", "👩"}.__contains__) == ["□合同", "好", "□甲"]


def test_the_twin_without_the_squares_a_rare_sign_would_take_it_away(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeset, "MISSING", "\U00030000")
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typeset.render(template, {"lines": [{"text": "བོད"}]}, AT)


def test_a_mistake_of_the_template_is_still_told(template: Path) -> None:
    template.write_text("#nonsense", encoding="utf-8")
    with pytest.raises(typst.TypstError, match="nonsense"):
        typeset.render(template, {}, AT)
