"""Step-up: whoever signs for money or an award typed the password at most five minutes ago.

``require_fresh`` is the guard of the use cases; ``proved`` wraps their views, asks for the password on a page of its own and then
goes on with exactly what was posted, so that nothing typed is lost.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import g, render_template, request
from flask_login import current_user

from marketplace.accounts import attempts, queries
from marketplace.accounts.forms import ProveForm
from marketplace.accounts.models import Account
from marketplace.accounts.passwords import matches, token_digest
from marketplace.accounts.service import MAX_PASSWORD
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Forbidden, Invalid
from marketplace.web.errors import refusals_on
from marketplace.web.forms import typed

V = TypeVar("V", bound=Callable[..., Any])
FRESH = timedelta(minutes=5)
PROOF = "proof"
"""The form field of the password; it is never handed on."""


def is_fresh(call: Call) -> bool:
    """Whether the caller's person typed the password at most five minutes ago; the system needs none."""
    proved = call.actor.proved_at
    return call.actor.is_system or (proved is not None and call.now - proved <= FRESH)


def require_fresh(call: Call) -> None:
    """Raise Forbidden ``accounts.prove_again`` unless the password was typed at most five minutes ago."""
    if not is_fresh(call):
        raise Forbidden("accounts.prove_again")


def prove(call: Call, password: str, token: str, address: str) -> Call:
    """Return the same call as of a person who has just typed the right password in the session of ``token``.

    Attempts are counted like sign-ins. Raises Conflict ``too_often``, Invalid ``accounts.wrong_password`` on ``proof``.
    """
    attempts.count("sign_in.address", address, attempts.PER_ADDRESS, call.now)
    account = db.session.get(Account, call.actor.account or 0)
    attempts.count("sign_in.email", account.email if account else "", attempts.PER_EMAIL, call.now)
    # The slow hash is computed here, before the use case holds the database's write lock.
    if account is None or not matches(account.password_hash, password[:MAX_PASSWORD]):
        raise Invalid("accounts.wrong_password", field=PROOF)
    _renew(call, token)
    return replace(call, actor=replace(call.actor, proved_at=call.now))


@use_case
def _renew(call: Call, token: str) -> None:
    row = queries.find_session(token_digest(token), call.now)
    if row is None or row.account_id != call.actor.account:
        raise Forbidden("accounts.prove_again")
    row.proved_at = call.now
    audit.record(call, "accounts.prove", "account", call.actor.account)


def proved(view: V) -> V:
    """Wrap a view that signs for something: it runs at once when the password is fresh, else after it was typed again."""

    @functools.wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if is_fresh(g.call):
            return view(*args, **kwargs)
        form = ProveForm(formdata=request.form if PROOF in request.form else None)
        if PROOF in request.form and form.validate():
            with refusals_on(form):
                g.call = prove(g.call, typed(form.proof), current_user.token, request.remote_addr or "")
        if is_fresh(g.call):
            return view(*args, **kwargs)
        kept = [(name, value) for name, value in request.form.items(multi=True) if name not in {PROOF, "csrf_token"}]
        return render_template("accounts/prove.html", form=form, kept=kept, here=request.full_path.rstrip("?")), 403

    return cast("V", asked)
