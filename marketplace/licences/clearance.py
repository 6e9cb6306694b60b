"""Which pooled patents read on a description: the ranker over titles and abstracts, kept in memory between requests.

The index is made anew only when the pool changed. It ranks by words; whether a claim is met is for an attorney to say.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from marketplace.db.base import db
from marketplace.patents.models import Patent
from marketplace.pools.models import PoolOffer
from marketplace.pools.workflow import OfferState

if TYPE_CHECKING:
    from marketplace.matching.relevance.index import Index

MOST = 20
LEAST_SCORE = 0.05
LEAST_OF_BEST = 0.25
"""Answers below the score, or below this part of the best one's, share too little with the description to bother a reader."""
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Hit:
    """A patent that may read on the description, with the words both have, most telling first."""

    patent_id: int
    score: float
    words: tuple[str, ...]


Texts = Iterable[tuple[int, str]]
_lock = threading.Lock()
_kept: dict[str, tuple[object, Index]] = {}


def search(description: str) -> list[Hit]:
    """Return the pooled patents nearest to ``description``, best first."""
    if not description.strip():
        return []
    return ranked(_index(), description[:LONGEST])


def build(texts: Texts) -> Index:
    """Return an index of (patent id, "title\\nabstract") pairs."""
    # The ranker brings numba and scipy, seconds of import that only a reader of this page needs.
    from marketplace.matching.relevance.index import Document, Index  # noqa: PLC0415

    return Index((Document(str(key), text) for key, text in texts), encoder=None)


def ranked(index: Index, description: str) -> list[Hit]:
    found = index.rank(description, MOST)
    least = max(LEAST_SCORE, LEAST_OF_BEST * max((one.score for one in found), default=0))
    return [Hit(int(one.id), one.score, tuple(one.words)) for one in found if one.score >= least]


def _index() -> Index:
    """The kept index, made anew when a patent entered or left a pool, or a pooled one was described anew."""
    stamp = _stamp()
    with _lock:
        kept = _kept.get("pool")
        if kept is None or kept[0] != stamp:
            kept = (stamp, build(_texts()))
            _kept["pool"] = kept
        return kept[1]


def _stamp() -> object:
    text = func.sum(func.length(Patent.title)), func.sum(func.length(Patent.abstract))
    query = (
        select(func.count(PoolOffer.id), func.sum(PoolOffer.id), func.sum(Patent.version), func.sum(Patent.id), *text)
        .join(PoolOffer.patent)
        .where(PoolOffer.state == OfferState.ADMITTED)
    )
    return tuple(db.session.execute(query).one())


def _texts() -> Sequence[tuple[int, str]]:
    query = (
        select(Patent.id, Patent.title, Patent.title_en, Patent.abstract)
        .join(PoolOffer, PoolOffer.patent_id == Patent.id)
        .where(PoolOffer.state == OfferState.ADMITTED)
        .order_by(Patent.id)
    )
    return [(row.id, f"{row.title}\n{row.title_en}\n{row.abstract}") for row in db.session.execute(query)]
