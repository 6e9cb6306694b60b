"""Tables of the contracts room, by noun."""

from marketplace.contracts.models.contract import Clause, ClauseVersion, Contract, Signature, Source

__all__ = ["Clause", "ClauseVersion", "Contract", "Signature", "Source"]
