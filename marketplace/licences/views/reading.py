"""Pages that the two sides read: their licences, one licence, and what patents earned."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import YES, no
from marketplace.licences import chain, journal, policy, queries, service, statements
from marketplace.licences.models import Distribution, Licence, RoyaltyReceipt
from marketplace.licences.views.blueprint import bp
from marketplace.licences.views.ending import ending_actions, standing
from marketplace.licences.views.settling import rows_of
from marketplace.licences.workflow import (
    DISTRIBUTION,
    LICENCE,
    RECEIPT,
    Account,
    Ahead,
    LicenceState,
    Side,
)
from marketplace.organisations.models import Organisation
from marketplace.patents import queries as patents
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.pages import paginate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.app_template_filter("standing")
def standing_of(row: Licence) -> LicenceState | Ahead:
    """The state as pages show it: what was signed for later does not run yet."""
    later = row.state is LicenceState.RUNNING and row.starts_on is not None and row.starts_on > patents.today(g.call)
    return Ahead.SIGNED if later else row.state


@bp.get("/licences")
@access(SIGNED_IN)
def index() -> str:
    return render_template("licences/index.html", page=paginate(queries.list_licences(g.call.actor)))


@bp.get("/licences/<int:licence_id>")
@access(SIGNED_IN)
def show(licence_id: int) -> str:
    row = queries.get_licence(g.call, licence_id)
    books = bool(policy.may_book(g.call.actor))
    held = journal.held(row.id) if books else 0
    divisions = queries.distributions_of(row.id) if books else []
    waiting = sum(one.amount for one in divisions if DISTRIBUTION.allows(one.state, "approve"))
    divisible = held > 0 and not waiting  # a second division would be of the same money
    mark = queries.fingerprint(row)
    return render_template(
        "licences/show.html",
        licence=row,
        signed={one.side: one for one in row.signatures if one.content_hash == mark},
        sides=list(Side),
        actions=_actions(row),
        statements=rows_of(row),
        books=books,
        held=held,
        waiting=waiting,
        simulation=service.simulate(row, held, g.call) if divisible else [],
        receipts=[(one, _receipt_actions(one)) for one in queries.receipts_of(row.id)] if books else [],
        distributions=[(one, service.sharing.lines_of(one), _distribution_actions(one)) for one in divisions],
        money_actions=_money_actions(row, divisible) if books else [],
        runs=standing_of(row) is LicenceState.RUNNING,
        owners=_owners(row),
        standing=standing(row),
        below=chain.below(row) if row.may_sublicense else [],
    )


def _owners(row: Licence) -> list[Organisation | None]:
    """Several owners of a running licence's patents, None for somebody outside."""
    held = policy.keepers(row) if row.state is LicenceState.RUNNING else frozenset()
    owners = {part.patent.owner_id: part.patent.owner for part in row.parts if part.patent.sold_on is None}
    return [owners.get(key or 0) for key in sorted(held, key=lambda key: key or 0)] if len(held) > 1 else []


@bp.get("/royalties")
@access(SIGNED_IN)
def royalties() -> str:
    """What the actor's organisations and their inventors got, to the fen; licensees are not named."""
    rows = queries.earned(g.call.actor.organisations) if g.call.actor.organisations else []
    theirs = sum(row.amount for row in rows if row.account is Account.INVENTOR)
    return render_template(
        "licences/royalties.html",
        earned=rows,
        total=sum(row.amount for row in rows),
        inventors=theirs,
        holders=statements.holders(rows),
    )


@bp.get("/royalties.xlsx")
@access(SIGNED_IN)
def royalties_file() -> Response:
    """The statement of the actor's organisations, or of one holder: an inventor by name, the owner by an empty one."""
    holder = request.args.get("holder")
    rows = queries.bookings(g.call.actor.organisations, None if holder is None else holder[:200])
    if not rows:
        raise NotFound("statement")
    content = statements.workbook(rows, _("Statement of royalties"))
    disposition = {"Content-Disposition": 'attachment; filename="royalties.xlsx"'}
    return Response(content, content_type=XLSX, headers=disposition)


def _actions(row: Licence) -> list[Action]:
    """What the actor may do now; each side sees its own buttons."""
    actor, found = g.call.actor, list[Action]()
    mark = queries.fingerprint(row)
    signed = {one.side for one in row.signatures if one.content_hash == mark}
    persons = {one.person_id for one in row.signatures if one.content_hash == mark}
    mine = [side for side in Side if side in policy.sides(actor, row) and policy.may_act_for(actor, row, side)]
    if LICENCE.allows(row.state, "start"):
        for side in mine:
            if side not in signed:
                label = _("Sign for the licensor") if side is Side.LICENSOR else _("Sign for the licensee")
                reason = words.sentence("approvals.same_person", {}) if actor.person in persons else ""
                url = "" if reason else url_for("licences.sign", licence_id=row.id, side=side.value)
                found.append(
                    Action(
                        label, url, kind="primary", disabled_reason=reason, confirm=_("Sign exactly these conditions?")
                    )
                )
    if Side.LICENSOR in mine:
        for event, endpoint in (("offer", "licences.terms"), ("decline", "licences.declining")):
            if LICENCE.allows(row.state, event):
                found.append(
                    Action(words.event_label("licence", event), url_for(endpoint, licence_id=row.id), method="get")
                )
        if row.state is LicenceState.RUNNING:
            found.append(
                Action(
                    _("Note the recording at the office"), url_for("licences.filing", licence_id=row.id), method="get"
                )
            )
    if row.state is LicenceState.RUNNING and policy.may_sublicense(actor, row):
        found.append(
            Action(_("Give a sub-licence"), url_for("licences.new_sublicence", licence_id=row.id), method="get")
        )
    if Side.LICENSEE in mine and LICENCE.allows(row.state, "withdraw"):
        found.append(Action(words.event_label("licence", "withdraw"), url_for("licences.withdraw", licence_id=row.id)))
    return found + ending_actions(row)


def _receipt_actions(row: RoyaltyReceipt) -> list[Action]:
    second = no("approvals.same_person") if row.proposed_by == g.call.actor.account else YES
    found = transition_actions(
        RECEIPT,
        row.state,
        {"approve": (second, lambda: url_for("licences.approve_receipt", receipt_id=row.id))},
        primary="approve",
    )
    if RECEIPT.allows(row.state, "reject"):
        found.append(
            Action(
                words.event_label("royalty_receipt", "reject"),
                url_for("licences.rejecting_receipt", receipt_id=row.id),
                method="get",
            )
        )
    return found


def _distribution_actions(row: Distribution) -> list[Action]:
    second = no("approvals.same_person") if row.proposed_by == g.call.actor.account else YES
    found = transition_actions(
        DISTRIBUTION,
        row.state,
        {"approve": (second, lambda: url_for("licences.approve_distribution", distribution_id=row.id))},
        primary="approve",
    )
    if DISTRIBUTION.allows(row.state, "reject"):
        found.append(
            Action(
                words.event_label("distribution", "reject"),
                url_for("licences.rejecting_distribution", distribution_id=row.id),
                method="get",
            )
        )
    return found


def _money_actions(row: Licence, divisible: bool) -> list[Action]:
    found = [Action(_("Note a payment"), url_for("licences.new_receipt", licence_id=row.id), method="get")]
    if divisible:
        found.append(
            Action(
                _("Propose this division"), url_for("licences.propose_distribution", licence_id=row.id), kind="primary"
            )
        )
    return found
