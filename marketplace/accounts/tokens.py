"""Signed links of mails: each says which account, what for and until when; none is stored anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.kernel.errors import Invalid


class Purpose(StrEnum):
    """What a link is good for."""

    CONFIRM = "confirm"
    RESET = "reset"


LIFE = {Purpose.CONFIRM: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}


def expiry(purpose: Purpose, now: datetime) -> int:
    """Return the second (Unix time) at which a link made ``now`` ends."""
    return int((now + LIFE[purpose]).timestamp())


def make(purpose: Purpose, account: Account, expires: int) -> str:
    """Return the token of a link; the same values make the same token."""
    return _serializer(purpose, account).dumps([account.id, expires])


def read(purpose: Purpose, token: str, now: datetime) -> Account:
    """Return the account a token stands for.

    Raises Invalid ``accounts.link`` when it was made up or ran out, or when the account changed since: a reset link works
    once, because its signature depends on the password it replaces.
    """
    account = db.session.get(Account, _claimed(token))
    if account is None:
        raise Invalid("accounts.link")
    try:
        _, expires = _serializer(purpose, account).loads(token)
    except BadData as error:
        raise Invalid("accounts.link") from error
    if expires <= now.timestamp():
        raise Invalid("accounts.link")
    return account


def _claimed(token: str) -> int:
    """Return the account number a token claims, before its signature was checked (0 for none)."""
    _, payload = URLSafeSerializer("").loads_unsafe(token)
    match payload:
        case [int(number), int(_)] if 0 < number < 2**62:
            return number
    return 0


def _serializer(purpose: Purpose, account: Account) -> URLSafeSerializer:
    bound_to = account.password_hash if purpose is Purpose.RESET else account.email
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"accounts.{purpose}:{bound_to}")


def for_mail(purpose: str, account_id: int, expires: int) -> str:
    """Return the token that a mail's template puts into its link."""
    return make(Purpose(purpose), db.session.get_one(Account, account_id), expires)
