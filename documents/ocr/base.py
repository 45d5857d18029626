"""What every OCR engine takes and gives back. A leaf: no Django, nothing of ours but this file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of the page picture; right and bottom are exclusive."""


@dataclass(frozen=True)
class Alternative:
    """What an engine read and was not taken; `confidence` is like the word's, 0 to 1.

    It stands in the place of `words` words, from the one that carries it on. `text` may be several words.
    """

    text: str
    engine: str
    confidence: float
    words: int = 1


@dataclass(frozen=True)
class Word:
    """One word as it was read. `confidence` is the engine's own, 0 to 1; in a consensus it is the probability that
    the word is right. `alternatives` are the other readings of this place, empty where the engines agree."""

    text: str
    box: Box
    confidence: float
    alternatives: tuple[Alternative, ...] = ()


HEADING, TABLE = "heading", "table"
"""Kinds of blocks; "" is running text."""

Cell = tuple[int, int]
"""Where a cell of a table's row begins (which word of the line, counted from 0), and in which column (from 0)."""


@dataclass(frozen=True)
class Line:
    """One line of text; its words, joined by spaces, are `text` (nearly: engines differ about punctuation).

    `block` is the number, in reading order from 0, of the paragraph, heading or table that it belongs to, `kind` that
    block's. A line of a table is one of its rows; `cells` are the row's, from left to right, empty ones left out.
    """

    text: str
    box: Box
    confidence: float
    words: tuple[Word, ...] = ()
    block: int = 0
    kind: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What one engine read on one page, lines in reading order.

    `seconds` is the time inside the engine. `warnings` are sentences for staff, empty when all went well.
    `preparation` names what was done to the picture before it was read, in that order (see `preparing`).
    """

    lines: tuple[Line, ...]
    engine: str
    version: str
    seconds: float
    warnings: tuple[str, ...] = ()
    preparation: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines joined by newlines."""
        return "\n".join(line.text for line in self.lines)

    def with_boxes(self, place: Callable[[Box], Box]) -> Reading:
        """Return the reading with each box of its lines and words where `place` puts it."""

        def word(old: Word) -> Word:
            return replace(old, box=place(old.box))

        def line(old: Line) -> Line:
            return replace(old, box=place(old.box), words=tuple(map(word, old.words)))

        return replace(self, lines=tuple(map(line, self.lines)))

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts and lists, as they travel over a pipe."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        """Return the Reading that `to_json` gave. Raises KeyError or TypeError on other shapes."""
        lines = tuple(line_from_json(line) for line in data["lines"])
        said, done = tuple(data["warnings"]), tuple(data.get("preparation", ()))
        return cls(lines, data["engine"], data["version"], data["seconds"], said, done)


def line_from_json(data: dict[str, Any]) -> Line:
    """Return the Line of a dict with text, box, confidence, words (the shape stored with a page's text)."""
    words = tuple(_word_from_json(word) for word in data.get("words", ()))
    cells = tuple((word, column) for word, column in data.get("cells", ()))
    block, kind = data.get("block", 0), data.get("kind", "")
    return Line(data["text"], tuple(data["box"]), data["confidence"], words, block, kind, cells)


def _word_from_json(data: dict[str, Any]) -> Word:
    """Return the Word of a dict; those stored before there were alternatives have none."""
    others = tuple(Alternative(**other) for other in data.get("alternatives", ()))
    return Word(data["text"], tuple(data["box"]), data["confidence"], others)


class OcrError(Exception):
    """An engine could not read a page. The message is a sentence for staff."""


class EngineUnavailable(OcrError):
    """The engine cannot read anything here: not installed, not licensed, or a trial. The next engine is asked."""


class EngineCrashed(OcrError):
    """The engine's process died or was killed at its deadline while it had the page."""


class OcrEngine(Protocol):
    """An engine reads one page picture at a time."""

    name: str

    def read(self, image: Path, *, language: str, handwritten: bool) -> Reading:
        """Read the picture file at `image`.

        `language` is an ISO 639-1 code, or "" for automatic. Raises OcrError (or one of its kinds) with a
        sentence that staff can act on.
        """
        ...
