"""Words that a misread word may have been: made by undoing misreadings, kept when the lexicon has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from documents.correction import confusions
from documents.correction.lexicon import Lexicon

LONGEST = 24  # characters; nothing that is longer is one word
# Half of a word that is cut in two: short ones have to be as frequent as `of` and `in`, or every word falls apart.
SHORT, SHORT_ZIPF = 3, 5.5
MOST_COST = 9.0  # nats: two likely confusions


def spellings(word: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the words of the lexicon that may have been read as `word`, in lower case, with the misreading's cost.

    Up to two likely confusions, or one other slip of a letter, or a lost space; in a word with digits these alone are
    undone. `word` itself is not among them.
    """
    read = word.casefold()
    if not 1 < len(read) <= LONGEST:
        return {}
    most = most_cost(read)
    found: dict[str, float] = {}
    for true, cost in _misread(read, lexicon):
        if true != read and cost <= most and cost < found.get(true, most + 1) and _is_there(true, lexicon):
            found[true] = cost
    return found


def most_cost(read: str) -> float:
    """Return how much a misreading as `read` may cost: two likely confusions, or one for each digit in it."""
    return sum(map(str.isdigit, read)) * confusions.LIKELY or MOST_COST


def _misread(read: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    yield from _confused(read)
    yield from _slipped(read, lexicon.alphabet)
    yield from _run_together(read)


def _confused(read: str) -> Iterator[tuple[str, float]]:
    """Yield `read` with one or two likely confusions undone."""
    options = confusions.lookalikes(read)
    for start, end, true, cost in options:
        once = read[:start] + true + read[end:]
        yield once, cost
        for second, stop, other, more in options:
            if second >= end:
                moved = len(once) - len(read)
                yield once[: second + moved] + other + once[stop + moved :], cost + more


def _slipped(read: str, alphabet: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield `read` with one letter taken out, swapped, replaced or put in."""
    for at in range(len(read)):
        rest = read[at + 1 :]
        yield read[:at] + rest, confusions.added_cost(read, at)
        if rest:
            yield read[:at] + rest[0] + read[at] + rest[1:], confusions.SWAPPED
        for letter in alphabet:
            yield read[:at] + letter + rest, confusions.substitution_cost(read[at], letter)
    for at in range(len(read) + 1):
        for letter in alphabet:
            true = read[:at] + letter + read[at:]
            yield true, confusions.lost_cost(true, at)


def _run_together(read: str) -> Iterator[tuple[str, float]]:
    for at in range(1, len(read)):
        yield f"{read[:at]} {read[at:]}", confusions.SPACE_LOST


def _is_there(true: str, lexicon: Lexicon) -> bool:
    halves = true.split(" ")
    if len(halves) == 1:
        return true.isalpha() and lexicon.knows(true)
    return all(lexicon.knows(half) and (len(half) > SHORT or lexicon.zipf(half) >= SHORT_ZIPF) for half in halves)
