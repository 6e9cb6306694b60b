"""Pages that members read: all funds, one fund with its rules and its ledger."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.db.base import db
from marketplace.funds import exports, policy, queries
from marketplace.funds.models import BALANCES, Fund, FundContribution, FundTransfer
from marketplace.funds.sentences import sentences
from marketplace.funds.views.blueprint import bp
from marketplace.funds.workflow import CONTRIBUTION, FUND, TRANSFER, FundState, Movement
from marketplace.kernel.policy import YES, no
from marketplace.web import words
from marketplace.web.actions import Action, transition_actions
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.pages import paginate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/funds")
@access(SIGNED_IN)
def index() -> str:
    funds = queries.list_funds(g.call)
    return render_template(
        "funds/index.html",
        funds=funds,
        total={name: sum(getattr(fund, name) for fund in funds) for name in BALANCES},
        may_manage=policy.may_manage(g.call.actor),
    )


@bp.get("/funds/<int:fund_id>")
@access(SIGNED_IN)
def show(fund_id: int) -> str:
    fund = queries.get_fund(g.call, fund_id)
    movement = _movement()
    page = paginate(queries.transactions(fund.id, movement), size=25)
    with_parties = policy.may_see_parties(g.call.actor)
    return render_template(
        "funds/show.html",
        fund=fund,
        rules=sentences(fund),
        page=page,
        movement=movement,
        movements=words.choices(Movement),
        available=queries.available_after(fund.id, [row.id for row in page.items]),
        subject=exports.subject,
        with_parties=with_parties,
        actions=_actions(fund),
        contributions=_decisions(fund) if with_parties else [],
        transfers=_transfers(fund) if with_parties else [],
        versions=queries.versions(fund.id) if with_parties else [],
    )


@bp.get("/funds/<int:fund_id>/ledger.csv")
@access(SIGNED_IN)
def ledger_csv(fund_id: int) -> Response:
    fund = queries.get_fund(g.call, fund_id)
    return _file(fund, exports.as_csv(*_lines(fund)), "text/csv; charset=utf-8", "csv")


@bp.get("/funds/<int:fund_id>/ledger.xlsx")
@access(SIGNED_IN)
def ledger_xlsx(fund_id: int) -> Response:
    fund = queries.get_fund(g.call, fund_id)
    return _file(fund, exports.as_xlsx(fund, *_lines(fund)), XLSX, "xlsx")


def _movement() -> Movement | None:
    text = request.args.get("movement", "")
    return Movement(text) if text in set(Movement) else None


def _lines(fund: Fund) -> tuple[list[str], list[list[exports.Cell]]]:
    transactions = db.session.scalars(queries.transactions(fund.id, _movement())).all()
    available = queries.available_after(fund.id, [row.id for row in transactions])
    return exports.rows(transactions, available, with_parties=bool(policy.may_see_parties(g.call.actor)))


def _file(fund: Fund, content: bytes, media_type: str, ending: str) -> Response:
    name = f"{fund.code}-ledger.{ending}"
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _actions(fund: Fund) -> list[Action]:
    """What the actor may do to the fund; readers see no buttons."""
    actor = g.call.actor
    actions = []
    if policy.may_contribute(actor):
        bring = Action(
            _("Bring money in"), url_for("funds.new_contribution", fund_id=fund.id), method="get", kind="primary"
        )
        actions.append(bring)
        if fund.available:
            url = url_for("funds.new_transfer", fund_id=fund.id)
            actions.append(Action(_("Move money to another fund"), url, method="get"))
    if not policy.may_manage(actor):
        return actions
    bare = fund.state is FundState.DRAFT and queries.in_force(fund.id) is None
    may_open = no("funds.rules_unapproved") if bare else YES
    actions += transition_actions(
        FUND, fund.state, {"open": (may_open, lambda: url_for("funds.open_fund", fund_id=fund.id))}
    )
    if FUND.allows(fund.state, "close"):
        actions.append(
            Action(words.event_label("fund", "close"), url_for("funds.close", fund_id=fund.id), method="get")
        )
    actions.append(Action(_("Propose other rules"), url_for("funds.edit", fund_id=fund.id), method="get"))
    return actions


def _decisions(fund: Fund) -> list[tuple[FundContribution, list[Action]]]:
    """The fund's contributions with what the actor may decide on each."""
    return [(row, _decision(row)) for row in queries.list_contributions(fund.id)]


def _decision(row: FundContribution) -> list[Action]:
    if not policy.may_contribute(g.call.actor):
        return []
    own = row.proposer.person_id == g.call.actor.person
    second = no("approvals.same_person") if own else YES
    offers = {"approve": (second, lambda: url_for("funds.approve_contribution", contribution_id=row.id))}
    actions = transition_actions(CONTRIBUTION, row.state, offers, primary="approve")
    if CONTRIBUTION.allows(row.state, "reject"):
        label = words.event_label("contribution", "reject")
        actions.append(Action(label, url_for("funds.rejection", contribution_id=row.id), method="get"))
    return actions


def _transfers(fund: Fund) -> list[tuple[FundTransfer, list[Action]]]:
    """Transfers out of the fund and into it, with what the actor may decide on each."""
    return [(row, _transfer_decision(row)) for row in queries.list_transfers(fund.id)]


def _transfer_decision(row: FundTransfer) -> list[Action]:
    if not policy.may_contribute(g.call.actor):
        return []
    own = row.proposer.person_id == g.call.actor.person
    second = no("approvals.same_person") if own else YES
    offers = {"approve": (second, lambda: url_for("funds.approve_transfer", transfer_id=row.id))}
    actions = transition_actions(TRANSFER, row.state, offers, primary="approve")
    if TRANSFER.allows(row.state, "reject"):
        label = words.event_label("transfer", "reject")
        actions.append(Action(label, url_for("funds.transfer_rejection", transfer_id=row.id), method="get"))
    return actions
