"""What every format writer takes: one document, its pages one after the other. A leaf: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of the page picture; right and bottom are exclusive."""

HEADING, TABLE = "heading", "table"
"""Kinds of blocks; "" is running text."""

PROGRAM = "Lesesaal"

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class ExportWord:
    """A word and where it stands. `confidence` is 0 to 1, None where a person wrote the word.

    `is_glued`: no blank stands before it, as between the words of Chinese and Japanese.
    """

    text: str
    box: Box
    confidence: float | None = None
    is_glued: bool = False


@dataclass(frozen=True)
class ExportLine:
    """A line whose words, joined by a blank where they are not glued, are its text.

    `block` counts the paragraphs of a page from 0 and `kind` is that of its block; `cells` are those of a row of a
    table: (first word, column). `language` is an ISO 639-1 code, "" where unknown.
    """

    box: Box
    words: tuple[ExportWord, ...]
    confidence: float | None = None
    block: int = 0
    kind: str = ""
    cells: tuple[tuple[int, int], ...] = ()
    language: str = ""

    @property
    def text(self) -> str:
        """The words as one line of text."""
        return joined(self.words)


@dataclass(frozen=True)
class ExportPage:
    """One page: `width` and `height` of its picture in pixels, `dpi` None where unknown.

    `picture` is the JPEG that the browser shows; `picture_name` is its name where it is given away too, beside the file
    that tells of it. `note` stands in place of the text where there is none.
    `has_own_text`: the page of the original PDF holds this very text already. `facts` is what JSON tells beside.
    """

    number: int
    width: int
    height: int
    lines: tuple[ExportLine, ...] = ()
    dpi: int | None = None
    language: str = ""
    picture: Path | None = None
    note: str = ""
    has_own_text: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    picture_name: str = ""

    @property
    def text(self) -> str:
        """The lines joined by newlines."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class ExportDocument:
    """A document to write: `pages` can be walked once. `original` is the uploaded file, `kind` pdf, tiff, jpeg..."""

    title: str
    pages: Iterable[ExportPage]
    original: Path | None = None
    kind: str = ""
    original_name: str = ""
    language: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def page_name(number: int) -> str:
    """Return how the files of the page with that number begin."""
    return f"{number:04d}"


class NothingToWrite(Exception):
    """Not one page can be put into a file of this format. The message is a sentence for staff."""


def writable(text: str) -> str:
    """Return the text with U+FFFD in place of the characters that XML cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def joined(words: Sequence[ExportWord]) -> str:
    """Return the words as they are written one after the other."""
    return "".join(word.text if word.is_glued or not n else f" {word.text}" for n, word in enumerate(words))


def blocks(page: ExportPage) -> Iterator[tuple[str, list[ExportLine]]]:
    """Yield the blocks of the page in reading order: their kind and their lines."""
    for (_block, kind), lines in groupby(page.lines, key=lambda line: (line.block, line.kind)):
        yield kind, list(lines)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of `boxes`, of which there is at least one."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def rows(lines: Sequence[ExportLine]) -> list[list[str]]:
    """Return the cells of a table's lines, row by row, all rows of the same length; a row without cells is one cell."""
    width = max((column + 1 for line in lines for _first, column in line.cells), default=1)
    return [_row(line, width) for line in lines]


def _row(line: ExportLine, width: int) -> list[str]:
    row = [""] * width
    starts = list(line.cells) or [(0, 0)]
    starts[0] = (0, starts[0][1])  # words before the first cell are not lost
    for (first, column), following in zip(starts, [*starts[1:], (len(line.words), 0)], strict=True):
        row[column] = " ".join(filter(None, [row[column], joined(line.words[first : following[0]])]))
    return row
