"""The blueprint that the pages of this folder hang on, and the filters their templates use."""

from collections.abc import Sequence

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.evaluation.models import Criterion
from marketplace.evaluation.words import flag_sentence
from marketplace.web.filters import in_language

bp = Blueprint("evaluation", __name__)
bp.add_app_template_filter(flag_sentence)


@bp.app_template_filter()
def score_columns(criteria: Sequence[Criterion]) -> list[dict[str, object]]:
    """Return the columns of a table of points: the member, then one column per criterion."""
    first: dict[str, object] = {"key": "name", "label": _("Member"), "kind": "custom", "lead": True}
    return [first, *({"key": c.id, "label": in_language(c), "kind": "custom", "numeric": True} for c in criteria)]
