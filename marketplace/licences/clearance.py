"""Which pooled patents read on a description: the ranker over titles, abstracts and first claims, kept in memory.

The index follows the pools: the journal of commands says whether anything that counts happened since it was last asked, and
only the patents that differ are put in anew. It ranks by words; whether a claim is met is for an attorney to say.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select

from marketplace.audit.models import AuditHead, AuditRecord
from marketplace.db.base import db
from marketplace.patents.models import Patent
from marketplace.patents.workflow import ALIVE
from marketplace.pools.models import PoolOffer
from marketplace.pools.workflow import OfferState

if TYPE_CHECKING:
    from marketplace.matching.relevance.index import Document, Index

MOST = 20
LEAST_SCORE = 0.05
LEAST_OF_BEST = 0.25
"""Answers below the score, or below this part of the best one's, share too little with the description to bother a reader."""
LONGEST = 4_000
FIRST_CLAIM = 600
"""Characters of the claims that are read: the first one says most broadly what nobody else may do."""
_TELLING = ("pools.", "patents.", "imports.")
"""Rooms whose commands change what is pooled or how it is described."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """A patent that may read on the description, with the words both have, most telling first."""

    patent_id: int
    score: float
    words: tuple[str, ...]


Texts = Iterable[tuple[int, str]]


@dataclass(slots=True)
class _Kept:
    """An index, the version of each patent in it, and the journal's sequence and digest up to which it knows."""

    index: Index
    versions: dict[int, int] = field(default_factory=dict)
    seen: tuple[int, str] = (0, "")


_lock = threading.Lock()
_kept: dict[str, _Kept] = {}


def search(description: str) -> list[Hit]:
    """Return the pooled patents nearest to ``description``, best first."""
    if not description.strip():
        return []
    with _lock:
        return ranked(_followed(), description[:LONGEST])


def build(texts: Texts) -> Index:
    """Return an index of (patent id, "title\\nabstract") pairs."""
    # The ranker brings numba and scipy, seconds of import that only a reader of this page needs.
    from marketplace.matching.relevance.index import Index  # noqa: PLC0415

    return Index((_document(key, text) for key, text in texts), encoder=None)


def ranked(index: Index, description: str) -> list[Hit]:
    """Return what is near enough to be worth a look, best first."""
    found = index.rank(description, MOST)
    least = max(LEAST_SCORE, LEAST_OF_BEST * max((one.score for one in found), default=0))
    return [Hit(int(one.id), one.score, tuple(one.words)) for one in found if one.score >= least]


def _document(key: int, text: str) -> Document:
    from marketplace.matching.relevance.index import Document  # noqa: PLC0415

    return Document(str(key), text)


def _followed() -> Index:
    """The kept index, brought up to what the pools hold now."""
    head = db.session.execute(select(AuditHead.sequence, AuditHead.digest)).one_or_none()
    now = (head.sequence, head.digest) if head is not None else (0, "")
    kept = _kept.get("pool")
    if kept is None or not _continues(kept.seen):
        kept = _Kept(build(()))
        _follow(kept)
        _kept["pool"] = kept
    elif now != kept.seen and _something_happened(kept.seen[0]):
        _follow(kept)
    kept.seen = now
    return kept.index


def _continues(seen: tuple[int, str]) -> bool:
    """Whether the journal still holds the record that was its last; a restored database does not, and is read from new."""
    digest = db.session.scalar(select(AuditRecord.digest).where(AuditRecord.sequence == seen[0]))
    return digest is not None and digest == seen[1]


def _something_happened(since: int) -> bool:
    telling: list[ColumnElement[bool]] = [AuditRecord.command.startswith(room) for room in _TELLING]
    query = select(AuditRecord.id).where(AuditRecord.sequence > since, or_(*telling)).limit(1)
    return db.session.scalar(query) is not None


def _follow(kept: _Kept) -> None:
    """Take out what left the pools or is no right any more, and put in what entered or was written anew."""
    query = select(Patent.id, Patent.version).join(PoolOffer, PoolOffer.patent_id == Patent.id)
    query = query.where(PoolOffer.state == OfferState.ADMITTED, Patent.state.in_(ALIVE)).order_by(Patent.id)
    present = {row.id: row.version for row in db.session.execute(query)}
    for key in [key for key in kept.versions if key not in present]:
        kept.index.remove(str(key))
        del kept.versions[key]
    wanted = [key for key, version in present.items() if kept.versions.get(key) != version]
    for at in range(0, len(wanted), _BATCH):
        for key, text in _texts(wanted[at : at + _BATCH]).items():
            kept.index.add(_document(key, text))
            kept.versions[key] = present[key]


def _texts(keys: list[int]) -> Mapping[int, str]:
    columns = (Patent.id, Patent.title, Patent.title_en, Patent.abstract, Patent.claims)
    rows = db.session.execute(select(*columns).where(Patent.id.in_(keys)).order_by(Patent.id))
    return {
        row.id: f"{row.title}\n{row.title_en}\n{row.abstract}\n{first_claim(row.claims)[:FIRST_CLAIM]}" for row in rows
    }


def first_claim(claims: str) -> str:
    """Return the text of the first claim: everything before the line that begins the second."""
    lines: list[str] = []
    for line in claims.splitlines():
        if lines and line.lstrip().startswith(("2.", "2、", "2．")):
            break
        lines.append(line)
    return "\n".join(lines).strip()
