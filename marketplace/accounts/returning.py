"""A session that ended while somebody was typing: they sign in on the way, and find what they typed in its form again."""

from __future__ import annotations

from dataclasses import replace

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts import service, sessions
from marketplace.accounts.forms import SignInForm
from marketplace.web import expired
from marketplace.web.errors import refusals_on
from marketplace.web.forms import typed


def ask_who() -> Response | None:
    """Return the page that asks a visitor to sign in and keeps what was posted; None once that was done.

    ``g.call`` then is of the person who signed in and only reads: the form is shown again, nothing is carried out unseen.
    """
    asked = any(name.startswith(expired.ENTERING) for name in request.form)
    back = expired.page_before() or ""
    form = SignInForm(request.form if asked else None, prefix=expired.ENTERING, data={"next": back})
    if asked and form.validate():
        with refusals_on(form):
            address, browser = request.remote_addr or "", request.user_agent.string
            token, row = service.sign_in(g.call, typed(form.email), typed(form.password), address, browser)
            sessions.enter(token, row)
            g.call = replace(g.call, actor=sessions.current_actor(), reads_only=True)
            return None
    kept, here = expired.typed_values(), request.full_path.rstrip("?")
    page = render_template(
        "accounts/return.html", form=form, kept=kept, here=here, files_lost=expired.files_lost(), expired_notice=""
    )
    return make_response(page, 403)
