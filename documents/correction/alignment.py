"""Where two wordings of one line differ, in whole words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

_WORD = re.compile(r"\S+")
ALIKE = 0.5  # words that share half of their characters are one word read in two ways (design figure)


@dataclass(frozen=True)
class Edit:
    """raw[start:end] == before becomes `after`. An insertion has start == end."""

    start: int
    end: int
    before: str
    after: str


def edits_between(raw: str, candidate: str) -> list[Edit]:
    """Return the differing word groups from left to right; differences in white space alone are none.

    apply_edits(raw, all of them) holds the candidate's words with the raw line's own spaces.
    """
    ours, theirs = list(_WORD.finditer(raw)), list(_WORD.finditer(candidate))
    left, right = [word.group() for word in ours], [word.group() for word in theirs]
    return [
        _edit(raw, candidate, ours[a:b], theirs[c:d], ours[a - 1].end() if a else 0)
        for a, b, c, d in _groups(left, right)
    ]


def apply_edits(raw: str, edits: Sequence[Edit]) -> str:
    """Return `raw` with `edits` made; they must not overlap, in any order."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        raw = raw[: edit.start] + edit.after + raw[edit.end :]
    return raw


def _edit(raw: str, candidate: str, ours: list[re.Match[str]], theirs: list[re.Match[str]], gap: int) -> Edit:
    """Return one group's edit. `gap` is the end of the word before it: where something is put in or taken out."""
    after = candidate[theirs[0].start() : theirs[-1].end()] if theirs else ""
    if not ours:
        return Edit(gap, gap, "", f" {after}" if gap else f"{after} ")
    start = ours[0].start() if after else min(gap, ours[0].start())
    return Edit(start, ours[-1].end(), raw[start : ours[-1].end()], after)


def _groups(left: list[str], right: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the index ranges (left from, to, right from, to) of neighbouring differences."""
    runs: list[tuple[int, int, int, int]] = []
    for op in Levenshtein.opcodes(left, right):
        if op.tag == "equal":
            continue
        if runs and runs[-1][1] == op.src_start and runs[-1][3] == op.dest_start:
            runs[-1] = (runs[-1][0], op.src_end, runs[-1][2], op.dest_end)
        else:
            runs.append((op.src_start, op.src_end, op.dest_start, op.dest_end))
    for a, b, c, d in runs:
        yield from _pairs(left, right, a, b, c, d)


def _pairs(left: list[str], right: list[str], a: int, b: int, c: int, d: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield word for word when each word of a group has its like at the same place, else the whole group."""
    pairs = list(zip(range(a, b), range(c, d)))
    if b - a == d - c and all(Levenshtein.normalized_similarity(left[i], right[j]) >= ALIKE for i, j in pairs):
        yield from ((i, i + 1, j, j + 1) for i, j in pairs)
    else:
        yield a, b, c, d
