"""Mail about funds: the name, the day and a link."""

from __future__ import annotations

from marketplace.funds import queries
from marketplace.funds.models import Fund
from marketplace.kernel.call import Call
from marketplace.outbox import service as outbox


def tell_managers(call: Call, fund: Fund, template: str) -> int:
    """Queue ``templates/mail/<template>.txt`` to every fund manager; return to how many."""
    day = "" if fund.valid_to is None else fund.valid_to.isoformat()
    managers = queries.managers()
    for account in managers:
        name = fund.name_en if account.locale.startswith("en") and fund.name_en else fund.name
        outbox.enqueue(call, account.email, template, {"name": name, "day": day, "fund_id": fund.id}, account.locale)
    return len(managers)
