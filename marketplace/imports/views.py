"""The page on which an owner brings in many patents: check first, import what was checked."""

from __future__ import annotations

from pathlib import PurePath

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from marketplace.imports import patent_service, words
from marketplace.imports import patents as reading
from marketplace.imports.terms import Trouble, Unreadable
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from marketplace.patents import queries
from marketplace.web.errors import refusals_on
from marketplace.web.filters import in_language
from marketplace.web.forms import Form
from marketplace.web.guards import access

__all__ = ["bp", "words"]

Page = str | Response | tuple[str, int]
REGISTRANTS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
SHOWN = 200
bp = Blueprint("imports", __name__)


class PatentsFileForm(Form):
    """Whose patents, and the file."""

    organisation_id = SelectField(
        _l("Whose patents"), coerce=lambda value: int(value) if str(value).isdigit() else None
    )
    upload = FileField(_l("File (CSV, XLSX, JSON lines or XML)"))


@bp.get("/imports/patents")
@REGISTRANTS
def patents() -> Page:
    return _page(_form())


@bp.post("/imports/patents")
@REGISTRANTS
def check_patents() -> Page:
    """Nothing is written yet: the answer is a report by line, or the button that imports exactly this file."""
    form = _form()
    troubles: list[Trouble] = []
    if form.validate_on_submit():
        with refusals_on(form):
            content, ending = _uploaded(form)
            try:
                rows, troubles = reading.read(content, ending)
                found, more = reading.plan(g.call, rows)
                troubles = sorted([*troubles, *more], key=lambda t: t.line)
            except Unreadable as error:
                troubles, found = [error.trouble], []
            if not troubles:
                kept = patent_service.keep_checked(g.call, form.organisation_id.data, content, ending, len(found))
                return render_template("imports/checked.html", file=kept, found=found[:SHOWN], count=len(found))
    return _page(form, troubles), 422


@bp.post("/imports/patents/<int:file_id>/apply")
@REGISTRANTS
def import_patents(file_id: int) -> Page:
    count = patent_service.import_checked(g.call, file_id)
    flash(_("%(count)s patents are in the register.", count=count), "success")
    return redirect(url_for("patents.index"), 303)


def _uploaded(form: PatentsFileForm) -> tuple[bytes, str]:
    if form.organisation_id.data is None:
        raise Invalid("imports.not_yours", field="organisation_id")
    if not form.upload.data:
        raise Invalid("file.empty", field="upload")
    return form.upload.data.stream.read(), PurePath(form.upload.data.filename or "").suffix.lower()


def _form() -> PatentsFileForm:
    form = PatentsFileForm()
    rows = queries.own_organisations(g.call.actor)
    form.organisation_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in rows]
    return form


def _page(form: PatentsFileForm, troubles: list[Trouble] | None = None) -> str:
    columns = sorted(reading.NAMES)
    return render_template(
        "imports/patents.html", form=form, troubles=(troubles or [])[:SHOWN], count=len(troubles or []), columns=columns
    )
