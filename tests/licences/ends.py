"""Licences that end by agreement."""

from __future__ import annotations

from marketplace.accounts.models import Account
from marketplace.licences import service
from marketplace.licences.models import Licence
from tests.factories import Make


def end_together(make: Make, row: Licence, *accounts: Account, reason: str = "双方协商一致") -> Licence:
    """Each account asks for the end; who is the last agrees to it."""
    for account in accounts:
        service.end(make.call(account), row.id, reason)
    return row
