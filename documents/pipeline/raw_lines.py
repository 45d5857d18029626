"""The stored lines of a reading as the corrector wants them: each word with its place in the line's text."""

from __future__ import annotations

from typing import Any

from documents.correction.base import Other, RawLine, RawWord

NOTHING = RawLine("")
"""Stands for a line that is not this language's business: the numbers of the others stay."""


def raw_line(line: dict[str, Any]) -> RawLine:
    """Return the RawLine of a stored line, a dict as described at PageText; without words where it has none."""
    places = _places(line["text"], [word["text"] for word in line.get("words", ())])
    words, others = [], []
    for number, (word, place) in enumerate(zip(line.get("words", ()), places, strict=True)):
        if place is None:
            continue
        words.append(RawWord(*place, word["confidence"]))
        for other in word.get("alternatives", ()):
            last = places[min(number + other["words"], len(places)) - 1]
            if last is not None:
                others.append(Other(place[0], last[1], other["text"], other["engine"], other["confidence"]))
    return RawLine(line["text"], line["confidence"], tuple(words), tuple(others))


def _places(text: str, words: list[str]) -> list[tuple[int, int] | None]:
    """Return where each word stands in `text`, None for one that does not follow those before it."""
    found: list[tuple[int, int] | None] = []
    at = 0
    for word in words:
        start = text.find(word, at)
        found.append((start, start + len(word)) if start >= 0 else None)
        at = start + len(word) if start >= 0 else at
    return found
