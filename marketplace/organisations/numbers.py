"""Numbers that identify organisations and people, checked as far as they check themselves."""

from __future__ import annotations

import re

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from marketplace.kernel.errors import Invalid

_PASSPORT = re.compile(r"[A-Z]{1,2}[0-9]{6,9}|[0-9]{9}", re.ASCII)
_SPACES = re.compile(r"[\s-]+")


def credit_code(text: str) -> str:
    """Return a unified social credit code (GB 32100-2015) in its plain form; Invalid says what is wrong with it."""
    number = _SPACES.sub("", text).upper()
    try:
        return str(uscc.validate(number))
    except InvalidLength as error:
        raise Invalid("uscc.length", field="uscc") from error
    except InvalidChecksum as error:
        raise Invalid("uscc.check_digit", field="uscc") from error
    except ValidationError as error:
        raise Invalid("uscc.form", field="uscc") from error


def identity_number(text: str) -> str:
    """Return a resident identity number (GB 11643-1999) or a passport number in its plain form, else Invalid."""
    number = _SPACES.sub("", text).upper()
    if _PASSPORT.fullmatch(number):
        return number
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number, re.ASCII):
        raise Invalid("identity.form", field="identity_number")
    try:
        return str(ric.validate(number))
    except ValidationError as error:
        raise Invalid("identity.check_digit", field="identity_number") from error
