"""Finding: what a reader may see of what was asked, best first. What they may not see is neither shown nor counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import load_only

from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.search import fulltext
from marketplace.search.asking import Phrase, Word, asked, begun, pieces
from marketplace.search.kinds import KINDS
from marketplace.search.models import SearchEntry
from marketplace.search.sentences import Telling, telling
from marketplace.search.terms import Search

SUGGESTED = 8
SHARE = 0.6
"""Share of a question's pieces that a text must hold to be shown when none holds every word."""
LEAST_WORDS = 3
"""Telling words from which on a question is a sentence, of which some words may be left out."""
BEST = 5
FEW, TOLD_BY = 5, 8
"""A word tells something when it stands in a few texts, or in no more than one of so many."""
MOST_COUNTED = 2_000
"""Texts that are counted: a word that so many hold is common enough to be left out, and nobody waits for the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds: a query of entries, how many of each kind, and whether they only hold most of the words.

    ``instead`` are the words of a sentence that were looked for because nothing holds most of it.
    """

    words: tuple[Word, ...]
    entries: Select[SearchEntry]
    counts: dict[str, int]
    nearly: bool
    instead: tuple[str, ...] = ()


def find(actor: Actor, wanted: Search) -> Found | None:
    """Return what ``wanted`` finds; None when it holds nothing to look for.

    ``counts`` do not know the limit to one kind, so that each kind's number can be shown beside it.
    """
    words = asked(wanted.text)
    if not words:
        return None
    narrow = [_visible(actor), *_limits(wanted)]
    instead: tuple[str, ...] = ()
    for nearly in (False, True):
        holds, order = _nearly(words) if nearly else _holding(words)
        counts = _counts([holds, *narrow])
        if counts:
            break
    else:
        if best := _best(wanted.text, narrow):
            nearly, words, instead = False, tuple(one.word for one, _weight in best), tuple(one.text for one, _ in best)
            holds, order = _telling(best)
            counts = _counts([holds, *narrow])
    limits = [holds, *narrow]
    query = select(SearchEntry).where(*limits)
    if wanted.kind is not None:
        query = query.where(SearchEntry.kind == wanted.kind)
    shown = load_only(*(getattr(SearchEntry, name) for name in _SHOWN))
    entries = query.options(shown).order_by(*order, SearchEntry.at.desc(), SearchEntry.id.desc())
    return Found(words, entries, counts, nearly, instead)


def suggest(actor: Actor, text: str) -> tuple[tuple[Word, ...], Sequence[SearchEntry]]:
    """Return a few subjects whose title holds what is being typed, newest first."""
    words = begun(text)
    if not words:
        return (), ()
    titles = [_has(SearchEntry.compared_title, word.typed) for word in words]
    query = (
        select(SearchEntry)
        .where(_proposed(words), *titles, _visible(actor))
        .options(load_only(*(getattr(SearchEntry, name) for name in _SHOWN)))
        .order_by(SearchEntry.at.desc(), SearchEntry.id.desc())
        .limit(SUGGESTED)
    )
    return words, db.session.scalars(query).all()


def alliances() -> list[Alliance]:
    """Return the alliances for the filter; their names are public."""
    return list(db.session.scalars(select(Alliance).order_by(Alliance.id)))


_SHOWN = ("kind", "subject_id", "title", "title_en", "body", "field", "alliance_id", "at")


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Each kind's own rule of who may see what."""
    clauses = []
    for kind in KINDS.values():
        seen = kind.visible(actor).subquery()
        clauses.append(and_(SearchEntry.kind == kind.name, SearchEntry.subject_id.in_(select(seen.c.id))))
    return or_(*clauses)


def _limits(wanted: Search) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if wanted.field is not None:
        limits.append(SearchEntry.field == wanted.field)
    if wanted.alliance_id is not None:
        limits.append(SearchEntry.alliance_id == wanted.alliance_id)
    return limits


