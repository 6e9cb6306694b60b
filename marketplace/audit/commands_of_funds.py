"""What the commands of the funds room are called in the journal."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

FUNDS: dict[str, Any] = {
    "funds.create": _l("Added a fund"),
    "funds.open": _l("Opened the fund"),
    "funds.close": _l("Closed the fund"),
    "funds.change_rules": _l("Changed the fund's rules"),
    "funds.propose_contribution": _l("Proposed a contribution"),
    "funds.approve_contribution": _l("Approved a contribution"),
    "funds.reject_contribution": _l("Rejected a contribution"),
    "funds.expire": _l("Ended the fund on its last day"),
    "funds.remind_of_end": _l("Told the managers that the fund ends soon"),
    "funds.propose_rules": _l("Proposed rules of the fund"),
    "funds.approve_rules": _l("Approved rules of the fund"),
    "funds.reject_rules": _l("Rejected rules of the fund"),
    "funds.apply_rules": _l("Put rules of the fund in force"),
    "funds.propose_transfer": _l("Proposed a transfer between funds"),
    "funds.approve_transfer": _l("Approved a transfer between funds"),
    "funds.reject_transfer": _l("Rejected a transfer between funds"),
    "funds.keep_bank_statement": _l("Compared a bank statement with the ledger"),
}
