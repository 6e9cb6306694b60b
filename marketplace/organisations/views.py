"""Pages of the organisations room."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.queries import find_account
from marketplace.kernel.call import OWNERS, STAFF, Role
from marketplace.organisations import directory, facts, policy, service
from marketplace.organisations import words as _words  # noqa: F401 - registers what things are called
from marketplace.organisations.forms import InvitationForm, OrganisationForm, PersonForm, RegistrationForm
from marketplace.organisations.models import Invitation, Organisation
from marketplace.organisations.queries import get_organisation
from marketplace.organisations.terms import Search
from marketplace.organisations.workflow import INVITATION, ORGANISATION, OrganisationKind, OrganisationState
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import paginate

Page = str | Response | tuple[str, int]
E = TypeVar("E", bound=StrEnum)

bp = Blueprint("organisations", __name__)
bp.add_app_template_global(service.invitation_token, "invitation_token")

OWNER = access(*OWNERS)
DECIDER = access(*policy.DECIDERS)
OFFICER = access(Role.CENTRE_OFFICER)


@bp.get("/organisations")
@access(PUBLIC)
def index() -> Page:
    search = _asked()
    actor = g.call.actor
    return render_template(
        "organisations/index.html",
        page=paginate(directory.listing(actor, search)),
        search=search,
        is_filtered=search != Search(),
        kinds=words.choices(OrganisationKind),
        states=words.choices(OrganisationState) if actor.has(*STAFF) else [],
        regions=facts.REGIONS,
        industries=facts.INDUSTRIES,
    )


@bp.get("/organisations/<int:organisation_id>")
@access(PUBLIC)
def show(organisation_id: int) -> Page:
    row = get_organisation(g.call, organisation_id)
    form = InvitationForm()
    form.choose_role(policy.roles_in(row.kind))
    return _show_page(row, form)


@bp.get("/organisations/register")
@access(PUBLIC)
def register() -> Page:
    return render_template("organisations/register.html", form=RegistrationForm())


@bp.post("/organisations/register")
@access(PUBLIC)
def submit_registration() -> Page:
    form = RegistrationForm()
    if form.validate_on_submit():
        with refusals_on(form):
            person = form.to_person(form.email.data or "")
            service.register(g.call, form.to_terms(form.kind.data), person, request.remote_addr or "")
            return redirect(url_for("organisations.registered"), 303)
    return render_template("organisations/register.html", form=form), 422


@bp.get("/organisations/registered")
@access(PUBLIC)
def registered() -> Page:
    return render_template("organisations/registered.html")


@bp.post("/organisations/<int:organisation_id>/verify")
@DECIDER
def verify(organisation_id: int) -> Page:
    service.verify(g.call, organisation_id)
    flash(_("Verified. Its people may now submit orders or bids."), "success")
    return _back(organisation_id)


@bp.get("/organisations/<int:organisation_id>/reject")
@DECIDER
def ask_reject(organisation_id: int) -> Page:
    row = get_organisation(g.call, organisation_id)
    policy.may_verify(g.call.actor, row).require()
    return _reason_page(ReasonForm(), row, "reject")


@bp.post("/organisations/<int:organisation_id>/reject")
@DECIDER
def reject(organisation_id: int) -> Page:
    return _decide(organisation_id, "reject", service.reject, _("The registration was sent back."))


@bp.get("/organisations/<int:organisation_id>/correct")
@OWNER
def correct_form(organisation_id: int) -> Page:
    row = _correctable(organisation_id)
    return render_template("organisations/correct.html", form=OrganisationForm(obj=row), organisation=row)


@bp.post("/organisations/<int:organisation_id>/correct")
@OWNER
def correct(organisation_id: int) -> Page:
    row, form = _correctable(organisation_id), OrganisationForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.correct(g.call, organisation_id, form.to_terms(row.kind))
            flash(_("Corrected. The centre looks at the registration again."), "success")
            return _back(organisation_id)
    return render_template("organisations/correct.html", form=form, organisation=row), 422


@bp.get("/organisations/<int:organisation_id>/suspend")
@OFFICER
def ask_suspend(organisation_id: int) -> Page:
    row = get_organisation(g.call, organisation_id)
    policy.may_suspend(g.call.actor, row).require()
    return _reason_page(ReasonForm(), row, "suspend")


@bp.post("/organisations/<int:organisation_id>/suspend")
@OFFICER
def suspend(organisation_id: int) -> Page:
    return _decide(organisation_id, "suspend", service.suspend, _("The organisation is suspended."))


@bp.post("/organisations/<int:organisation_id>/restore")
@OFFICER
def restore(organisation_id: int) -> Page:
    service.restore(g.call, organisation_id)
    flash(_("The organisation may work again."), "success")
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/invitations")
@OWNER
def invite(organisation_id: int) -> Page:
    row = get_organisation(g.call, organisation_id)
    policy.may_manage(g.call.actor, row).require()
    form = InvitationForm()
    form.choose_role(policy.roles_in(row.kind))
    if form.validate_on_submit():
        with refusals_on(form):
            service.invite(g.call, organisation_id, form.to_terms())
            flash(_("The invitation is on its way. Its link works for seven days."), "success")
            return _back(organisation_id)
    return _show_page(row, form), 422


@bp.post("/organisations/<int:organisation_id>/invitations/<int:invitation_id>/withdraw")
@OWNER
def withdraw_invitation(organisation_id: int, invitation_id: int) -> Page:
    service.withdraw_invitation(g.call, organisation_id, invitation_id)
    flash(_("The invitation was withdrawn; its link no longer works."), "success")
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/<int:account_id>/end")
@OWNER
def end_membership(organisation_id: int, account_id: int) -> Page:
    service.end_membership(g.call, organisation_id, account_id)
    flash(_("This person no longer acts for the organisation."), "success")
    return _back(organisation_id)


@bp.get("/invitations/<token>")
@access(PUBLIC)
def invitation(token: str) -> Page:
    return _invitation_page(directory.invitation_of(token), token, PersonForm())


@bp.post("/invitations/<token>")
@access(PUBLIC)
def accept(token: str) -> Page:
    row, form = directory.invitation_of(token), PersonForm()
    signed_in = not g.call.actor.is_visitor
    if signed_in or form.validate_on_submit():
        with refusals_on(form):
            organisation = service.accept(g.call, token, None if signed_in else form.to_person(row.email))
            flash(_("Welcome. You now act for this organisation."), "success")
            return redirect(_home(organisation, signed_in), 303)
    return _invitation_page(row, token, form), 422


def _home(organisation: Organisation, signed_in: bool) -> str:
    """Where to go after accepting: the organisation, or the door for whoever has just got an account."""
    here = url_for("organisations.show", organisation_id=organisation.id)
    return here if signed_in else url_for("accounts.sign_in", next=here)


def _asked() -> Search:
    """Read the filters from the address; what no filter knows is ignored."""
    args = request.args
    region = args.get("region", "")
    staff = g.call.actor.has(*STAFF)
    return Search(
        text=args.get("q", "").replace("\x00", "").strip()[:100],
        kind=_member(OrganisationKind, args.get("kind", "")),
        state=_member(OrganisationState, args.get("state", "")) if staff else None,
        region=region if region in facts.REGIONS else "",
    )


def _member(kind: type[E], text: str) -> E | None:
    return next((member for member in kind if member.value == text), None)


def _show_page(row: Organisation, form: InvitationForm) -> str:
    actor = g.call.actor
    sees, manages = policy.may_see_people(actor, row), policy.may_manage(actor, row)
    return render_template(
        "organisations/show.html",
        organisation=row,
        region=facts.REGIONS.get(row.region),
        industry=facts.industry_of(row.industry),
        places=directory.places_of(row.id),
        members=directory.members_of(row.id) if sees else [],
        invitations=directory.open_invitations(row.id, g.call.now) if sees else [],
        sees_people=sees,
        manages=manages,
        actions=_actions(row),
        form=form,
    )


def _correctable(organisation_id: int) -> Organisation:
    row = get_organisation(g.call, organisation_id)
    policy.may_manage(g.call.actor, row).require()
    ORGANISATION.require(row.state, "correct")
    return row


def _actions(row: Organisation) -> list[Action]:
    """The owner's and the staff's buttons; those that need words are links to a page that asks for them."""
    actor, key = g.call.actor, row.id
    if policy.may_manage(actor, row) and ORGANISATION.allows(row.state, "correct"):
        url = url_for("organisations.correct_form", organisation_id=key)
        return [Action(words.event_label("organisation", "correct"), url, "get", "primary")]
    if not actor.has(*policy.DECIDERS):
        return []
    verifying, suspending = policy.may_verify(actor, row), policy.may_suspend(actor, row)
    offers = {
        "verify": (verifying, lambda: url_for("organisations.verify", organisation_id=key)),
        "restore": (suspending, lambda: url_for("organisations.restore", organisation_id=key)),
    }
    actions = transition_actions(ORGANISATION, row.state, offers, primary="verify")
    for event, may in (("reject", verifying), ("suspend", suspending)):
        if may and ORGANISATION.allows(row.state, event):
            url = url_for(f"organisations.ask_{event}", organisation_id=key)
            actions.append(Action(words.event_label("organisation", event), url, "get"))
    return actions


def _decide(organisation_id: int, event: str, decide: Callable[..., Organisation], done: str) -> Page:
    form = ReasonForm()
    row = get_organisation(g.call, organisation_id)
    if form.validate_on_submit():
        with refusals_on(form):
            decide(g.call, organisation_id, form.reason.data or "")
            flash(done, "success")
            return _back(organisation_id)
    return _reason_page(form, row, event), 422


def _reason_page(form: ReasonForm, row: Organisation, event: str) -> str:
    title = words.event_label("organisation", event)
    return render_template("organisations/reason.html", form=form, organisation=row, title=title, event=event)


def _invitation_page(row: Invitation, token: str, form: PersonForm) -> str:
    known = find_account(row.email)
    return render_template(
        "organisations/invitation.html",
        invitation=row,
        token=token,
        form=form,
        is_over=row.expires_at <= g.call.now or not INVITATION.allows(row.state, "accept"),
        is_other=not g.call.actor.is_visitor and (known is None or known.id != g.call.actor.account),
        has_account=known is not None,
    )


def _back(organisation_id: int) -> Response:
    return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)
