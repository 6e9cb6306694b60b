"""Documents in, a ranking out: the face of the relevance package."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from heapq import nsmallest

import numpy as np

from marketplace.matching.relevance import dictionary
from marketplace.matching.relevance.apart import apart
from marketplace.matching.relevance.combiner import Weights, probability
from marketplace.matching.relevance.evidence import BEST, trust
from marketplace.matching.relevance.glossary import translated
from marketplace.matching.relevance.kernels import Floats, Held, best_three
from marketplace.matching.relevance.meaning import (
    Encoder,
    Encoders,
    Questions,
    Vectors,
    installed_encoders,
    usual_vector,
)
from marketplace.matching.relevance.postings import Postings
from marketplace.matching.relevance.shared import READ, Shared, language
from marketplace.matching.relevance.text import Terms, terms, title_and_body

TRANSLATED = 0.5
"""What a translated word counts beside the word itself: a translation can miss what was meant."""
CERTAIN = 8
"""Power of the share of a question that the glossary covers, beside an encoder: half a term translated (电池 of
钠离子电池) misleads, and the encoder knows better (hit@1 0.70 at power 1, 0.82 at 8, 0.83 without)."""

LISTED = 0.1
"""What the words of a term's meanings in the dictionary count beside the term itself: one of them is meant."""
READING = 0.36
"""What the general encoder's nearness to the question's English reading counts beside E5's to the question itself: 1.5 in the
sum, as chosen in docs/relevance.md, of the 4.19 that `crossing` weighs there."""
_ASKED = 4
"""Questions of which the terms are kept: the same one is put to several indexes in a row."""


