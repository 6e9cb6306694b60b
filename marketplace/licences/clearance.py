"""Which pooled patents read on a description: the ranker over titles, abstracts and first claims, kept in memory.

The index follows the pools: the journal of commands says whether anything that counts happened since it was last asked, and
only the patents that differ are put in anew. A large pool is first read in a thread of its own, in small steps, and whoever asks
meanwhile is told how far it is. It ranks by words; whether a claim is met is for an attorney to say.
"""

from __future__ import annotations

import gc
import logging
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Flask, current_app
from sqlalchemy import ColumnElement, or_, select

from marketplace.audit.models import AuditHead, AuditRecord
from marketplace.db.base import db
from marketplace.patents.models import Patent
from marketplace.patents.workflow import ALIVE
from marketplace.pools.models import PoolOffer
from marketplace.pools.workflow import OfferState

if TYPE_CHECKING:
    from marketplace.matching.relevance.index import Document, Index

log = logging.getLogger(__name__)
MOST = 20
LEAST_SCORE = 0.05
LEAST_OF_BEST = 0.25
"""Answers below the score, or below this part of the best one's, share too little with the description to bother a reader."""
LONGEST = 4_000
FIRST_CLAIM = 600
"""Characters of the claims that are read: the first one says most broadly what nobody else may do."""
_TELLING = ("pools.", "patents.", "imports.")
"""Rooms whose commands change what is pooled or how it is described."""
_FORMULA = re.compile(r"^(一种)?(用于|基于|具有|及其|的)?|(的|及其|用于|一种)$")
"""What titles and claims are made of, whatever they are about."""
_NAMING = frozenset({"patent", "pool_offer", "pool_rules"})
"""Subjects by which a record says which patents it is about (conditions of a pool: none)."""
_MOST_TOUCHED = 200
_STEP, _BREATH = 50, 0.002
"""Patents that the thread reads at a time, and seconds that it then leaves to others."""


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How many patents have been read of how many, while the index of a large pool is made."""

    done: int
    total: int


class Warming(Exception):
    """The index is being made in the background; ask again in a moment."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(f"{progress.done} of {progress.total}")
        self.progress = progress


AT_ONCE = 300
"""So many patents are read while somebody waits, a third of a second; more are read in a thread of their own."""
_lock = threading.Lock()
_kept: dict[str, _Kept] = {}
_progress: dict[str, Progress] = {}


def search(description: str) -> list[Hit]:
    """Return the pooled patents nearest to ``description``, best first. Raises Warming while a large pool is first read."""
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
    hits = [Hit(int(one.id), one.score, telling(one.words)) for one in found if one.score >= least]
    return [hit for hit in hits if hit.words]


def telling(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words without those that every patent begins with; a patent that shares no others is no answer."""
    bare = (_FORMULA.sub("", word) for word in words)
    return tuple(dict.fromkeys(word for word in bare if len(word) > 1))


def _document(key: int, text: str) -> Document:
    from marketplace.matching.relevance.index import Document  # noqa: PLC0415

    return Document(str(key), text)


def _followed() -> Index:
    """The kept index, brought up to what the pools hold now, as far as that takes no longer than somebody waits."""
    now, kept = _head(), _kept.get("pool")
    if kept is None or not _continues(kept.seen):
        present = _present()
        if len(present) > AT_ONCE:
            raise Warming(_begin(len(present)))
        _kept["pool"] = kept = _Kept(build(()))
        _follow(kept, present)
    elif now != kept.seen:
        touched = _touched(kept.seen[0])
        if (touched is None or touched) and not _bring_up(kept, touched):
            return kept.index
    kept.seen = now
    return kept.index


def _bring_up(kept: _Kept, touched: set[int] | None) -> bool:
    """Follow what happened. When much came in at once, begin a thread and return False: unread until it ends well."""
    present = _present(touched)
    if sum(kept.versions.get(key) != version for key, version in present.items()) > AT_ONCE:
        _begin(len(_present()))
        return False
    _follow(kept, present, touched)
    return True


def _begin(total: int) -> Progress:
    """Have the index made in a thread, unless one is at it; return how far it is."""
    if "pool" not in _progress:
        _progress["pool"] = Progress(0, total)
        application = current_app._get_current_object()  # type: ignore[attr-defined]
        threading.Thread(target=_warm, args=(application,), name="clearance", daemon=True).start()
    return _progress["pool"]


def _warm(application: Flask) -> None:
    """Make the index in small steps, so that the pages of other people are served in between, and put it in place."""
    try:
        with application.app_context():
            kept = _Kept(build(()), seen=_head())
            present = _present()
            keys = sorted(present)
            for at in range(0, len(keys), _STEP):
                for key, text in _texts(keys[at : at + _STEP]).items():
                    kept.index.add(_document(key, text))
                    kept.versions[key] = present[key]
                db.session.rollback()
                _progress["pool"] = Progress(min(at + _STEP, len(keys)), len(keys))
                time.sleep(_BREATH)
            ranked(kept.index, "预热")  # The first question loads compiled parts: better here than in somebody's visit.
            with _lock:
                _kept["pool"] = kept
            gc.freeze()  # Millions of objects that stay: looking through them for garbage would halt a page now and then.
    except Exception:
        log.exception("the clearance index was not made")
    finally:
        _progress.pop("pool", None)


def _head() -> tuple[int, str]:
    head = db.session.execute(select(AuditHead.sequence, AuditHead.digest)).one_or_none()
    return (head.sequence, head.digest) if head is not None else (0, "")


def _continues(seen: tuple[int, str]) -> bool:
    """Whether the journal still holds the record that was its last; a restored database does not, and is read from new."""
    digest = db.session.scalar(select(AuditRecord.digest).where(AuditRecord.sequence == seen[0]))
    return digest is not None and digest == seen[1]


def _touched(since: int) -> set[int] | None:
    """The patents that something happened to since, as far as the journal names them; None = any of them."""
    telling: list[ColumnElement[bool]] = [AuditRecord.command.startswith(room) for room in _TELLING]
    query = select(AuditRecord.subject_kind, AuditRecord.subject_id).where(AuditRecord.sequence > since, or_(*telling))
    rows = db.session.execute(query.limit(_MOST_TOUCHED)).all()
    if len(rows) == _MOST_TOUCHED or any(row.subject_kind not in _NAMING for row in rows):
        return None
    offers = [row.subject_id for row in rows if row.subject_kind == "pool_offer"]
    named = {row.subject_id for row in rows if row.subject_kind == "patent"}
    return named | set(db.session.scalars(select(PoolOffer.patent_id).where(PoolOffer.id.in_(offers))))


def _present(among: set[int] | None = None) -> dict[int, int]:
    """The version of each pooled patent that is pending or in force, of all or of those asked for."""
    query = select(Patent.id, Patent.version).join(PoolOffer, PoolOffer.patent_id == Patent.id)
    query = query.where(PoolOffer.state == OfferState.ADMITTED, Patent.state.in_(ALIVE)).order_by(Patent.id)
    if among is not None:
        query = query.where(Patent.id.in_(among))
    return {row.id: row.version for row in db.session.execute(query)}


def _follow(kept: _Kept, present: Mapping[int, int], among: set[int] | None = None) -> None:
    """Take out what left the pools or is no right any more, and put in what entered or was written anew."""
    looked_at = kept.versions if among is None else among & kept.versions.keys()
    for key in [key for key in looked_at if key not in present]:
        kept.index.remove(str(key))
        del kept.versions[key]
    wanted = [key for key, version in present.items() if kept.versions.get(key) != version]
    for key, text in _texts(wanted).items():
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
