"""Dividing royalties: the pool's fee, the patents' weights, the owners' shares, and the inventors' statutory part. Pure.

Law on Promoting the Transformation of Scientific and Technological Achievements, art. 45: inventors get at least half of the
net income when nothing else was agreed; at public universities and institutes at least half whatever was agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.kernel.money import BASIS, share, split
from marketplace.licences.workflow import Account

FLOOR = 5_000
"""Basis points of an owner's net income that inventors get by art. 45."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A holder of a right: a member by ``organisation`` or somebody by name; ``public`` are state universities and institutes."""

    name: str
    share: int
    organisation: int | None = None
    public: bool = False


@dataclass(frozen=True, slots=True)
class Inventor:
    name: str
    share: int


@dataclass(frozen=True, slots=True)
class Part:
    """One patent of a licence: its weight, its holders, and what was agreed with its inventors (None = nothing)."""

    patent: int
    weight: int
    owners: tuple[Owner, ...]
    inventors: tuple[Inventor, ...]
    agreed: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Who gets how many fen; an inventor's line names the owner whose duty it is. An unnamed inventor's part waits for a name."""

    account: Account
    amount: int
    organisation: int | None = None
    patent: int | None = None
    name: str = ""


def inventor_share(owner: Owner, agreed: int | None) -> int:
    """Return the basis points of an owner's income that its inventors get."""
    if agreed is None:
        return FLOOR
    return max(agreed, FLOOR) if owner.public else agreed


def divide(amount: int, pool_fee: int, parts: Sequence[Part]) -> list[Line]:
    """Return the lines of ``amount`` fen: they sum to it exactly, and no inventor's part is rounded below its share.

    Raises ValueError without parts, or when a patent's owners hold nothing.
    """
    fee = share(amount, pool_fee)
    lines = [Line(Account.POOL, fee)] if fee else []
    for part, net in zip(parts, split(amount - fee, [part.weight for part in parts]), strict=True):
        for owner, income in zip(part.owners, split(net, [owner.share for owner in part.owners]), strict=True):
            lines += _of_owner(part, owner, income)
    return lines


def _of_owner(part: Part, owner: Owner, income: int) -> list[Line]:
    """The inventors' part is rounded up: a fen too little would be under the floor."""
    theirs = -(-income * inventor_share(owner, part.agreed) // BASIS)
    kept = Line(Account.OWNER, income - theirs, owner.organisation, part.patent, owner.name)
    inventors = part.inventors or (Inventor("", BASIS),)
    shares = split(theirs, [one.share for one in inventors])
    lines = [
        Line(Account.INVENTOR, each, owner.organisation, part.patent, one.name)
        for one, each in zip(inventors, shares, strict=True)
    ]
    return [line for line in (kept, *lines) if line.amount]
