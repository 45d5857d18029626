"""Where on the scan a searched word stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from documents.search.matching import meant_words
from documents.search.query import Query
from documents.search.words import words_of

_HYPHENS = "-\u00ad\u2010¬"


class _Place(NamedTuple):
    """A word of a layer and the boxes it fills: two when it is cut at a line's end."""

    word: str
    boxes: tuple[tuple[int, ...], ...]


def hit_boxes(query: Query, raw: Sequence[dict[str, Any]], current: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Return the boxes of the searched words, in pixels of the page picture, top down.

    `raw` and `current` are stored lines. Words like the searched ones are lit where a word itself is nowhere. A word
    that only the corrected text holds has no box of its own there: its line is lit instead.
    """
    exact, near = _lit(query, _places(raw))
    lines, near_lines = _lit(query, _places(current))
    if exact or lines:
        near = near_lines = set()
    boxes = exact | near
    rows = {tuple(line["box"]) for line in raw if line.get("box") and _any_inside(boxes, line["box"])}
    boxes |= {box for box in lines | near_lines if box not in rows and not _any_inside(boxes, box)}
    return sorted((list(box) for box in boxes), key=lambda box: (box[1], box[0]))


def _lit(query: Query, places: list[_Place]) -> tuple[set[tuple[int, ...]], set[tuple[int, ...]]]:
    """Return the boxes of the words meant: (of the very words, of words like them)."""
    meant = meant_words(query, [place.word for place in places])
    boxes = {box for number in meant.words for box in places[number].boxes}
    return (set(), boxes) if meant.is_near else (boxes, set())


def _places(lines: Sequence[dict[str, Any]]) -> list[_Place]:
    """Return the folded words of the lines in order, each with the box of its word, or of its line."""
    places: list[_Place] = []
    cut: _Place | None = None
    for line in lines:
        words = _words(line)
        for word in words:
            box = (tuple(word["box"]),) if word.get("box") else ()
            for folded in words_of(word["text"]):
                joins = cut is not None and folded.isalpha()
                places.append(_Place(cut.word + folded, cut.boxes + box) if joins else _Place(folded, box))
                cut = None
        ends_cut = bool(words) and places and words[-1]["text"].rstrip()[-1:] in tuple(_HYPHENS)
        cut = places.pop() if ends_cut and places[-1].word.isalpha() else None
    return [*places, cut] if cut else places


def _words(line: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the line's words with their boxes; where its text is no longer that of its words, with the line's."""
    words = line.get("words") or []
    if " ".join(word["text"] for word in words) == line["text"]:
        return words
    return [{"text": word, "box": line.get("box")} for word in line["text"].split()]


def _any_inside(boxes: set[tuple[int, ...]], box: Sequence[int]) -> bool:
    left, top, right, bottom = box
    return any(left <= b[0] and b[2] <= right and top <= b[1] and b[3] <= bottom for b in boxes)
