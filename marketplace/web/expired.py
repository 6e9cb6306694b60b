"""A page that was open too long loses nothing: what was typed comes back in the same form, with a fresh token and a word why.

The token of a form dies with the browser's session (signed out, signed in again, cookies gone). A request without a living token
that one of our own pages sent runs through its view all the same, with a call that only reads: its form is not valid and no use
case carries anything out, so every room answers as it answers any refused form. What another site sent gets the bare refusal.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from flask import Flask, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from marketplace.db.base import db
from marketplace.kernel.errors import Expired
from marketplace.web.words import sentence

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ENTERING = "enter-"
"""Prefix of the fields of a sign-in that is asked for in between (accounts/returning.py)."""
SECRET = frozenset({"csrf_token", "password", "again", "current", "proof"})
"""What tokens and passwords are called in every room's forms: they are never handed back to a page."""
MARKS = frozenset({"seen", "version", "kept", "key"})
"""What every room calls the mark of what a page showed, and the key that lets it act once: nobody typed them."""


class Elsewhere(CSRFError):  # type: ignore[misc]
    """Another site sent the request, by the browser's own word."""


def has_living_token() -> bool:
    """Whether this request may write. Raises CSRFError when another site sent it, or none that we know, without a living token.

    The token is secret to this browser's session, whose cookie no other site can set or make the browser send with a form. What
    the browser says of the sender is asked as well, but a browser that says nothing leaves the token to decide.
    """
    if not current_app.config["WTF_CSRF_ENABLED"] or request.endpoint is None or request.method in SAFE:
        return True
    if sent_from_elsewhere():
        raise Elsewhere
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        if not sent_from_here():
            raise
        return False
    return True


def sent_from_here() -> bool:
    """Whether a page of this site sent the request, by the headers that a browser lets no page write."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
    return not sent_from_elsewhere() and (site == "same-origin" or _is_ours(origin))


def sent_from_elsewhere() -> bool:
    """Whether the browser says that another site sent the request.

    Browsers that send no Referer call the origin "null" as well: that says nothing.
    """
    told = (request.headers.get(name, "") for name in ("Origin", "Referer"))
    others = any(not _is_ours(address) for address in told if address not in ("", "null"))
    return others or request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


def _is_ours(address: str) -> bool:
    """A proxy in front may call this site by another name than readers do."""
    return _split(address).netloc in {request.host, urlsplit(current_app.extensions["config"].base_url).netloc}


def _split(address: str) -> SplitResult:
    """Anybody can write into a header or a field what is no address ("http://["): that one leads nowhere."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("invalid:")


def typed_values() -> list[tuple[str, str]]:
    """Return (name, value) of what the request's form carries, without tokens, passwords and files."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if not name.startswith(ENTERING) and _last(name) not in SECRET]


def _last(name: str) -> str:
    return name.rpartition("-")[2]


def page_before() -> str | None:
    """Return the address of the page that this one was sent from, None where it cannot be opened again."""
    told = _split(request.form.get(f"{ENTERING}next") or request.headers.get("Referer", ""))
    if told.netloc not in ("", request.host) or not told.path.startswith("/") or not opens(told.path):
        return None
    return f"{told.path}?{told.query}" if told.query else told.path


def page_here() -> str:
    """Return the address under which a reader opens the present page again: for an answered form that of the form."""
    here = request.full_path.rstrip("?")
    if request.method in SAFE:
        return here
    return page_before() or (here if opens(request.path) else url_for("home.dashboard"))


def opens(path: str) -> bool:
    """Whether a page can be opened at ``path``."""
    try:
        current_app.url_map.bind_to_environ(request.environ).match(path, method="GET")
    except HTTPException:
        return False
    return True


def notice() -> str:
    """Return what the reader of an expired page must know."""
    return " ".join(filter(None, (sentence("page_expired", {}), files_lost())))


def files_lost() -> str:
    """Return what must be said where files came with the form: no page can hand them back; "" where none came."""
    return _("Files must be chosen again.") if any(file.filename for file in request.files.values()) else ""


def install(app: Flask) -> None:
    """Answer buttons and others that have no form to show again, and let every page tell what happened."""

    @app.errorhandler(Expired)
    def _expired(_refused: Expired) -> Response:
        db.session.rollback()
        kept, back = typed_values(), page_before()
        if back is None or any(_last(name) not in MARKS for name, _value in kept):
            page = render_template("expired.html", kept=kept, here=request.full_path.rstrip("?"), back=back)
            return make_response(page, 409)
        flash(notice(), "warning")
        return redirect(back, 303)

    @app.context_processor
    def _told() -> dict[str, object]:
        call = g.get("call")
        expired = call is not None and call.reads_only
        return {"expired_notice": notice() if expired else "", "page_here": page_here}
