"""The blueprint that this room's pages hang on, and what all of its pages share."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from marketplace.contracts.models import Contract
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Role
from marketplace.web.guards import access

bp = Blueprint("contracts", __name__)

READERS = access(
    *ENTERPRISE, *UNIVERSITY, Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR
)
PARTIES = access(*ENTERPRISE, *UNIVERSITY)
STAFF = access(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
OFFICERS = access(Role.CENTRE_OFFICER)
BANK = access(Role.CENTRE_OFFICER, Role.FUND_MANAGER)


def tabs_of(contract: Contract) -> list[dict[str, object]]:
    """The views of one contract."""
    named = [("contracts.show", _("Overview")), ("contracts.text", _("Clauses"))]
    if contract.signed_at is not None:
        named += [("contracts.delivery_page", _("Milestones")), ("contracts.money", _("Payments"))]
        named += [("contracts.changes", _("Changes")), ("contracts.results", _("People and results"))]
    return [
        {"label": label, "url": url_for(endpoint, contract_id=contract.id), "current": request.endpoint == endpoint}
        for endpoint, label in named
    ]
