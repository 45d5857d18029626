"""The text that a PDF page brings along: used when the page was born digital, left alone when it is junk. A leaf.

A scan with somebody's old OCR behind it, a font without a proper encoding, text hidden under a picture: all of these
look like text to a program. What is real is decided here, from the page itself, and the reason is told.
"""

from __future__ import annotations

import re
import subprocess
import time
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from documents.correction.lexicon import guess_language, lexicon_for
from documents.ocr.base import Box, Line, Reading, Word
from documents.ocr.lines import within

SECONDS = 20
"""For each of poppler's programs; they answer in well under a second."""
SCAN_SHARE = 0.6
"""A picture over this part of the page makes it a scan. Letterheads and figures stay below; a scan has nearly all."""
STRANGE_SHARE = 0.05
"""Characters without a meaning (private use, replacement marks) above this part: the font's encoding is broken."""
KNOWN_SHARE = 0.4
"""Known words of the guessed language below this part, in 20 words and more: letters, but no text."""
INK_SHARE = 0.8
"""Words that stand on ink in the drawn page below this part: the text is hidden, not what the reader sees."""
_XHTML = "{http://www.w3.org/1999/xhtml}"
_OCR_FONTS = ("GlyphLess", "HiddenHorzOCR", "OCR-invisible")


@dataclass(frozen=True)
class TextLayer:
    """What was found: the reading when the layer is real, else None with `why` as a sentence, "" for no layer."""

    reading: Reading | None
    why: str = ""


def read_text_layer(path: Path, number: int, picture: Path) -> TextLayer:
    """Return the text layer of page `number` (from 1) of the PDF, in pixels of its drawn `picture`.

    Never raises for a broken PDF: a layer that cannot be had is no layer.
    """
    started = time.monotonic()
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("L"))
    lines = _lines(path, number, (pixels.shape[1], pixels.shape[0]))
    if not lines:
        return TextLayer(None)
    if why := _why_not_real(path, number, lines, pixels):
        return TextLayer(None, why)
    return TextLayer(Reading(tuple(lines), "pdf-text", _version(), time.monotonic() - started))


def _run(*command: str) -> str:
    """Return what the program printed; "" when it is missing, fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def _version() -> str:
    try:
        said = subprocess.run(["pdftotext", "-v"], capture_output=True, timeout=SECONDS, check=False).stderr.decode()
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    found = re.search(r"version ([\d.]+)", said)
    return f"poppler {found.group(1)}" if found else "unknown"


def _lines(path: Path, number: int, size: tuple[int, int]) -> list[Line]:
    """Return the lines that poppler finds, in its reading order, in pixels of a picture of `size`."""
    page_number = str(number)
    xml = _run("pdftotext", "-bbox-layout", "-cropbox", "-f", page_number, "-l", page_number, str(path), "-")
    try:
        page = ElementTree.fromstring(_without_controls(xml)).find(f".//{_XHTML}page")
    except ElementTree.ParseError:
        return []
    if page is None or not float(page.get("width", 0)) or not float(page.get("height", 0)):
        return []
    scale = (size[0] / float(page.get("width")), size[1] / float(page.get("height")))
    found = [_line(line, scale, size) for line in page.iter(f"{_XHTML}line")]
    return [line for line in found if line.words]


def _without_controls(xml: str) -> str:
    return "".join(c for c in xml if c in "\n\t" or unicodedata.category(c) != "Cc")


def _line(element: ElementTree.Element, scale: tuple[float, float], size: tuple[int, int]) -> Line:
    words = tuple(
        Word(word.text.strip(), _box(word, scale, size), 1.0)
        for word in element.iter(f"{_XHTML}word")
        if word.text and word.text.strip()
    )
    return Line(" ".join(word.text for word in words), _box(element, scale, size), 1.0, words)


def _box(element: ElementTree.Element, scale: tuple[float, float], size: tuple[int, int]) -> Box:
    corners = [float(element.get(name, 0)) for name in ("xMin", "yMin", "xMax", "yMax")]
    return within(tuple(round(corner * scale[axis % 2]) for axis, corner in enumerate(corners)), *size)


def _why_not_real(path: Path, number: int, lines: list[Line], pixels: np.ndarray) -> str:
    """Return why the layer is not the page's own text, as a sentence; "" when it is."""
    if any(name in _run("pdffonts", "-f", str(number), "-l", str(number), str(path)) for name in _OCR_FONTS):
        return "The PDF carries the text of an earlier OCR; the picture was read instead."
    if _picture_share(path, number, pixels.shape) > SCAN_SHARE:
        return "The PDF is a scan with a text behind it; the picture was read instead."
    text = "\n".join(line.text for line in lines)
    if _is_junk(text):
        return "The PDF's own text is not readable (a font without a proper encoding); the picture was read instead."
    if _ink_share(lines, pixels) < INK_SHARE:
        return "The PDF's own text is not what the page shows; the picture was read instead."
    return ""


def _picture_share(path: Path, number: int, shape: tuple[int, int]) -> float:
    """Return how much of the page its largest picture covers, 0 to 1 (above 1 when it is cropped)."""
    inches = [0.0]
    for row in _run("pdfimages", "-list", "-f", str(number), "-l", str(number), str(path)).splitlines()[2:]:
        columns = row.split()
        try:
            width, height, x_ppi, y_ppi = (float(columns[place]) for place in (3, 4, 12, 13))
            inches.append((width / x_ppi) * (height / y_ppi))
        except (IndexError, ValueError, ZeroDivisionError):
            continue
    page = _page_inches(path, number)
    return max(inches) / page if page else 0.0


def _page_inches(path: Path, number: int) -> float:
    said = _run("pdfinfo", "-f", str(number), "-l", str(number), str(path))
    found = re.search(r"size:\s+([\d.]+) x ([\d.]+) pts", said)
    return float(found.group(1)) * float(found.group(2)) / 72**2 if found else 0.0


def _is_junk(text: str) -> bool:
    letters = [c for c in text if not c.isspace()]
    strange = sum(unicodedata.category(c) in ("Co", "Cn", "Cs") or c == "\ufffd" for c in letters)
    if strange > STRANGE_SHARE * len(letters):
        return True
    words = [word for word in text.split() if sum(c.isalpha() for c in word) > 1]
    lexicon = lexicon_for(guess_language(text))
    if lexicon is None or len(words) < 20:
        return False
    return sum(lexicon.knows(word) for word in words) < KNOWN_SHARE * len(words)


def _ink_share(lines: list[Line], pixels: np.ndarray) -> float:
    """Return the part of the words whose box on the drawn page holds both light and dark."""
    words = [word for line in lines for word in line.words][:400]
    inked = 0
    for word in words:
        left, top, right, bottom = word.box
        spot = pixels[top:bottom, left:right]
        inked += bool(spot.size) and int(spot.max()) - int(spot.min()) > 40
    return inked / len(words)
