"""The blueprint that this room's pages hang on, and what its pages share."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, g
from werkzeug.wrappers import Response

from marketplace.defence.forms import OwnForm
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from marketplace.patents import queries as patents
from marketplace.web.guards import access

bp = Blueprint("defence", __name__)
Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
STAFF = access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
PAYERS = access(Role.CENTRE_OFFICER, Role.FUND_MANAGER)
STAFF_AND_PAYERS = access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER, Role.FUND_MANAGER)
F = TypeVar("F", bound=OwnForm)


def own(form: F) -> F:
    """Offer the organisations the actor acts for."""
    form.choose_organisation(patents.own_organisations(g.call.actor))
    return form


def chosen(form: OwnForm) -> int:
    if form.organisation_id.data is None:
        raise Invalid("defence.choose", field="organisation_id")
    return int(form.organisation_id.data)
