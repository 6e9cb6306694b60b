"""The administrators' pages: accounts, and the roles of staff, which need two of them."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts import granting, policy, queries, service
from marketplace.accounts.forms import GrantForm
from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.workflow import ACCOUNT, GRANT
from marketplace.kernel.call import STAFF, Role
from marketplace.kernel.policy import Decision, no
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm, plain
from marketplace.web.guards import access
from marketplace.web.pages import paginate

Page = Any


@bp.get("/people")
@access(Role.ADMINISTRATOR)
def people() -> Page:
    """List the accounts with their roles, and the roles that wait for a decision."""
    asked = plain(request.args.get("q"))[:100]
    page = paginate(queries.people(asked))
    grants = queries.grants_of([account.id for account in page.items])
    return render_template(
        "accounts/people.html",
        page=page,
        grants=grants,
        organisations=queries.organisation_names(
            {grant.organisation_id for held in grants.values() for grant in held if grant.organisation_id}
        ),
        proposed=queries.proposed_grants(),
        q=asked,
    )


@bp.get("/people/<int:account_id>")
@access(Role.ADMINISTRATOR)
def account(account_id: int) -> Page:
    return _account_page(queries.get_account(g.call, account_id), ReasonForm(formdata=None))


@bp.post("/people/<int:account_id>/suspend")
@access(Role.ADMINISTRATOR)
def suspend(account_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.suspend(g.call, account_id, plain(form.reason.data))
            flash(_("The account is suspended and signed out everywhere."), "success")
            return redirect(url_for("accounts.account", account_id=account_id), 303)
    return _account_page(queries.get_account(g.call, account_id), form), 422


@bp.post("/people/<int:account_id>/restore")
@access(Role.ADMINISTRATOR)
def restore(account_id: int) -> Response:
    service.restore(g.call, account_id)
    flash(_("The account may sign in again."), "success")
    return redirect(url_for("accounts.account", account_id=account_id), 303)


@bp.get("/people/roles/new")
@access(Role.ADMINISTRATOR)
def new_grant() -> Page:
    form = GrantForm(formdata=None, data={"email": plain(request.args.get("email"))[:254]})
    return render_template("accounts/new_grant.html", form=form)


@bp.post("/people/roles")
@access(Role.ADMINISTRATOR)
def propose_grant() -> Page:
    form = GrantForm()
    if form.validate_on_submit():
        with refusals_on(form):
            grant = granting.propose_grant(g.call, **form.to_terms())
            flash(_("Proposed. A second administrator must approve it."), "success")
            return redirect(url_for("accounts.grant", grant_id=grant.id), 303)
    return render_template("accounts/new_grant.html", form=form), 422


@bp.get("/people/roles/<int:grant_id>")
@access(Role.ADMINISTRATOR)
def grant(grant_id: int) -> Page:
    return _grant_page(queries.get_grant(g.call, grant_id), ReasonForm(formdata=None))


@bp.post("/people/roles/<int:grant_id>/approve")
@access(Role.ADMINISTRATOR)
def approve_grant(grant_id: int) -> Response:
    granting.approve_grant(g.call, grant_id)
    flash(_("The role is in force."), "success")
    return redirect(url_for("accounts.grant", grant_id=grant_id), 303)


@bp.post("/people/roles/<int:grant_id>/reject")
@access(Role.ADMINISTRATOR)
def reject_grant(grant_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            granting.reject_grant(g.call, grant_id, plain(form.reason.data))
            flash(_("The role was refused."), "success")
            return redirect(url_for("accounts.grant", grant_id=grant_id), 303)
    return _grant_page(queries.get_grant(g.call, grant_id), form), 422


@bp.post("/people/roles/<int:grant_id>/end")
@access(Role.ADMINISTRATOR)
def end_grant(grant_id: int) -> Response:
    granting.end_grant(g.call, grant_id)
    flash(_("The role has ended."), "success")
    return redirect(url_for("accounts.grant", grant_id=grant_id), 303)


def _account_page(row: Account, form: ReasonForm) -> str:
    grants = queries.grants_of([row.id])[row.id]
    decision = policy.may_suspend(g.call.actor, row)
    offers = {"restore": (decision, lambda: url_for("accounts.restore", account_id=row.id))}
    return render_template(
        "accounts/account.html",
        owner=row,
        form=form,
        grants=grants,
        organisations=queries.organisation_names({held.organisation_id for held in grants if held.organisation_id}),
        actions=transition_actions(ACCOUNT, row.state, offers),
        may_suspend=ACCOUNT.allows(row.state, "suspend") and bool(decision),
    )


def _grant_page(row: AccountGrant, form: ReasonForm) -> str:
    decision = policy.may_decide(g.call.actor, row.account)
    people_named = queries.endorsers(row.id)
    return render_template(
        "accounts/grant.html",
        grant=row,
        form=form,
        alliances=dict(queries.alliance_names()),
        organisations=queries.organisation_names({row.organisation_id} if row.organisation_id else set()),
        endorsers=people_named,
        actions=_grant_actions(row, decision),
        may_reject=GRANT.allows(row.state, "reject") and bool(decision),
    )


def _grant_actions(row: AccountGrant, decision: Decision) -> list[Action]:
    own = bool(queries.proposed_by(g.call.actor.person, [row.id]))
    offers = {
        "approve": (
            no("approvals.same_person") if own else decision,
            lambda: url_for("accounts.approve_grant", grant_id=row.id),
        ),
        "end": (
            decision if row.role in STAFF else no("hidden"),
            lambda: url_for("accounts.end_grant", grant_id=row.id),
        ),
    }
    return transition_actions(GRANT, row.state, offers, primary="approve")
