"""Everybody's own account: password, signed-in browsers, roles."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.accounts import queries, service, sessions
from marketplace.accounts.forms import ChangePasswordForm
from marketplace.accounts.passwords import token_digest
from marketplace.accounts.views.blueprint import bp
from marketplace.web.errors import refusals_on
from marketplace.web.forms import typed
from marketplace.web.guards import SIGNED_IN, access

Page = Any


@bp.post("/sign-out")
@access(SIGNED_IN)
def sign_out() -> Response:
    service.sign_out(g.call, current_user.token)
    sessions.forget()
    return redirect(url_for("home.landing"), 303)


@bp.get("/me")
@access(SIGNED_IN)
def profile() -> Page:
    return _profile(ChangePasswordForm(formdata=None))


@bp.post("/me/password")
@access(SIGNED_IN)
def change_password() -> Page:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.change_password(g.call, typed(form.current), typed(form.password), current_user.token)
            flash(_("Your password was changed. Every other browser is signed out."), "success")
            return redirect(url_for("accounts.profile"), 303)
    return _profile(form), 422


@bp.post("/me/end-other-sessions")
@access(SIGNED_IN)
def end_other_sessions() -> Response:
    ended = service.end_other_sessions(g.call, current_user.token)
    flash(ngettext("%(num)d other browser is signed out.", "%(num)d other browsers are signed out.", ended), "success")
    return redirect(url_for("accounts.profile"), 303)


def _profile(form: ChangePasswordForm) -> str:
    account = current_user.row.account
    here = token_digest(current_user.token)
    grants = queries.active_grants(account.id)
    return render_template(
        "accounts/profile.html",
        form=form,
        owner=account,
        grants=grants,
        organisations=queries.organisation_names({row.organisation_id for row in grants if row.organisation_id}),
        browsers=[(row, row.token_digest == here) for row in queries.live_sessions(account.id, g.call.now)],
    )
