"""hOCR, the open format for read text with places (version 1.2): HTML whose classes and titles tell what is where."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from .base import Box, Line, Word
from .lines import spread_words, within

LINE_CLASSES = frozenset({"ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption"})

BOX = re.compile(r"\bbbox\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)\s+(-?\d+)")
CONFIDENCE = re.compile(r"\bx_wconf\s+(\d+(?:\.\d+)?)")

VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr"})
"""Elements without an end tag."""


def is_hocr(text: str) -> bool:
    """Return whether `text` is hOCR and not plain text."""
    return "<" in text and "ocr_line" in text


def hocr_lines(text: str, width: int, height: int) -> list[Line]:
    """Return the lines of one page, a picture of `width` and `height` pixels, in their order; those without text go."""
    parser = HocrParser(width, height)
    parser.feed(text)
    parser.close()
    return parser.lines


class HocrParser(HTMLParser):
    """Collects `lines` while it is fed."""

    def __init__(self, width: int, height: int) -> None:
        """Start with no line, for a picture of `width` and `height` pixels."""
        super().__init__()
        self.lines: list[Line] = []
        self._size = (width, height)
        self._depth = 0  # of elements within the line that is open, counting itself
        self._box: Box = (0, 0, 0, 0)
        self._words: list[tuple[str, Box, float]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Open a line, or a word in the line that is open."""
        given = dict(attributes)
        classes, title = set((given.get("class") or "").split()), given.get("title") or ""
        if not self._depth and LINE_CLASSES & classes:
            self._depth, self._box, self._words = 1, self._place(title), []
        elif self._depth and tag not in VOID:
            self._depth += 1
            if "ocrx_word" in classes:
                self._words.append(("", self._place(title), confidence(title)))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Pass over an element that is empty."""

    def handle_data(self, data: str) -> None:
        """Add text to the word that is open; text beside words, of engines that give none, is one of its own."""
        if not self._depth or not data.strip():
            return
        text, box, sure = self._words.pop() if self._words else ("", self._box, 0.0)
        self._words.append((text + data, box, sure))

    def handle_endtag(self, tag: str) -> None:
        """Close the element; the line is done when it is the line's own."""
        if not self._depth or tag in VOID:
            return
        self._depth -= 1
        if not self._depth:
            self._finish()

    def _finish(self) -> None:
        words: list[Word] = []
        for text, box, sure in self._words:  # Aspose puts a whole line into one word
            words += spread_words(" ".join(text.split()), box, sure)
        if words:
            length = sum(len(word.text) for word in words)
            sure = sum(word.confidence * len(word.text) for word in words) / length
            self.lines.append(Line(" ".join(word.text for word in words), self._box, sure, tuple(words)))

    def _place(self, title: str) -> Box:
        found = BOX.search(title)
        return within(tuple(map(int, found.groups())) if found else (0, 0, *self._size), *self._size)


def confidence(title: str) -> float:
    """Return the confidence in a title, 0 to 1 (hOCR has 0 to 100); 0.0 where there is none."""
    found = CONFIDENCE.search(title)
    return min(float(found.group(1)) / 100, 1.0) if found else 0.0
