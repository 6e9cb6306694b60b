"""The blueprint that this room's pages hang on, and who may come to which."""

from flask import Blueprint
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.web.guards import access

Page = str | Response | tuple[str, int]

MANAGERS = access(Role.FUND_MANAGER)
CONTRIBUTORS = access(Role.FUND_MANAGER, Role.CENTRE_OFFICER)
STAFF = access(Role.FUND_MANAGER, Role.CENTRE_OFFICER, Role.AUDITOR)

bp = Blueprint("funds", __name__)
