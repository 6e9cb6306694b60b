"""What the simulator is asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional, ValidationError

from marketplace.kernel.money import BASIS
from marketplace.web.forms import AmountGiven, Form, MoneyField, PercentField


class QuestionForm(Form):
    """A price, what the enterprise can pay of it, and the ceiling on public money."""

    price = MoneyField(_l("Price"), [AmountGiven()], least=1)
    own_funds = MoneyField(_l("Own money the enterprise can pay"), [AmountGiven()])
    public_most = PercentField(_l("Public money at most, % of the price"), [Optional()])

    def validate_public_most(self, field: PercentField) -> None:
        """Told beside the other slips of the form."""
        if (field.data or 0) > BASIS:
            raise ValidationError(_l("The share lies between 0 and 100 %."))
