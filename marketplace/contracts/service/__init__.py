"""Writes of the contracts room, one use case per sentence, by noun: drafting, negotiating, signing."""

from marketplace.contracts.service.drafting import draft_contract
from marketplace.contracts.service.negotiating import accept_clause, propose_clause, set_particulars, withdraw_clause
from marketplace.contracts.service.signing import abandon, sign

__all__ = [
    "abandon",
    "accept_clause",
    "draft_contract",
    "propose_clause",
    "set_particulars",
    "sign",
    "withdraw_clause",
]
