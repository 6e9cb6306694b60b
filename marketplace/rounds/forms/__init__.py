"""Forms of the rounds: of a round and its runs, and of what people ask about a run."""

from marketplace.rounds.forms.rounds import (
    ApproveForm,
    BidForm,
    FloorForm,
    FundsForm,
    OrdersForm,
    ProposeForm,
    RoundForm,
    RunForm,
    clean,
)

__all__ = [
    "ApproveForm",
    "BidForm",
    "FloorForm",
    "FundsForm",
    "OrdersForm",
    "ProposeForm",
    "RoundForm",
    "RunForm",
    "clean",
]