@dataclass(frozen=True, slots=True)
class Document:
    """One piece of evidence; `text` is its title, a line break and its body.

    `group` names the team it belongs to; a document without one stands for itself. `kind` ("paper", "patent", …) and
    `year` say what it is and how old.
    """

    id: str
    text: str
    group: str | None = None
    kind: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document or a group and how well it answers: `score` from 0 to 1, comparable between queries.

    `evidence` are the pieces that count, best first; `words` what they have in common with the query, most telling
    first.
    """

    id: str
    score: float
    evidence: tuple[tuple[str, float], ...]
    words: tuple[str, ...]


class Index:
    """What can be found. Adding and removing a document takes effect at once, and equals building anew.

    `year` is the present one: evidence loses weight with its age; without it, age does not count. `encoder` None ranks
    by words alone, one encoder is used for texts of every language; by default whatever is installed is used.
    `weights` are those that an installation has learned from its own judgements.
    """

    def __init__(
        self,
        documents: Iterable[Document] = (),
        *,
        year: int | None = None,
        encoder: Encoder | Encoders | str | None = "installed",
        weights: Weights | None = None,
    ) -> None:
        if isinstance(encoder, str):
            encoder = installed_encoders()
        chosen = encoder if isinstance(encoder, Encoders) else Encoders(encoder)
        self._year = year
        self._weights = weights
        self._documents: dict[str, Document] = {}
        self._slots: dict[str, int] = {}
        self._heads: dict[str, str] = {}
        self._ids: list[str | None] = []
        self._free: list[int] = []
        self._trust = np.zeros(64)
        self._singles, self._pairs = Postings(), Postings()
        general, chinese, english = (
            None if one is None else Questions(one) for one in (chosen.general, chosen.chinese, chosen.english)
        )
        self._meaning = _vectors(general)
        self._sense = {"chinese": _vectors(chinese), "english": _vectors(english)}
        # The encoder for Chinese reads every language, and meets the documents that are in another one than the question.
        self._crossing = {"chinese": self._sense["chinese"], "english": _vectors(chinese)}
        self._language: dict[int, str] = {}
        self._spoken: Counter[str] = Counter()
        self._groups: dict[tuple[str, bool], int] = {}
        self._members: list[set[int]] = []
        self._group_of = np.zeros(64, np.int64)
        for document in documents:
            self.add(document)

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, document: Document) -> None:
        """Put `document` in, in the place of an earlier one of the same id."""
        if document.id in self._documents:
            self.remove(document.id)
        slot = self._free.pop() if self._free else len(self._ids)
        if slot == len(self._ids):
            self._ids.append(None)
            if slot == len(self._trust):
                self._trust = np.concatenate([self._trust, np.zeros(slot)])
                self._group_of = np.concatenate([self._group_of, np.zeros(slot, np.int64)])
        title, body = title_and_body(document.text)
        self._heads[document.id] = f"{title}\n{body}"[:READ]
        found = terms(title, body)
        self._singles.add(slot, found.singles)
        self._pairs.add(slot, found.pairs)
        self._language[slot] = language(title, body)
        self._spoken[self._language[slot]] += 1
        for vectors in self._vectors_of(slot):
            vectors.add(slot, title, body)
        self._trust[slot] = trust(document.kind, document.year, self._year)
        group = self._group(document)
        self._group_of[slot] = group
        self._members[group].add(slot)
        self._ids[slot], self._slots[document.id], self._documents[document.id] = document.id, slot, document

    def remove(self, document_id: str) -> None:
        """Take a document out; KeyError when it is not in."""
        slot = self._slots.pop(document_id)
        del self._heads[document_id]
        self._members[self._group(self._documents.pop(document_id))].remove(slot)
        self._singles.remove(slot)
        self._pairs.remove(slot)
        self._spoken[self._language[slot]] -= 1
        for vectors in self._vectors_of(slot):
            vectors.remove(slot)
        self._ids[slot] = None
        self._free.append(slot)

    def rank(self, text: str, top: int = 20, *, why: bool = True) -> list[Ranked]:
        """Return the `top` documents, or groups where documents carry one, that answer `text` best (0 = all).

        Equal scores stand in the order of their ids, so that the same question has the same answer. Without `why` the
        shared words are left out, which saves most of the time of a long list.
        """
        if not self._documents:
            return []
        scores = self._scores(*_question(text))
        names = list(self._groups)
        ranked = []
        for score, group in self._best_groups(scores, top):
            members = self._members[group]
            # A document without a group is a group of one, and most lists are of such.
            one = len(members) == 1
            slots = list(members) if one else nsmallest(BEST, members, key=lambda at: (-scores[at], self._ids[at]))
            evidence = tuple((self._ids[slot] or "", float(scores[slot])) for slot in slots)
            ranked.append(Ranked(names[group][0], score, evidence, ()))
        return self.explained(text, ranked) if why else ranked

    def measured(self, text: str, ids: Iterable[str]) -> list[Ranked]:
        """Return how well each of these documents answers `text`, whatever their groups; ids not in are passed over."""
        scores = self._scores(*_question(text))
        known = [(one, float(scores[self._slots[one]])) for one in ids if one in self._slots]
        return self.explained(text, [Ranked(one, score, ((one, score),), ()) for one, score in known])

    def explained(self, text: str, ranked: Iterable[Ranked]) -> list[Ranked]:
        """Return `ranked`, which this index gave for `text`, each with the words that its evidence shares with it."""
        ranked = list(ranked)
        answers = [[self._heads[key] for key, score in one.evidence if score > 0] for one in ranked]
        words = self._shared(_question(text)[2]).words(answers)
        return [replace(one, words=told) for one, told in zip(ranked, words, strict=True)]

    def parts(self, text: str) -> tuple[list[str], dict[str, Floats]]:
        """Return the ids of all documents and, by name, the parts of the score of each of them."""
        alive = np.array(sorted(self._slots.values()), np.int64)
        parts = self._parts(*_question(text))
        return [self._ids[slot] or "" for slot in alive.tolist()], {name: part[alive] for name, part in parts.items()}

    def _parts(self, title: str, body: str, wanted: Terms) -> dict[str, Floats]:
        documents, slots = len(self._documents), len(self._ids)
        own = language(title, body)
        sense = self._sense[own]
        # Begun first, because they take longest: what a second core has not begun when it is needed is done here.
        begin = apart if sense is not None and sense.slow(title, body) else _when_asked
        sensed = None if sense is None else begin(partial(sense.score, title, body, slots))
        singles = begin(partial(self._singles.score, wanted.singles, documents, slots))
        pairs = begin(partial(self._pairs.score, wanted.pairs, documents, slots))
        foreign, covered = self._foreign(title, body)
        parts = {} if self._meaning is None else {"meaning": self._meaning.score(title, body, slots)}
        crossing = self._crossing["english" if own == "chinese" else "chinese"]
        heard = self._reading(title, own, crossing.held(slots)) if crossing else None
        for name, postings, asked, found in (
            ("singles", self._singles, singles, foreign.singles),
            ("pairs", self._pairs, pairs, foreign.pairs),
        ):
            parts[name] = asked()
            if found:
                # A document is in one language: the better of the two readings is the one that was meant.
                np.maximum(parts[name], covered * postings.score(found, documents, slots), out=parts[name])
        if sensed is not None:
            parts[own] = sensed()
        if crossing:
            parts["crossing"] = crossing.score(title, body, slots, usual=usual_vector(own))
            if heard is not None:
                parts["crossing"] += READING * heard
        return parts

    def _reading(self, title: str, own: str, english: Held) -> Floats | None:
        """Return how near the question's English reading is to the `english` documents, 0 to others; None without one."""
        known = self._dictionary(own)
        reading = known.reading(title) if known and self._meaning else ""
        if not reading or self._meaning is None:
            return None
        return np.nan_to_num(self._meaning.score(reading, "", len(english), among=english))

    def _dictionary(self, own: str) -> dictionary.Dictionary | None:
        """Return the dictionary where it has something to say: to a Chinese question that meets English documents."""
        return dictionary.installed() if own == "chinese" and self._spoken["english"] else None

    def _vectors_of(self, slot: int) -> list[Vectors]:
        """Return where the document in `slot` has a vector: with what reads every language, its own, or it from outside."""
        language = self._language[slot]
        found = (self._meaning, self._sense[language], self._crossing[language] if language == "english" else None)
        return [one for one in found if one is not None]

    def _foreign(self, title: str, body: str) -> tuple[Terms, float]:
        """Return the terms of the question in the other language, as far as known, and what they count."""
        found, covered = _translation(title, body)
        listed = self._dictionary(language(title, body)) if covered < 1 else None
        meanings = listed.meanings(title) if listed else ()
        if meanings:
            return terms(" , ".join(meanings), "", question=True), LISTED
        return found, TRANSLATED * covered ** (1 if self._meaning is None else CERTAIN)

    def _scores(self, title: str, body: str, wanted: Terms) -> Floats:
        """Return the score of each slot; -1 for a free one."""
        scores = probability(self._parts(title, body, wanted), self._weights) * self._trust[: len(self._ids)]
        scores[self._free] = -1.0
        return scores

    def _best_groups(self, scores: Floats, top: int) -> list[tuple[float, int]]:
        """Return `(score, group)` of the best groups, best first, in the order of their names where scores tie."""
        best = np.empty((len(self._groups), BEST))
        best_three(scores, self._group_of[: len(scores)], best)
        means = np.where(best >= 0, best, 0).sum(axis=1) / np.maximum(1, (best >= 0).sum(axis=1))
        means[best[:, 0] < 0] = -1.0
        least = 0.0
        if 0 < top < len(means):
            least = max(least, float(np.partition(means, len(means) - top)[len(means) - top]))
        chosen = np.flatnonzero(means >= least).tolist()
        names = list(self._groups)
        chosen.sort(key=lambda group: (-means[group], names[group]))
        return [(float(means[group]), group) for group in (chosen[:top] if top else chosen)]

    def _shared(self, wanted: Terms) -> Shared:
        """Return what finds the words that documents have in common with the question."""

        def worth(term: str) -> float:
            postings = self._pairs if term in wanted.pairs else self._singles
            return postings.worth(term, len(self._documents))

        return Shared(wanted, worth)

    def _group(self, document: Document) -> int:
        """Return the number of the group of `document`; a document without one is a group of its own."""
        name = (document.group if document.group is not None else document.id, document.group is not None)
        number = self._groups.setdefault(name, len(self._groups))
        if number == len(self._members):
            self._members.append(set())
        return number


@lru_cache(maxsize=_ASKED)
def _question(text: str) -> tuple[str, str, Terms]:
    """Return the title, the body and the terms of a question."""
    title, body = title_and_body(text)
    return title, body, terms(title, body, question=True)


@lru_cache(maxsize=_ASKED)
def _translation(title: str, body: str) -> tuple[Terms, float]:
    """Return the terms of a question in the other language, and the share of it that the glossary covers."""
    (title, of_title), (body, of_body) = translated(title), translated(body)
    return terms(title, body, question=True), max(of_title, of_body)


def _when_asked(work: Callable[[], Floats]) -> Callable[[], Floats]:
    """Return `work` itself: what is quick is not worth another thread."""
    return work


def _vectors(questions: Questions | None) -> Vectors | None:
    return None if questions is None else Vectors(questions)
