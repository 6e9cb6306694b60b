"""Validators and filters that the forms of this room share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import DataRequired, Length

from marketplace.web.forms import without_nul

REQUIRED = DataRequired(_l("Please fill this in."))


def at_most(count: int) -> Length:
    return Length(max=count, message=_l("At most %(max)d characters."))


def plain(text: str | None) -> str:
    return (without_nul(text) or "").replace("\r\n", "\n").strip()
