"""Pages on which a side asks for the end of a licence, agrees to it, turns it down, or gives notice of a breach."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.approvals.models import Endorsement
from marketplace.kernel.call import Role
from marketplace.licences import ending as early
from marketplace.licences import policy, queries, service, wishes
from marketplace.licences.forms import NoticeForm
from marketplace.licences.models import Licence
from marketplace.licences.views.blueprint import bp
from marketplace.licences.views.settling import owner_name
from marketplace.licences.workflow import LICENCE, Breach, LicenceState, Outlook, Side
from marketplace.patents import queries as patents
from marketplace.web import words
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.filters import in_language
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access

Page = str | Response | tuple[str, int]
SPEAKERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER, Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)


@dataclass(frozen=True, slots=True)
class Standing:
    """What was said about a licence's early end, as far as the reader may know it."""

    wishes: list[tuple[str, Endorsement]]
    notices: list[early.Notice]

    def __bool__(self) -> bool:
        return bool(self.wishes or self.notices)


@bp.get("/licences/<int:licence_id>/end")
@access(SIGNED_IN)
def ending(licence_id: int) -> Page:
    return _end_page(ReasonForm(), queries.get_licence(g.call, licence_id))


@bp.post("/licences/<int:licence_id>/end")
@SPEAKERS
def end(licence_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.end(g.call, licence_id, form.reason.data or "")
            runs = row.state is LicenceState.RUNNING
            told = _("Noted. The licence runs until all others agree.") if runs else _("The licence has ended.")
            flash(told, "success")
            return redirect(url_for("licences.show", licence_id=row.id), 303)
    return _end_page(form, queries.get_licence(g.call, licence_id)), 422


@bp.get("/licences/<int:licence_id>/notice")
@SPEAKERS
def noticing(licence_id: int) -> Page:
    row, form = queries.get_licence(g.call, licence_id), NoticeForm()
    return _notice_page(form, row)


@bp.post("/licences/<int:licence_id>/notice")
@SPEAKERS
def give_notice(licence_id: int) -> Page:
    row, form = queries.get_licence(g.call, licence_id), NoticeForm()
    form.choose_breach(_breaches(row))
    if form.validate_on_submit() and form.breach.data is not None:
        with refusals_on(form):
            service.give_notice(g.call, licence_id, form.breach.data, form.reason.data or "")
            flash(_("Given. The other side reads it and has thirty days to put it right."), "success")
            return redirect(url_for("licences.show", licence_id=licence_id), 303)
    return _notice_page(form, row), 422


@bp.post("/licences/<int:licence_id>/let-run")
@SPEAKERS
def let_run(licence_id: int) -> Page:
    service.let_run(g.call, licence_id)
    flash(_("Noted. Your side lets the licence run."), "success")
    return redirect(url_for("licences.show", licence_id=licence_id), 303)


def standing(row: Licence) -> Standing:
    """Both sides' wishes and notices. What one of several owners asked is theirs alone until all of them did."""
    if row.state is not LicenceState.RUNNING:
        return Standing([], [])
    inside = policy.may_read_wishes(g.call.actor, row)
    asked = wishes.ends_asked(row)
    shown = [
        (_named(row, side, key), word)
        for side, each in asked.items()
        if inside or wishes.said(each)
        for key, word in each.items()
        if word is not None
    ]
    return Standing(shown, [found for side in Side if (found := early.notice_of(row, side)) is not None])


def ending_actions(row: Licence) -> list[Action]:
    """What the actor may do about the end of a licence now."""
    actor, found = g.call.actor, list[Action]()
    if not LICENCE.allows(row.state, "end"):
        return found
    asked = wishes.ends_asked(row)
    may = bool(policy.may_end(actor, row))
    follows = early.outlook(actor, row, patents.today(g.call), asked) if may else Outlook.SAID
    if follows is not Outlook.SAID:
        found.append(Action(words.label(follows), url_for("licences.ending", licence_id=row.id), method="get"))
    side = early.side_of(actor, row, asked) if may and not policy.ends_alone(actor, row) else None
    if side is not None and early.notice_of(row, side) is None and _breaches(row):
        url = url_for("licences.noticing", licence_id=row.id)
        found.append(Action(_("Give notice of a breach"), url, method="get"))
    if policy.may_let_run(actor, row) and (label := _letting_run(row, asked)):
        found.append(Action(label, url_for("licences.let_run", licence_id=row.id)))
    return found


def _letting_run(row: Licence, asked: early.Asked) -> str:
    """What there is for the actor to take back or to turn down, as its button calls it; '' for nothing."""
    actor = g.call.actor
    for side, each in asked.items():
        mine = wishes.speaking(actor, row, side)
        if any(each.get(key) for key in mine) or (mine and early.notice_of(row, side)):
            return str(_("Let it run after all"))
    return str(_("Do not agree to the end")) if early.to_turn_down(actor, row, asked) else ""


def _named(row: Licence, side: Side, key: int | None) -> str:
    return in_language(row.licensee) if side is Side.LICENSEE else owner_name(row, key)


def _breaches(row: Licence) -> list[Breach]:
    side = early.side_of(g.call.actor, row, wishes.ends_asked(row))
    return early.breaches(row, side, patents.today(g.call)) if side is not None else []


def _notice_page(form: NoticeForm, row: Licence) -> str:
    policy.may_end(g.call.actor, row).require()
    form.choose_breach(_breaches(row))
    return render_template("licences/notice.html", form=form, licence=row)


def _end_page(form: ReasonForm, row: Licence) -> str:
    asked = wishes.ends_asked(row)
    follows = early.outlook(g.call.actor, row, patents.today(g.call), asked)
    side = early.side_of(g.call.actor, row, asked)
    shared = side is Side.LICENSOR and len(asked[side]) > 1
    return render_template("licences/end.html", form=form, licence=row, follows=follows, among_owners=shared)
