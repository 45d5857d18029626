"""Words put in their places on the scan, also where a person or the model worded the line anew."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import Levenshtein

from documents.export.base import Box, ExportLine, ExportWord, around, writable

TALL = 1.5
"""A line this much taller than wide runs up or down the page (the same figure as for reading)."""

STRIP = 0.5
"""A line that a person added has no place: it gets a strip this high, in line heights, below the line above it."""

_TOKEN = re.compile(r"\S+")
_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class _Place:
    """The place of one character, and the number of the word that it came from, None where nobody read it there."""

    box: Box
    word: int | None
    confidence: float | None


def is_tall(text: str, box: Box) -> bool:
    """Whether the text in this box runs up or down the page."""
    left, top, right, bottom = box
    return len(text) > (1 if _CJK.match(text) else 2) and bottom - top > TALL * (right - left)


def placed_line(stored: dict[str, Any], read: dict[str, Any] | None, language: str = "") -> ExportLine:
    """Return the line with every word in its place.

    `stored` and `read` are lines as they are kept with a page's text: the wording, with a box, and what the engine
    read in the same place, whose words tell where things are. Without `read` the words are spread over the box.
    """
    box = tuple(stored["box"])
    known = [word for word in stored.get("words") or (read or {}).get("words") or () if word["box"]]
    words = _words(writable(stored["text"]), box, known)
    return ExportLine(
        box, words, stored.get("confidence"), stored.get("block", 0), stored.get("kind", ""),
        _cells(stored.get("cells", ()), words), stored.get("language") or language,
    )  # fmt: skip


def _cells(cells: Sequence[Sequence[int]], words: Sequence[ExportWord]) -> tuple[tuple[int, int], ...]:
    """Return where the cells begin, counted in our words; stored cells count what stands between blanks."""
    starts = [number for number, word in enumerate(words) if not word.is_glued]
    return tuple((starts[first], column) for first, column in cells if first < len(starts))


def _words(text: str, box: Box, known: Sequence[dict[str, Any]]) -> tuple[ExportWord, ...]:
    letters = "".join(text.split())
    places = _places_by_words(letters, known) if known else []
    if not places:
        blanks_too = zip(text, spread(text, box), strict=True)
        places = [_Place(part, None, None) for letter, part in blanks_too if not letter.isspace()]
    words, at = [], 0
    for token in _TOKEN.findall(text):
        words += _pieces(token, places[at : at + len(token)])
        at += len(token)
    return tuple(words)


def _places_by_words(letters: str, known: Sequence[dict[str, Any]]) -> list[_Place]:
    """Return the place of each letter by what was read there: changed letters share the place of those they replace."""
    read, was = [], ""
    for number, word in enumerate(known):
        was_here = "".join(word["text"].split())
        was += was_here
        read += [_Place(part, number, word.get("confidence")) for part in spread(was_here, tuple(word["box"]))]
    if not read:
        return []
    places: list[_Place] = []
    for op in Levenshtein.opcodes(was, letters):
        there, count = read[op.src_start : op.src_end], op.dest_end - op.dest_start
        if op.tag == "equal":
            places += there
        elif op.tag != "delete":
            places += _shared(there or [_gap(read, op.src_start)], letters[op.dest_start : op.dest_end], count)
    return places


def _shared(there: Sequence[_Place], letters: str, count: int) -> list[_Place]:
    if len(there) == count:
        return [replace(place, confidence=None) for place in there]
    parts = spread(letters, around(place.box for place in there))
    numbers = [there[n * len(there) // count].word for n in range(count)]
    return [_Place(part, number, None) for part, number in zip(parts, numbers, strict=True)]


def _gap(read: Sequence[_Place], before: int) -> _Place:
    """Return the place of letters put in before the one of that number: as much as lies free there, or next to none."""
    left = read[before - 1].box if before else read[0].box
    right = read[before].box if before < len(read) else left
    start, end = (left[2], right[0]) if before else (left[0], left[0])
    return _Place((min(start, end), min(left[1], right[1]), max(start, end), max(left[3], right[3])), None, None)


def _pieces(token: str, places: Sequence[_Place]) -> list[ExportWord]:
    """Return the token as one word; a run of Chinese or Japanese as the words in which it was read."""
    cuts = [
        n + 1
        for n, (one, other) in enumerate(pairwise(places))
        if one.word is not None and other.word is not None and one.word != other.word
        and _CJK.match(token[n]) and _CJK.match(token[n + 1])
    ]  # fmt: skip
    bounds = [0, *cuts, len(token)]
    return [
        ExportWord(token[a:b], around(p.box for p in places[a:b]), _confidence(places[a:b]), is_glued=a > 0)
        for a, b in pairwise(bounds)
    ]


def _confidence(places: Sequence[_Place]) -> float | None:
    """Return the word's confidence, None as soon as one of its letters is not as it was read."""
    values = [place.confidence for place in places]
    return None if None in values else min(values)


def spread(letters: str, box: Box) -> list[Box]:
    """Return a part of `box` for each letter, along its longer side where the text runs up or down."""
    left, top, right, bottom = box
    ends = _ends(letters)
    if is_tall(letters, box):
        return [(left, round(top + a * (bottom - top)), right, round(top + b * (bottom - top))) for a, b in ends]
    return [(round(left + a * (right - left)), top, round(left + b * (right - left)), bottom) for a, b in ends]


def _ends(letters: str) -> list[tuple[float, float]]:
    widths = [advance(letter) for letter in letters]
    total, at, ends = sum(widths) or 1, 0.0, []
    for width in widths:
        ends.append((at / total, (at + width) / total))
        at += width
    return ends


def advance(letter: str) -> float:
    """Return how wide a letter is drawn: 1.0 for those as wide as high, 0.5 for all others."""
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.5


def with_boxes(lines: Sequence[dict[str, Any]], width: int, height: int) -> list[dict[str, Any]]:
    """Return the stored lines, those without a box in a strip below the line above them, and all within the page."""
    found: list[dict[str, Any]] = []
    above: Box = (0, 0, width, 0)
    for line in lines:
        if line.get("box"):
            above = tuple(line["box"])
            found.append(line | {"box": _within(above, width, height)})
        else:
            above = _strip(above)
            found.append(line | {"box": _within(above, width, height)})
    return found


def _strip(above: Box) -> Box:
    left, top, right, bottom = above
    return left, bottom + 2, right, bottom + 2 + max(8, round(STRIP * (bottom - top)))


def _within(box: Box, width: int, height: int) -> Box:
    """Return the box cut to the page, at least one pixel wide and high."""
    left, top = min(max(box[0], 0), width - 1), min(max(box[1], 0), height - 1)
    return left, top, min(max(box[2], left + 1), width), min(max(box[3], top + 1), height)
