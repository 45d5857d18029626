"""Words that a misread word may have been: made by undoing misreadings, kept when the lexicon has them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz.distance import Levenshtein

from documents.correction import confusions
from documents.correction.lexicon import KNOWN_ZIPF, RARE_ZIPF, SHORTEST_PART, Lexicon

LONGEST = 24  # characters; nothing that is longer is one word
LONGEST_RUN = 40  # characters of several words that were read as one
# Half of a word that is cut in two: short ones have to be as frequent as `of` and `in`, or every word falls apart.
SHORT, SHORT_ZIPF = 3, 5.5
MOST_COST = 9.0  # nats: two likely confusions
# A long word that was misread in several places still has few words like it.
NEAR_FROM, NEAR_SLIPS, LONG, LONG_SLIPS = 5, 2, 8, 3  # letters, slips
NEAR_LOOKED_AT, NEAR_KEPT, NEAR_COST = 40, 12, 18.0  # words, words, nats
NATS = math.log(10)  # per unit of Zipf's scale
USUAL_ZIPF = 4.0  # of a word that may stand in the place of another one


def spellings(word: str, lexicon: Lexicon, *, rare: bool = False) -> dict[str, float]:
    """Return the words of the lexicon that may have been read as `word`, in lower case, with the misreading's cost.

    Up to two likely confusions, one other slip of a letter, or a lost space; in a word with digits these alone are
    undone. `rare` adds words that are too rare to be known, several lost spaces, two or three slips of any kind in a
    long word, and compounds. `word` itself is not among them.
    """
    read = word.casefold()
    if not 1 < len(read) <= LONGEST_RUN:
        return {}
    most, least = most_cost(read), RARE_ZIPF if rare else KNOWN_ZIPF
    found: dict[str, float] = {}
    for true, cost in _misread(read, lexicon):
        if true != read and cost <= most and cost < found.get(true, most + 1) and _is_there(true, lexicon, least):
            found[true] = cost
    return dict(_farther(read, lexicon, found)) | found if rare and read.isalpha() else found


def _farther(read: str, lexicon: Lexicon, found: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield what is farther from `read` than `found`."""
    yield from _near(read, lexicon)
    yield from _many_run_together(read, lexicon)
    if lexicon.makes_compounds and not found:
        yield from _compounds(read, lexicon)


def other_words(word: str, lexicon: Lexicon) -> dict[str, float]:
    """Return the usual words that may have been read as the known word `word`: one confusion or one letter off."""
    read = word.casefold()
    found: dict[str, float] = {}
    for true, cost in (*_confused_once(read), *_slipped(read, lexicon.alphabet)):
        if true != read and cost <= found.get(true, MOST_COST) and lexicon.zipf(true) >= USUAL_ZIPF:
            found[true] = cost
    return found


def most_cost(read: str) -> float:
    """Return how much a misreading as `read` may cost: two likely confusions, or one for each digit in it."""
    return sum(map(str.isdigit, read)) * confusions.LIKELY or MOST_COST


def _misread(read: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    if len(read) <= LONGEST:
        yield from _confused(read)
        yield from _slipped(read, lexicon.alphabet)
    yield from _run_together(read)


def _confused_once(read: str) -> Iterator[tuple[str, float]]:
    """Yield `read` with one likely confusion undone."""
    for start, end, true, cost in confusions.lookalikes(read):
        yield read[:start] + true + read[end:], cost


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


def _many_run_together(read: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield `read` cut into the fewest words: `prisonerwasthenindicted`."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(read) + 1):
        cuts = [
            (*best[start], read[start:end])
            for start in range(max(0, end - LONGEST), end)
            if best[start] is not None and _is_half(read[start:end], lexicon)
        ]
        best.append(min(cuts, key=lambda words: (len(words), -sum(map(lexicon.zipf, words))), default=None))
    if best[-1] and len(best[-1]) > 2:
        yield " ".join(best[-1]), confusions.SPACE_LOST * (len(best[-1]) - 1)


def _near(read: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield the words of the lexicon that are nearest to a long word, frequent ones first."""
    if not NEAR_FROM <= len(read) <= LONGEST:
        return
    slips = LONG_SLIPS if len(read) >= LONG else NEAR_SLIPS
    like = lexicon.near(read, slips, NEAR_LOOKED_AT)
    like.sort(key=lambda word: Levenshtein.distance(read, word) * confusions.DOUBLED - NATS * lexicon.zipf(word))
    for word in like[:NEAR_KEPT]:
        cost = confusions.misreading_cost(read, word)
        if cost <= NEAR_COST:
            yield word, cost


def _compounds(read: str, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    """Yield two words joined, one of them as it was read and the other misread in one place."""
    for at in range(SHORTEST_PART, len(read) - SHORTEST_PART + 1):
        head, tail = read[:at], read[at:]
        if lexicon.knows(head):
            yield from ((head + true, cost) for true, cost in _confused_once(tail) if lexicon.knows(true))
        if lexicon.knows(tail):
            yield from ((true + tail, cost) for true, cost in _confused_once(head) if lexicon.knows(true))


def _is_there(true: str, lexicon: Lexicon, least: float) -> bool:
    halves = true.split(" ")
    if len(halves) == 1:
        return true.isalpha() and lexicon.has(true, least)
    return all(_is_half(half, lexicon) for half in halves)


def _is_half(half: str, lexicon: Lexicon) -> bool:
    return lexicon.knows(half) and (len(half) > SHORT or lexicon.zipf(half) >= SHORT_ZIPF)
