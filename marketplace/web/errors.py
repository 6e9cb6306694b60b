"""Refusals become pages in the reader's language, and refused forms show the sentence beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, make_response, render_template
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Refused
from marketplace.web import expired
from marketplace.web.words import sentence


@contextmanager
def refusals_on(form: FlaskForm) -> Iterator[None]:
    """Turn a Refused of the block into an error of ``form`` (on its field when it names one).

    Whoever may not know that a thing exists must not learn it from a form, so NotFound passes through.
    """
    try:
        yield
    except Refused as refused:
        if refused.status == 404:
            raise
        text = sentence(refused.code, refused.values)
        field = getattr(form, refused.field, None) if refused.field else None
        if field is None:
            form.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]


def tells(form: FlaskForm, code: str) -> bool:
    """Whether ``form`` tells its reader of the refusal ``code``, above its fields."""
    return sentence(code, {}) in form.form_errors


def install(app: Flask) -> None:
    """Register the pages for every way a request can go wrong."""

    @app.errorhandler(Refused)
    def _refused(refused: Refused) -> Response:
        db.session.rollback()
        return _page(refused.status, sentence(refused.code, refused.values))

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> Response:
        code = "sent_from_elsewhere" if isinstance(error, expired.Elsewhere) else "token_missing"
        return _page(400, sentence(code, {}))

    @app.errorhandler(RequestEntityTooLarge)
    def _too_large(_error: RequestEntityTooLarge) -> Response:
        limit = app.extensions["config"].max_upload // 1024 // 1024
        return _page(413, sentence("file.too_large", {"limit": limit}))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        texts = {
            404: sentence("not_found", {}),
            405: _("This address cannot be used in this way."),
            400: _("The request could not be understood."),
            500: _("Something went wrong on our side. It was noted; please try again later."),
        }
        return _page(error.code or 400, texts.get(error.code or 400, _("The request could not be answered.")))

    @app.errorhandler(OperationalError)
    def _busy(error: OperationalError) -> Response:
        if "locked" not in str(error.orig):
            raise error
        return _too_many(error)

    @app.errorhandler(TimeoutError)
    def _too_many(_error: Exception) -> Response:
        """Every connection of this process is taken."""
        db.session.rollback()
        refused = Conflict("busy")
        return _page(refused.status, sentence(refused.code, {}))

    @app.errorhandler(DataError)
    def _out_of_range(_error: DataError) -> Response:
        """A number in the address that no row can have."""
        db.session.rollback()
        return _page(404, sentence("not_found", {}))


def _page(status: int, text: str) -> Response:
    return make_response(render_template("error.html", status=status, text=text), status)
