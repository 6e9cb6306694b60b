"""What a product needs of the pools: which patents read on it, which of them may be used already, and what the rest costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.licences import clearance, queries
from marketplace.licences.clearance import Hit
from marketplace.licences.models import OpenLicence
from marketplace.licences.workflow import OpenState, Right
from marketplace.patents import queries as patents
from marketplace.pools import queries as pools
from marketplace.pools.models import PoolOffer


@dataclass(frozen=True, slots=True)
class Need:
    """One patent that reads on it, and how the reader's organisation may use it. ``declared`` is its open licence.

    ``first_year`` in fen: what the pool asks for this patent alone, entry included; None while it has no conditions.
    """

    hit: Hit
    offer: PoolOffer
    right: Right
    declared: OpenLicence | None
    first_year: int | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one pool asks for everything of it that is missing, in fen; None while it has no conditions in force."""

    alliance: Alliance
    patents: tuple[int, ...]
    a_year: int | None
    once: int | None

    @property
    def missing(self) -> int:
        return len(self.patents)

    @property
    def first_year(self) -> int | None:
        return None if self.a_year is None or self.once is None else self.a_year + self.once


@dataclass(frozen=True, slots=True)
class Clearance:
    """The answer to a description, best patents first."""

    needs: Sequence[Need]
    bundles: Sequence[Bundle]

    @property
    def first_year(self) -> int | None:
        """Fen for everything that is missing; None when nothing is, or a pool has no conditions."""
        prices = [bundle.first_year for bundle in self.bundles]
        known = [price for price in prices if price is not None]
        return sum(known) if known and len(known) == len(prices) else None


def clear(call: Call, description: str) -> Clearance:
    """Return what the pools hold that reads on ``description``. It is neither stored nor logged."""
    hits = clearance.search(description)
    if not hits:
        return Clearance((), ())
    offers = {offer.patent_id: offer for offer in pools.pooled(patent_ids=[hit.patent_id for hit in hits])}
    held = {patent for key in call.actor.organisations for patent in queries.held_by(key, patents.today(call))}
    declared = _declared(list(offers))
    prices = {key: _Prices(call, key) for key in sorted({offer.alliance_id for offer in offers.values()})}
    needs = []
    for hit in hits:
        offer = offers.get(hit.patent_id)
        if offer is not None:
            right = _right(call, offer, held)
            alone = prices[offer.alliance_id].first_year(1) if right is Right.MISSING else 0
            needs.append(Need(hit, offer, right, declared.get(hit.patent_id), alone))
    return Clearance(needs, _bundles(needs, prices))


def _right(call: Call, offer: PoolOffer, held: set[int]) -> Right:
    if offer.patent.owner_id in call.actor.organisations:
        return Right.OWN
    return Right.LICENSED if offer.patent_id in held else Right.MISSING


def _declared(patent_ids: Sequence[int]) -> dict[int, OpenLicence]:
    query = select(OpenLicence).where(OpenLicence.state == OpenState.DECLARED, OpenLicence.patent_id.in_(patent_ids))
    return {row.patent_id: row for row in db.session.scalars(query.order_by(OpenLicence.id))}


class _Prices:
    """A pool's conditions as they hold for the caller."""

    def __init__(self, call: Call, alliance_id: int) -> None:
        self._rules = pools.rules_of(alliance_id)
        self._free = self._rules is not None and self._rules.members_free and alliance_id in call.actor.alliances

    def a_year(self, patents: int) -> int | None:
        if self._rules is None:
            return None
        return 0 if self._free else self._rules.bundle_price(patents)

    @property
    def once(self) -> int | None:
        if self._rules is None:
            return None
        return 0 if self._free else self._rules.entry_fee

    def first_year(self, patents: int) -> int | None:
        a_year, once = self.a_year(patents), self.once
        return None if a_year is None or once is None else a_year + once


def _bundles(needs: Sequence[Need], prices: dict[int, _Prices]) -> list[Bundle]:
    missing: dict[int, list[Need]] = defaultdict(list)
    for need in needs:
        if need.right is Right.MISSING:
            missing[need.offer.alliance_id].append(need)
    return [
        Bundle(
            rows[0].offer.alliance,
            tuple(row.hit.patent_id for row in rows),
            prices[key].a_year(len(rows)),
            prices[key].once,
        )
        for key, rows in sorted(missing.items())
    ]
