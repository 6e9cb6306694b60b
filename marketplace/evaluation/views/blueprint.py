"""The blueprint that the pages of this folder hang on, and the filters their templates use."""

from collections.abc import Sequence

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.evaluation.models import Criterion
from marketplace.evaluation.words import about_text, flag_sentence
from marketplace.web.filters import in_language

bp = Blueprint("evaluation", __name__)
bp.add_app_template_filter(flag_sentence)
bp.add_app_template_filter(about_text)


@bp.app_template_filter()
def score_columns(criteria: Sequence[Criterion]) -> list[dict[str, object]]:
    """Return the columns of a table of points: the member, then one column per criterion."""
    first: dict[str, object] = {"key": "name", "label": _("Committee member"), "kind": "custom", "lead": True}
    return [first, *({"key": c.id, "label": in_language(c), "kind": "custom", "numeric": True} for c in criteria)]
