"""Pages for people who are not signed in: signing in, a new password, confirming an address."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts import service, sessions, tokens
from marketplace.accounts.forms import NewPasswordForm, ResetRequestForm, SignInForm
from marketplace.accounts.models import Account
from marketplace.accounts.tokens import Purpose
from marketplace.accounts.views.blueprint import bp, local_path
from marketplace.accounts.views.demo import demo_accounts
from marketplace.web.errors import refusals_on
from marketplace.web.forms import EmptyForm, typed
from marketplace.web.guards import PUBLIC, access

Page = Any

bp.add_app_template_global(tokens.for_mail, "mail_token")

LINK_PAGES = {Purpose.CONFIRM: "accounts/confirm.html", Purpose.RESET: "accounts/reset.html"}


@bp.get("/sign-in")
@access(PUBLIC)
def sign_in() -> Page:
    """Ask who it is; people already signed in go on."""
    there = local_path(request.args.get("next"))
    if not g.call.actor.is_visitor:
        return redirect(there or url_for("home.dashboard"), 303)
    return _sign_in_page(SignInForm(formdata=None, data={"next": there}))


@bp.post("/sign-in")
@access(PUBLIC)
def sign_in_submit() -> Page:
    form = SignInForm()
    if form.validate_on_submit():
        with refusals_on(form):
            address, browser = request.remote_addr or "", request.user_agent.string
            token, row = service.sign_in(g.call, typed(form.email), typed(form.password), address, browser)
            sessions.enter(token, row)
            return redirect(local_path(form.next.data) or url_for("home.dashboard"), 303)
    return _sign_in_page(form), 422


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, demo_accounts=demo_accounts())


@bp.get("/reset")
@access(PUBLIC)
def reset_request() -> Page:
    return render_template("accounts/reset_request.html", form=ResetRequestForm(formdata=None))


@bp.post("/reset")
@access(PUBLIC)
def reset_request_submit() -> Page:
    """Say the same whether the address has an account or not."""
    form = ResetRequestForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.request_reset(g.call, typed(form.email), request.remote_addr or "")
            return redirect(url_for("accounts.reset_sent"), 303)
    return render_template("accounts/reset_request.html", form=form), 422


@bp.get("/reset/sent")
@access(PUBLIC)
def reset_sent() -> Page:
    return render_template("accounts/reset_sent.html")


@bp.get("/reset/<token>")
@access(PUBLIC)
def reset(token: str) -> Page:
    return _link_page(Purpose.RESET, token, NewPasswordForm(formdata=None))


@bp.post("/reset/<token>")
@access(PUBLIC)
def reset_submit(token: str) -> Page:
    form = NewPasswordForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reset_password(g.call, token, typed(form.password))
            flash(_("Your password was changed. Please sign in with it."), "success")
            return _after_link()
    return _link_page(Purpose.RESET, token, form), 422


@bp.get("/confirm/<token>")
@access(PUBLIC)
def confirm(token: str) -> Page:
    """Show a button: programs that look into mails open links, and only a person shall confirm."""
    return _link_page(Purpose.CONFIRM, token, EmptyForm(formdata=None))


@bp.post("/confirm/<token>")
@access(PUBLIC)
def confirm_submit(token: str) -> Page:
    form = EmptyForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.confirm(g.call, token)
            flash(_("Your e-mail address is confirmed. You can sign in now."), "success")
            return _after_link()
    return _link_page(Purpose.CONFIRM, token, form), 422


def _link_page(purpose: Purpose, token: str, form: Any) -> str:
    account: Account | None = None
    with refusals_on(form):
        account = tokens.read(purpose, token, g.call.now)
    return render_template(LINK_PAGES[purpose], form=form, owner=account, token=token)


def _after_link() -> Response:
    return redirect(url_for("accounts.sign_in"), 303)
