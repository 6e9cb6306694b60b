"""What an end before its time gives back besides money: promised days and the award. For use cases that hold the row."""

from __future__ import annotations

from marketplace.awards.undoing import end_without_contract
from marketplace.contracts.models import Contract
from marketplace.kernel.call import Call
from marketplace.rounds.gather.offers import loads_of
from marketplace.talent import capacity
from marketplace.web.filters import CITY

UNSIGNED = "双方未签订合同 / the parties signed no contract"
"""Kept with the award as it stands: a record in both languages, not a text of the site."""


def give_up_award(call: Call, contract: Contract) -> None:
    """Nobody will work: every day that the award promised is free again, and the award is over."""
    _release(call, contract, after="")
    end_without_contract(call, contract.order_id, UNSIGNED)


def free_coming_days(call: Call, contract: Contract) -> None:
    """Work stops now: days of coming quarters are free again, those of this quarter and before were worked."""
    _release(call, contract, after=capacity.quarter_of(call.now.astimezone(CITY).date()))


def _release(call: Call, contract: Contract, *, after: capacity.Quarter) -> None:
    bid = contract.proposal.bid
    if bid is not None and bid.content is not None:
        loads = loads_of(bid.content)
        capacity.release(call, {pair: days for pair, days in loads.items() if pair[1] > after})
