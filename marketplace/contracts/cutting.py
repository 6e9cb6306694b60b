"""How a lower price is shared by the sources, and whether every fund's rules still hold after it."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.contracts.calling import own_first, own_place
from marketplace.contracts.models import Contract, Source
from marketplace.contracts.split import reduce
from marketplace.kernel.errors import Conflict
from marketplace.rounds import funding


def parts_of(contract: Contract, cut: int) -> list[int]:
    """Return by how much each source pays less (fen) when the price falls by ``cut``.

    Raises Conflict naming the fund and its rule when the cut would break one: a fund's least amount, its share of the price, its
    ratio to own money, the share of public money. Rules that a fund has changed since the contract was agreed break nothing.
    """
    sources = contract.sources
    left = [source.uncalled for source in sources]
    parts = reduce(cut, left, own=own_place(sources), own_first=own_first(sources))
    before = [source.amount for source in sources]
    if _holds(contract, before):
        funding.require(_payment(contract, [fen - part for fen, part in zip(before, parts, strict=True)]))
    return parts


def _holds(contract: Contract, amounts: Sequence[int]) -> bool:
    try:
        funding.require(_payment(contract, amounts))
    except Conflict:
        return False
    return True


def _payment(contract: Contract, amounts: Sequence[int]) -> funding.Payment:
    pairs = list(zip(contract.sources, amounts, strict=True))
    own = sum(fen for source, fen in pairs if source.fund is None)
    rules = contract.proposal.run.round.rules
    return funding.Payment(
        price=sum(amounts),
        own=own,
        own_funds=own,
        grants=tuple(grant for source, fen in pairs if fen and (grant := _grant(source, fen))),
        public_share_max=rules.get("public_share_max"),
    )


def _grant(source: Source, amount: int) -> funding.Grant | None:
    if (fund := source.fund) is None:
        return None
    return funding.Grant(
        name=fund.name,
        amount=amount,
        public=fund.public,
        share_max=fund.share_max,
        amount_max=fund.amount_max,
        amount_min=fund.amount_min,
        match_max=fund.match_max,
        public_share_max=fund.public_share_max,
        enterprise_max=None,  # what an enterprise holds of a fund only falls here
        drawn=0,
    )
