"""Who is signed in on this browser: Flask-Login over our own table, so that a session can be ended from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import current_app, g
from flask import session as browser_session
from flask_login import UserMixin, current_user, login_user, logout_user

from marketplace.accounts import queries
from marketplace.accounts.models import LoginSession
from marketplace.accounts.passwords import token_digest
from marketplace.kernel.call import Actor


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the token in the cookie, its row and the actor it stands for."""

    token: str
    row: LoginSession
    actor: Actor

    def get_id(self) -> str:
        return self.token


def load(token: str) -> SignedIn | None:
    """Return who a session cookie's token stands for now, None when it was ended or ran out."""
    row = queries.find_session(token_digest(token), current_app.extensions["clock"]())
    return None if row is None else SignedIn(token, row, _actor(row))


def current_actor() -> Actor:
    """Return the actor of this request."""
    return current_user.actor if current_user.is_authenticated else Actor.visitor()


def enter(token: str, row: LoginSession) -> None:
    """Begin a fresh browser session, so that nothing a visitor had been handed lives on; a chosen language does."""
    chosen = browser_session.get("locale")
    browser_session.clear()
    g.pop("csrf_token", None)
    g.pop("csrf_valid", None)
    if chosen is not None:
        browser_session["locale"] = chosen
    browser_session.permanent = True
    remember(token, row)


def remember(token: str, row: LoginSession) -> None:
    """Put a fresh session's token into this browser's cookie."""
    login_user(SignedIn(token, row, _actor(row)))
    g.pop("_login_user", None)


def _actor(row: LoginSession) -> Actor:
    """The actor of a session, with the moment at which the password was last typed in it."""
    return replace(queries.actor_of(row.account), proved_at=row.proved_at or row.created_at)


def forget() -> None:
    """Take the token out of this browser's cookie."""
    logout_user()
