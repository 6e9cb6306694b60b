"""The row of a target in a form: of a draft here, and of a published order that changes in ``bids``, which knows who answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from marketplace.orders.models import Order
from marketplace.orders.terms import TargetTerms
from marketplace.orders.workflow import Comparator
from marketplace.web.forms import ChoiceField, Form, at_most, plain, typed

MAX_TARGETS = 30


class TargetRow(Form):
    """One measurable target."""

    class Meta:
        csrf = False  # the form around it carries the token

    name = StringField(
        _l("What is measured"), [at_most(120)], filters=[plain], description=_l("Example: neutral salt spray")
    )
    comparator = ChoiceField(Comparator, _l("Comparison"), default=Comparator.AT_LEAST)
    value = StringField(
        _l("Value"),
        [at_most(40)],
        filters=[plain],
        render_kw={"inputmode": "decimal"},
        description=_l("A number, for example 1000; “as high as possible” cannot be accepted."),
    )
    value_to = StringField(
        _l("Upper value (range only)"), [at_most(40)], filters=[plain], render_kw={"inputmode": "decimal"},
    )  # fmt: skip
    unit = StringField(_l("Unit"), [at_most(40)], filters=[plain], description=_l("Example: h; 1 where there is none"))
    method = StringField(
        _l("Test method or standard"),
        [at_most(300)],
        filters=[plain],
        description=_l("Example: GB/T 10125, or how both sides will measure it"),
    )
    must_have = BooleanField(_l("A must: bids that do not reach it are not admitted"))

    @property
    def is_empty(self) -> bool:
        return not any(typed(f) for f in (self.name, self.value, self.value_to, self.unit, self.method))

    def to_terms(self) -> TargetTerms:
        between = self.comparator.data is Comparator.BETWEEN
        return TargetTerms(
            name=typed(self.name),
            comparator=self.comparator.data or Comparator.AT_LEAST,
            value=typed(self.value),
            value_to=typed(self.value_to) if between else "",
            unit=typed(self.unit),
            method=typed(self.method),
            must_have=self.must_have.data,
        )


def rows_of(order: Order) -> list[dict[str, Any]]:
    """Return the targets of an order as the rows of a form show them."""
    names = [c.key for c in order.targets[0].__table__.columns] if order.targets else []
    shown = [name for name in names if name not in {"id", "order_id", "position"}]
    return [{name: getattr(target, name) for name in shown} for target in order.targets]


def targets_in(entries: Iterable[Any]) -> tuple[TargetTerms, ...]:
    """Return the targets that were typed; rows that say nothing are left out."""
    return tuple(entry.form.to_terms() for entry in entries if not entry.form.is_empty)
