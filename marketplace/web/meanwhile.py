"""What stands saved beside what was typed, where a colleague saved a form's subject after its page was made."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField


def mark_of(value: object) -> str:
    """Return a mark that changes with ``value``: a form carries the one of what its page showed."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:32]


def differing(saved: FlaskForm, sent: FlaskForm) -> list[tuple[str, str]]:
    """Return label and text of every field of ``saved`` that does not say what ``sent`` says, as a reader would read it."""
    pairs = [(each, sent[each.short_name]) for each in saved if not isinstance(each, HiddenField)]
    return [(str(each.label.text), _written(each)) for each, typed in pairs if _written(each) != _written(typed)]


def _written(field: Any) -> str:
    """A field as it would be read aloud: the name of a choice, a row of a table on a line of its own."""
    if hasattr(field, "entries"):
        return "\n".join(filter(None, map(_written, field.entries)))
    if hasattr(field, "form"):
        title = getattr(field.form, "row_title", "")
        parts = [_written(each) for each in field.form if not isinstance(each, HiddenField)]
        return " ".join([title, *filter(None, parts)]) if any(parts) else ""
    if isinstance(field, BooleanField):
        return str(field.label.text) if field.data else ""
    if choices := getattr(field, "choices", None):
        return str({str(value): text for value, text in map(_choice, choices)}.get(str(field.data or ""), ""))
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


def _choice(choice: Any) -> tuple[Any, Any]:
    return choice[:2] if isinstance(choice, tuple) else (choice.value, choice.label)
