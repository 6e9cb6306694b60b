"""The words that a question and its answer have in common, for people to read."""

from collections.abc import Callable

from marketplace.matching.relevance.text import Terms, runs, stem

MOST_WORDS = 8
_READ = 2_000
"""Characters of an answer that are searched for shared words: what is shown must be quick, not complete."""


def shared_words(question: Terms, answers: list[str], worth: Callable[[str], float]) -> tuple[str, ...]:
    """Return the longest pieces of the normalised `answers` whose terms are in `question`, most telling first.

    `worth` says what a term is worth; a piece is worth the sum of its terms. No piece stands inside another one.
    """
    found: dict[str, float] = {}
    for answer in answers:
        for piece, terms in _pieces(question, answer[:_READ]):
            if piece not in found:
                found[piece] = sum(worth(term) for term in terms)
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
    start: int | None = None
    for at in range(len(run)):
        if at + 1 < len(run) and run[at : at + 2] in question.pairs:
            start = at if start is None else start
        elif start is not None:
            pieces.append((run[start : at + 1], [run[i : i + 2] for i in range(start, at)]))
            start = None
    return pieces
