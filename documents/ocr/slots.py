"""Two readings of one line, side by side: which words of one stand in the place of which words of the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rapidfuzz.distance import Levenshtein

from .base import Word


@dataclass(frozen=True)
class Slot:
    """The same place in two readings. Either side may be empty, or have more words: engines lose and add blanks."""

    ours: tuple[Word, ...]
    theirs: tuple[Word, ...]

    @property
    def agrees(self) -> bool:
        """Whether both read the same words."""
        return text_of(self.ours) == text_of(self.theirs)


def text_of(words: Sequence[Word]) -> str:
    """Return the words joined by blanks."""
    return " ".join(word.text for word in words)


def slots_of(ours: Sequence[Word], theirs: Sequence[Word]) -> list[Slot]:
    """Return the line's places from left to right; together they hold all words of both sides, in order.

    The characters are aligned, without blanks, and cut wherever both sides have the edge of a word.
    """
    cuts = [(0, 0), *_common_edges(ours, theirs)]
    return [Slot(tuple(ours[a:b]), tuple(theirs[c:d])) for (a, c), (b, d) in pairwise(cuts)]


def _common_edges(ours: Sequence[Word], theirs: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the pairs of word counts that both sides have behind them at an edge which they share, the end last."""
    left, right = _edges(ours), _edges(theirs)
    found: list[tuple[int, int]] = []
    for a, b in _path("".join(word.text for word in ours), "".join(word.text for word in theirs)):
        if a in left and b in right and (a, b) != (0, 0):
            found.append((left[a], right[b]))
    end = (len(ours), len(theirs))
    return found if found and found[-1] == end else [*found, end]


def _edges(words: Sequence[Word]) -> dict[int, int]:
    """Return, for the number of characters up to each word's end, the number of words up to there."""
    ends = accumulate((len(word.text) for word in words), initial=0)
    return {end: count for count, end in enumerate(ends)}


def _path(left: str, right: str) -> Iterator[tuple[int, int]]:
    """Yield the pairs of positions that the cheapest way from `left` to `right` goes through, from (0, 0) on."""
    yield 0, 0
    for op in Levenshtein.opcodes(left, right):
        rows, columns = op.src_end - op.src_start, op.dest_end - op.dest_start
        for step in range(1, max(rows, columns) + 1):
            yield op.src_start + min(step, rows), op.dest_start + min(step, columns)
