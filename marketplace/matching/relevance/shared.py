"""The words that a question and its answer have in common, for people to read."""

from collections.abc import Callable

from marketplace.matching.relevance.text import Terms, runs, stem

MOST_WORDS = 8
READ = 400
"""Characters of an answer that are searched for shared words: what is shown must be quick, not complete."""


def shared_words(question: Terms, answers: list[str], worth: Callable[[str], float]) -> tuple[str, ...]:
    """Return the longest pieces of the normalised `answers` whose terms are in `question`, most telling first.

    `worth` says what a term is worth; a piece is worth the sum of its terms. No piece stands inside another one.
    """
    found: dict[str, float] = {}
    worths: dict[str, float] = {}
    for answer in answers:
        for piece, terms in _pieces(question, answer[:READ]):
            if piece not in found:
                for term in terms:
                    if term not in worths:
                        worths[term] = worth(term)
                found[piece] = sum(worths[term] for term in terms)
    told: list[str] = []
    for piece in sorted(found, key=lambda piece: (-found[piece], piece)):
        if found[piece] > 0 and not any(piece in longer for longer in told):
            told.append(piece)
            if len(told) == MOST_WORDS:
                break
    return tuple(told)


def _pieces(question: Terms, answer: str) -> list[tuple[str, list[str]]]:
    """Return the stretches of neighbouring terms of `answer` that are in `question`, each with its terms."""
    pieces: list[tuple[str, list[str]]] = []
    words: list[str] = []
    for chinese, run in runs(answer):
        if not chinese and stem(run) in question.singles:
            words.append(run)
            continue
        _close(words, pieces)
        if chinese:
            pieces += _chinese_pieces(question, run)
    _close(words, pieces)
    return pieces


def _close(words: list[str], pieces: list[tuple[str, list[str]]]) -> None:
    if words:
        pieces.append((" ".join(words), [stem(word) for word in words]))
        words.clear()


def _chinese_pieces(question: Terms, run: str) -> list[tuple[str, list[str]]]:
    pieces: list[tuple[str, list[str]]] = []
    pairs: list[str] = []
    for pair in map(str.__add__, run, run[1:]):
        if pair in question.pairs:
            pairs.append(pair)
        elif pairs:
            pieces.append((pairs[0] + "".join(later[1] for later in pairs[1:]), pairs))
            pairs = []
    if pairs:
        pieces.append((pairs[0] + "".join(later[1] for later in pairs[1:]), pairs))
    return pieces
