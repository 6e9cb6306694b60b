"""Forms of signing in, passwords and roles."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from marketplace.accounts import queries
from marketplace.accounts.passwords import MIN_LENGTH
from marketplace.accounts.service import MAX_PASSWORD
from marketplace.kernel.call import STAFF, Role
from marketplace.web.forms import REQUIRED, Form, plain
from marketplace.web.words import label

TYPED = InputRequired(_l("Please fill this in."))
NEW = Length(MIN_LENGTH, MAX_PASSWORD, _l("A password has %(min)d to %(max)d characters."))


def email_field() -> StringField:
    """Return a field for an e-mail address; whether it exists only a mail can tell, so little is checked."""
    return StringField(
        _l("E-mail address"),
        [
            REQUIRED,
            Length(max=254, message=_l("At most %(max)d characters.")),
            Regexp(r"^[^@\s]+@[^@\s]+$", message=_l("Write an e-mail address such as name@example.com.")),
        ],
        filters=[plain],
        render_kw={"type": "email", "autocomplete": "username", "inputmode": "email"},
    )


def password_field(name: Any, use: str, *validators: Any) -> PasswordField:
    return PasswordField(name, [TYPED, *validators], render_kw={"autocomplete": use})


class SignInForm(Form):
    """``next`` is where to go afterwards."""

    email = email_field()
    password = password_field(_l("Password"), "current-password")
    next = HiddenField()


class ResetRequestForm(Form):
    email = email_field()


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = password_field(_l("New password"), "new-password", NEW)
    again = password_field(
        _l("New password, once more"),
        "new-password",
        EqualTo("password", _l("The two passwords differ.")),
    )


class ProveForm(Form):
    """The password once more, beside everything that was posted without it."""

    proof = password_field(_l("Password"), "current-password")


class ChangePasswordForm(NewPasswordForm):
    """The present password is asked for as well: the browser may have been left open."""

    current = password_field(_l("Present password"), "current-password")


class GrantForm(Form):
    """A role proposed for an account."""

    email = email_field()
    role = SelectField(_l("Role"), [REQUIRED])
    alliance_id = SelectField(_l("Alliance (secretaries only)"), coerce=str)
    reason = StringField(
        _l("Reason"), [REQUIRED, Length(max=500, message=_l("At most %(max)d characters."))], filters=[plain]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.render_kw = {"type": "email", "autocomplete": "off"}
        self.role.choices = [
            SelectChoice("", _l("Please choose")),
            *(SelectChoice(role.value, label(role)) for role in Role if role in STAFF),
        ]
        self.alliance_id.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(str(number), name) for number, name in queries.alliance_names()),
        ]

    def to_terms(self) -> dict[str, Any]:
        """Return the arguments of ``granting.propose_grant``."""
        return {
            "email": self.email.data,
            "role": Role(self.role.data),
            "reason": self.reason.data,
            "alliance_id": int(self.alliance_id.data) if self.alliance_id.data else None,
        }
