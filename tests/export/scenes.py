"""Documents for the writers, and what other programs read out of the files."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
from lxml import etree
from PIL import Image

from documents.export.base import Box, ExportDocument, ExportPage
from documents.export.places import placed_line, with_boxes

SCHEMAS = Path(__file__).parent / "schemas"
TEXTS = {
    "en": ["The quick brown fox", "jumps over a lazy dog:", "12 items at £3.50 — “paid” ¬"],
    "es": ["El niño comió piñas y", "¿dónde está el corazón?", "¡Ábranlo! Más allá, señor"],
    "zh": ["东京都港区的请求书", "二零二四年 第3章", "北京 ABC 12元 𠮷"],
    "ja": ["東京都港区の請求書", "カタカナとひらがな", "、。「」ー 2024年"],
}
SIZE = (1240, 1754)


def stored_line(text: str, *, top: int = 100, left: int = 100, letter: int = 22, **more: Any) -> dict[str, Any]:
    """Return a line as it is kept with a page's text: 40 px high, each letter `letter` px wide."""
    words, at = [], left
    for number, word in enumerate(text.split(" ")):
        place = [at, top + number % 3, at + letter * len(word), top + 40 - number % 2]
        words.append({"text": word, "box": place, "confidence": 0.9})
        at += letter * (len(word) + 1)
    return {"text": text, "box": [left, top, at - letter, top + 40], "confidence": 0.9, "words": words} | more


def make_page(texts: Sequence[str] = (), picture: Path | None = None, **more: Any) -> ExportPage:
    """Return a page with these lines, one below the other."""
    return page_of([stored_line(text, top=100 + 60 * n) for n, text in enumerate(texts)], picture, **more)


def page_of(stored: Sequence[dict[str, Any]], picture: Path | None = None, **more: Any) -> ExportPage:
    """Return a page with these stored lines."""
    facts = {"number": 1, "width": SIZE[0], "height": SIZE[1], "dpi": 150, "language": "en"} | more
    lines = tuple(placed_line(line, None, facts["language"]) for line in with_boxes(stored, *SIZE))
    return ExportPage(**facts, lines=lines, picture=picture)


def make_document(*pages: ExportPage, title: str = "A title", **more: Any) -> ExportDocument:
    """Return a document of these pages."""
    return ExportDocument(title, pages, language="en", **more)


def make_jpeg(path: Path, size: tuple[int, int] = SIZE, **how: Any) -> Path:
    """Write a grey JPEG with a dark corner, so that one sees how it lies."""
    image = Image.new("L", size, 230)
    image.paste(0, (0, 0, size[0] // 4, size[1] // 4))
    image.save(path, "JPEG", quality=85, **how)
    return path


def text_by_poppler(pdf: Path, *how: str) -> str:
    """Return the text in the order in which it is written."""
    told = subprocess.run(["pdftotext", "-raw", *how, pdf, "-"], capture_output=True, text=True, check=True)
    return told.stdout.rstrip("\n\f")


def text_by_pdfium(pdf: Path, page: int = 0) -> str:
    """Return the text as Chromium copies it; U+FFFE is its sign for a hyphen at the end of a line."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = document[page].get_textpage().get_text_range()
    return found.replace("\r\n", "\n").replace("\ufffe", "-\n")


def boxes_by_poppler(pdf: Path, dpi: int) -> list[tuple[str, tuple[float, ...]]]:
    """Return every word of the first page with its box in pixels at `dpi`."""
    told = subprocess.run(["pdftotext", "-bbox", "-l", "1", pdf, "-"], capture_output=True, text=True, check=True)
    words = ElementTree.fromstring(told.stdout).iter("{http://www.w3.org/1999/xhtml}word")
    sides = ("xMin", "yMin", "xMax", "yMax")
    return [(word.text or "", tuple(float(word.get(side, 0)) * dpi / 72 for side in sides)) for word in words]


def overlap(one: Sequence[float], other: Box) -> float:
    """Return how much two boxes share, of what both cover together."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(across, 0) * max(down, 0)
    area = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (area - shared)


def validate(path: Path, schema: str) -> etree._ElementTree:
    """Return the parsed XML file. Raises DocumentInvalid when the schema does not allow it."""
    tree = etree.parse(path)
    etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(tree)
    return tree
