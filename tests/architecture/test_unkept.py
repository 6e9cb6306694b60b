"""What is typed in confidence is handed to no browser's storage: such forms say so, room by room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
CONFIDENTIAL = ("awards", "bids", "conflicts", "contracts", "defence", "evaluation", "licences", "rounds", "simulator")
"""Rooms whose forms take scores, votes, complaints, sealed prices, relations of persons, disputes and drafts of agreements."""
PUBLIC = {
    "bids/amend.html": "the public part of an order",
    "bids/answer.html": "an answer for everybody",
    "bids/deadline.html": "a deadline and its reason, published",
    "licences/open_form.html": "an open licence's statement, published",
}
OTHERS = {"accounts/return.html", "expired.html", "orders/edit.html"}
"""Forms of other rooms that carry, or may carry, what is confidential."""

_FORM = re.compile(r"<form\b(?P<head>(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*)>(?P<body>.*?)</form>", re.DOTALL)
_TYPED = re.compile(
    r"\b(?:field|repeat_rows|slider|fieldset)\(|<textarea|<select"
    r"|<input (?:(?!type=)[^>])*type=\"(?:text|radio|checkbox|number|range|search)\"|\bform\.\w+\("
)


def typed_forms(text: str) -> list[str]:
    """Return the heads of the forms that are sent (not searches) and take something typed."""
    return [
        found["head"]
        for found in _FORM.finditer(text)
        if 'method="post"' in found["head"] and _TYPED.search(found["body"])
    ]


def test_every_form_that_is_filled_in_in_confidence_is_marked() -> None:
    pages = [page for room in CONFIDENTIAL for page in sorted((TEMPLATES / room).rglob("*.html"))]
    pages += [TEMPLATES / name for name in sorted(OTHERS)]
    names = {page.relative_to(TEMPLATES).as_posix(): page.read_text(encoding="utf-8") for page in pages}
    unmarked = [
        name
        for name, text in names.items()
        if name not in PUBLIC and any("unkept()" not in head for head in typed_forms(text))
    ]
    assert unmarked == []


def test_what_is_called_public_is_there_and_kept() -> None:
    for name in PUBLIC:
        heads = typed_forms((TEMPLATES / name).read_text(encoding="utf-8"))
        assert heads, name
        assert not any("unkept()" in head for head in heads), name


@pytest.mark.parametrize("body", ["{{ field(form.points) }}", "<textarea></textarea>", "{{ form.reason() }}"])
def test_a_form_without_the_mark_is_noticed(body: str) -> None:
    """The twin."""
    assert typed_forms(f'<form method="post" action="{{{{ url_for("a") }}}}">{body}</form>')
    assert not typed_forms(f'<form method="get">{body}</form>')
    assert not typed_forms('<form method="post">{{ csrf(form) }}<button>Do</button></form>')
