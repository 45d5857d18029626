"""What a transcription says in the place of each word that was read, line by line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

SURE, ALMOST_SAME = 75, 90
"""Per cent of likeness from which a line is taken for a part of the transcription, wherever it stands there; and for
short lines or such as stand in no order."""

SHORT = 6  # characters; what is shorter is found anywhere
TOKEN = re.compile(r"\S+")
_SAME = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "¬": "-", "：": ":",
})  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Words of a line, by their numbers, and what stands there; several where blanks are read or lost."""

    words: tuple[int, ...]
    text: str


def in_one_line(text: str) -> str:
    """Return the transcription with single blanks, its letters composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def said_alike(text: str, truth: str, *, in_capitals: bool = False) -> bool:
    """Return whether both say the same to a person: the shapes of quotation marks and dashes and blanks before a stop
    and beside dashes without letters make no difference, nor do capitals where the transcription has no others."""
    return _plain(text, in_capitals) == _plain(truth, in_capitals)


def _plain(text: str, in_capitals: bool) -> str:
    text = re.sub(r"\s+([,.;:!?%)\]])", r"\1", text.translate(_SAME).replace("…", "..."))
    if not any(map(str.isalpha, text)):
        text = re.sub(r"\s*-\s*", "-", text)
    return text.casefold() if in_capitals else text


def parts_of(lines: Sequence[str], truth: str) -> list[str | None]:
    """Return which part of the transcription each line is, None where that cannot be told.

    Lines are found by likeness, wherever they stand there, capitals or not. One that is too badly read for that, but
    stands between two that follow each other with a gap of its size, is what fills the gap.
    """
    lines, small = [line.lower() for line in lines], truth.lower()
    found = [_like(line, small, SURE) if len(line) >= SHORT else None for line in lines]
    parts = []
    for number, line in enumerate(lines):
        span = found[number] or _gap(found, number, len(line), len(truth)) or _like(line, small, ALMOST_SAME)
        parts.append(_widened(span, truth) if span else None)
    return parts


Span = tuple[int, int]


def _like(line: str, truth: str, least: float) -> Span | None:
    found = fuzz.partial_ratio_alignment(line, truth) if len(line) > 1 else None
    return (found.dest_start, found.dest_end) if found and found.score >= least else None


def _gap(found: Sequence[Span | None], number: int, length: int, end: int) -> Span | None:
    before = found[number - 1] if number else (0, 0)
    after = found[number + 1] if number + 1 < len(found) else (end, end)
    if before and after and 0.4 * length <= after[0] - before[1] <= 2.5 * length + 3:
        return before[1], after[0]
    return None


def _widened(span: Span, truth: str) -> str:
    start, end = span
    while start and not truth[start - 1].isspace():
        start -= 1
    while end < len(truth) and not truth[end].isspace():
        end += 1
    return truth[start:end]


def groups_of(line: str, part: str) -> list[Group]:
    """Return what stands in the place of each word of the line, in their order; "" for nothing.

    Letters are aligned; a word and one of the transcription belong together when half of the shorter one lies in the
    other.
    """
    words = [found.span() for found in TOKEN.finditer(line)]
    truths = [found.span() for found in TOKEN.finditer(part)]
    shared: dict[tuple[int, int], float] = {}
    for op in Levenshtein.opcodes(line.lower(), part.lower()):
        if op.tag in ("equal", "replace"):
            pairs = zip(range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=op.tag == "equal")
            for here, there in pairs:
                key = _number_at(words, here), _number_at(truths, there)
                if None not in key:
                    shared[key] = shared.get(key, 0) + (1 if op.tag == "equal" else 0.5)
    return _together(words, truths, part, shared)


def _number_at(spans: Sequence[Span], at: int) -> int | None:
    return next((number for number, (start, end) in enumerate(spans) if start <= at < end), None)


def _together(words: Sequence[Span], truths: Sequence[Span], part: str, shared: dict) -> list[Group]:
    members = [({word}, set[int]()) for word in range(len(words))]
    of_truth: dict[int, int] = {}
    for (word, truth), count in sorted(shared.items(), key=lambda item: -item[1]):
        shorter = min(end - start for start, end in (words[word], truths[truth]))
        if count < max(1, shorter / 2):
            continue
        here = next(number for number, (ours, _theirs) in enumerate(members) if word in ours)
        there = of_truth.get(truth, here)
        if there != here:
            members[there][0].update(members[here][0])
            members[there][1].update(members[here][1])
            of_truth |= dict.fromkeys(members[here][1], there)
            members[here] = (set(), set())
        members[there][1].add(truth)
        of_truth[truth] = there
    return sorted(
        (
            Group(tuple(sorted(ours)), " ".join(part[slice(*truths[truth])] for truth in sorted(theirs)))
            for ours, theirs in members
            if ours
        ),
        key=lambda group: group.words,
    )