def _counts(limits: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    rows = db.session.execute(
        select(SearchEntry.kind, func.count().label("found")).where(*limits).group_by(SearchEntry.kind)
    )
    return {row.kind: row.found for row in rows}


def _holding(words: tuple[Word, ...]) -> tuple[ColumnElement[bool], list[Any]]:
    """Every word, itself or a synonym; more typed words in the title come first, then more of them anywhere."""
    holds = [or_(*(_has(SearchEntry.compared, phrase) for phrase in word.options)) for word in words]
    title = [_one(_has(SearchEntry.compared_title, word.typed)) for word in words]
    other = [_one(or_(*(_has(SearchEntry.compared_title, phrase) for phrase in word.options))) for word in words]
    body = [_one(_has(SearchEntry.compared, word.typed)) for word in words]
    return and_(_proposed(words), *holds), [(3 * _sum(title) + 2 * _sum(other) + _sum(body)).desc()]


def _nearly(words: tuple[Word, ...]) -> tuple[ColumnElement[bool], list[Any]]:
    """Most of the pieces of what was typed, those with most of them first."""
    parts = pieces(words)
    options = [[phrase.tokens] for phrase in parts]
    proposed = fulltext.proposed(SearchEntry.id, SearchEntry.tokens, options, every=False)  # type: ignore[arg-type]
    held = _sum([_one(_has(SearchEntry.compared, phrase)) for phrase in parts])
    title = _sum([_one(_has(SearchEntry.compared_title, phrase)) for phrase in parts])
    least = max(1, -int(-SHARE * len(parts) // 1))
    return and_(proposed, held >= least), [(2 * held + title).desc()]


def _best(text: str, narrow: Sequence[ColumnElement[bool]]) -> list[tuple[Telling, int]]:
    """Return the telling words of a sentence with their weights, the heaviest first: those of them that not many texts hold.

    Only what the reader may see is counted, so that the choice tells of nothing hidden.
    """
    words = telling(text)
    if len([one for one in words if not any(_within(one, other) for other in words)]) < LEAST_WORDS:
        return []
    every, *seen = db.session.execute(
        select(_number(*narrow), *(_number(_proposed((one.word,)), *narrow) for one in words))
    ).one()
    common = max(FEW, every // TOLD_BY)
    rare = [(one, number) for one, number in zip(words, seen, strict=True) if 0 < number <= common]
    weighed = [(one, round(one.counts * log2(1 + every / number))) for one, number in rare]
    whole = [(one, weight) for one, weight in weighed if not any(_within(one, other) for other, _ in weighed)]
    return sorted(whole, key=lambda pair: -pair[1])[:BEST]


def _number(*limits: ColumnElement[bool]) -> Any:
    some = select(SearchEntry.id).where(*limits).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _within(one: Telling, other: Telling) -> bool:
    return one is not other and one.text in other.text


def _telling(best: Sequence[tuple[Telling, int]]) -> tuple[ColumnElement[bool], list[Any]]:
    """Half the weight of the best words, or the heaviest of them alone."""
    options = [[phrase.tokens for phrase in one.word.options] for one, _weight in best]
    proposed = fulltext.proposed(SearchEntry.id, SearchEntry.tokens, options, every=False)  # type: ignore[arg-type]
    held = _sum([_weighed(SearchEntry.compared, one.word, weight) for one, weight in best])
    title = _sum([_weighed(SearchEntry.compared_title, one.word, weight) for one, weight in best])
    weights = [weight for _one, weight in best]
    return and_(proposed, held >= min(sum(weights) // 2, max(weights))), [(2 * held + title).desc()]


def _weighed(place: Any, word: Word, weight: int) -> ColumnElement[int]:
    return case((or_(*(_has(place, phrase) for phrase in word.options)), weight), else_=0)


def _proposed(words: tuple[Word, ...]) -> Any:
    options = [[phrase.tokens for phrase in word.options] for word in words]
    return fulltext.proposed(SearchEntry.id, SearchEntry.tokens, options)  # type: ignore[arg-type]


def _has(place: Any, phrase: Phrase) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = place.like(phrase.pattern)
    return clause


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _sum(parts: Sequence[ColumnElement[int]]) -> ColumnElement[int]:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def widened(wanted: Search) -> Search:
    """Return the same question without its limits, for who found nothing."""
    return replace(wanted, kind=None, field=None, alliance_id=None)
