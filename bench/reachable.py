"""How much of what is wrong could be mended at all by putting a word right: the ceiling of a corrector.

Much of a page's error rate is text that the transcription leaves out, or holds in another order, or that was read
beyond recognition. No corrector mends that, so what one does is also measured against what it could reach.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from documents.correction.alignment import Edit, apply_edits
from documents.correction.base import RawLine
from documents.correction.doubts import all_words
from documents.correction.lexicon import Lexicon, lexicon_for

MISREAD = 0.5
"""Of a word's letters wrong at most: what is farther from the truth is another word beside it, not a misreading."""

BROKEN = 0.35
"""Of a line's characters wrong: nothing on it can be told from what stands around it."""

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


def mended_by_oracle(lines: Sequence[RawLine], languages: Sequence[str], truth: str) -> list[str]:
    """Return the lines with every misread word put right whose true word the language's lexicon has.

    `truth` is one line. Words are compared with the piece of it that is most like their line; numbers, names that no
    list has, signs, and lines that are read beyond recognition stay as they are.
    """
    found = []
    for line, language in zip(lines, languages, strict=True):
        lexicon = lexicon_for(language)
        found.append(apply_edits(line.text, list(_edits(line, lexicon, truth))) if lexicon else line.text)
    return found


def _edits(line: RawLine, lexicon: Lexicon, truth: str) -> Iterator[Edit]:
    words = list(all_words(line, lexicon))
    found = true_words(line.text, truth, [(word.start, word.end) for word in words])
    for word, true in zip(words, found, strict=True) if found is not None else ():
        wrong = Levenshtein.distance(word.text, true)
        if true and 0 < wrong <= MISREAD * max(len(word.text), len(true)) and all(map(lexicon.knows, true.split())):
            yield Edit(word.start, word.end, word.text, true)


def true_words(line: str, truth: str, spans: Sequence[tuple[int, int]]) -> list[str] | None:
    """Return for each span of `line` what `truth` has in its place, without the signs about it; None for a line that is
    read beyond recognition."""
    piece = nearest_piece(line, truth)
    if Levenshtein.distance(line, piece) > BROKEN * len(line):
        return None
    return [_EDGE.sub("", true) for true in pieces_of(line, piece, spans)]


def nearest_piece(line: str, truth: str) -> str:
    """Return the piece of `truth` with the smallest Levenshtein distance to `line` (Sellers, 1980).

    Where a letter at the line's edge is wrong, the piece with another letter there is as near as the one without it,
    and is meant: `Geld` for `Gela`, not `Gel`.
    """
    end = _longest_of_the_nearest(_distances(line, truth, anywhere=True))
    before = truth[max(0, end - 2 * len(line)) : end]
    length = _longest_of_the_nearest(_distances(line[::-1], before[::-1], anywhere=False))
    return truth[end - length : end]


def _longest_of_the_nearest(distances: np.ndarray) -> int:
    """Return the first place of the smallest distance, or the last one of those behind it that have the same."""
    at = int(distances.argmin())
    while at + 1 < len(distances) and distances[at + 1] == distances[at]:
        at += 1
    return at


def _distances(line: str, truth: str, *, anywhere: bool) -> np.ndarray:
    """Return the distance of `line` to the pieces that end at each place of `truth`; they begin anywhere or at 0."""
    text = np.frombuffer(truth.encode("utf-32-le"), dtype=np.uint32)
    places = np.arange(len(text) + 1)
    row = np.zeros(len(text) + 1, dtype=np.int64) if anywhere else places
    for character in line:
        kept = row[:-1] + (text != ord(character))
        best = np.concatenate([[row[0] + 1], np.minimum(kept, row[1:] + 1)])
        row = np.minimum.accumulate(best - places) + places
    return row


def pieces_of(line: str, piece: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return for each span of `line` what `piece` has in its place, whole words where blanks tell where they end."""
    places: dict[int, list[int]] = defaultdict(list)
    for op in Levenshtein.opcodes(line, piece):
        places[op.src_start].append(op.dest_start)
        places[op.src_end].append(op.dest_end)
        for number in range(1, op.src_end - op.src_start):
            places[op.src_start + number].append(op.dest_start + min(number, op.dest_end - op.dest_start))
    return [_between(piece, places[start], places[end]) for start, end in spans]


def _between(piece: str, starts: Sequence[int], ends: Sequence[int]) -> str:
    """Return the piece between two places that are only known to lie in a range; a blank in the range is the edge."""
    blank = piece.rfind(" ", min(starts), max(starts))
    left = min(starts) if blank < 0 else blank + 1
    blank = piece.find(" ", min(ends), max(ends))
    return piece[left : max(ends) if blank < 0 else blank]
