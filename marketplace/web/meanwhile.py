"""What stands saved beside what was typed, where a colleague saved a form's subject after its page was made.

A page that only gives a form back, because its token or session had ended (web/expired.py), keeps the mark that was sent: the
comparison follows when the form is sent again. ``data-mark`` lets the mark go along when the language is switched.
"""

from __future__ import annotations

from typing import Any

from flask import g
from wtforms import BooleanField, HiddenField

from marketplace.web.forms import Form, number_or_none

Pairs = list[tuple[str, str]]
"""Label and text of what stands saved and is not what was typed."""


class MarkedForm(Form):
    """``seen`` marks what stood saved when the page was made (kernel/marks.py)."""

    seen = HiddenField(render_kw={"data-mark": ""})

    def show_mark(self, mark: str, saved: Form) -> Pairs:
        """Carry the present ``mark``; return what stands saved and is not what was typed, when somebody saved since the page
        was made: who sends the form again has seen both."""
        if g.call.reads_only:
            return []
        stale = self.seen.data not in (None, "", mark)
        self.seen.data, self.seen.raw_data = mark, None
        return differing(saved, self) if stale else []


class VersionedForm(Form):
    """``version`` counts how often the subject was saved when the page was made."""

    version = HiddenField(default="0", render_kw={"data-mark": ""})

    @property
    def seen_version(self) -> int:
        return number_or_none(self.version.data) or 0

    def show_version(self, version: int, saved: Form) -> Pairs:
        """Do what ``show_mark`` does, for a subject that counts its versions."""
        if g.call.reads_only:
            return []
        stale = self.seen_version != version
        self.version.data, self.version.raw_data = str(version), None
        return differing(saved, self) if stale else []


def differing(saved: Form, sent: Form) -> Pairs:
    """Return label and text of every field of ``saved`` that does not say what ``sent`` says, as a reader would read it."""
    pairs = [(each, sent[each.short_name]) for each in saved if not isinstance(each, HiddenField)]
    return [(str(each.label.text), _written(each)) for each, typed in pairs if _written(each) != _written(typed)]


def _written(field: Any) -> str:
    """A field as it would be read aloud: the names of what was chosen, a row of a table on a line of its own."""
    if hasattr(field, "entries"):
        return "\n".join(filter(None, map(_written, field.entries)))
    if hasattr(field, "form"):
        title = getattr(field.form, "row_title", "")
        parts = [_written(each) for each in field.form if not isinstance(each, HiddenField)]
        return " ".join([title, *filter(None, parts)]) if any(parts) else ""
    if isinstance(field, BooleanField):
        return str(field.label.text) if field.data else ""
    if choices := getattr(field, "choices", None):
        chosen = field.data if isinstance(field.data, list) else [field.data or ""]
        names = {str(value): str(text) for value, text in map(_choice, choices)}
        return "\n".join(names.get(str(value), "") for value in chosen)
    return str(field._value()) if hasattr(field, "_value") else str(field.data or "")


def _choice(choice: Any) -> tuple[Any, Any]:
    return choice[:2] if isinstance(choice, tuple) else (choice.value, choice.label)
