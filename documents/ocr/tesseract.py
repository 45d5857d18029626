"""Tesseract, the system's program: best on clean print, and with a model and a word list for each language.

It is called once for a page, or once for many lines. Its own threads slow it down when several pages are read at
once, so it gets one (`OMP_THREAD_LIMIT`, recommended in its documentation).
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from .base import Box, EngineUnavailable, Line, OcrError, Reading, Word
from .layout import surrounding_box

PACKS = {
    "af": "afr", "ar": "ara", "be": "bel", "bg": "bul", "bs": "bos", "ca": "cat", "cs": "ces", "cy": "cym",
    "da": "dan", "de": "deu", "el": "ell", "en": "eng", "eo": "epo", "es": "spa", "et": "est", "eu": "eus",
    "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "gl": "glg", "he": "heb", "hi": "hin", "hr": "hrv",
    "hu": "hun", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ko": "kor", "la": "lat", "lt": "lit",
    "lv": "lav", "mk": "mkd", "mt": "mlt", "nb": "nor", "nl": "nld", "nn": "nor", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sq": "sqi", "sr": "srp", "sv": "swe",
    "ta": "tam", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "chi_sim",
}  # fmt: skip
"""ISO 639-1 to the names of Tesseract's language packs (the part after `tesseract-ocr-` in Debian's, with - for _)."""

NO_LANGUAGE = "eng"
"""For pages of no stated language. Reading with several packs at once takes their times together."""

PAGE, ONE_LINE = "3", "7"
"""Page segmentation modes (`tesseract --help-psm`): find everything by itself; the picture is one line."""

WORD, PICTURE = "5", "1"
"""Levels of the rows in its TSV."""

LINE_HEIGHT = 48
"""Lower line pictures are scaled up to this many pixels, at most threefold; its models were made at 36 to 48."""

RIM = 0.1
"""Cut off above and below a line, in parts of its height: RapidOCR's boxes reach into the lines above and below.

CER of five pages' lines with 0.15 added, nothing, and 0.06, 0.1, 0.14 cut off: 0.172, 0.084, 0.069, 0.066, 0.081.
"""

FALL = 0.35
"""Cut off above and below a line that falls, in parts of its fall: 0.5 would leave nothing else in the box of a
straight line, but cut through lines that are a little bent. CER of five tilted pages' lines: 0.090 and 0.078."""

BORDER = 10
"""Pixels of plain paper put around a line picture; without any, Tesseract loses what touches the edge."""

PROGRAM_SECONDS = 60.0
"""For one call of the program; a page takes 1 to 6 s on one core."""


class TesseractEngine:
    """Reads print in the languages whose packs are installed."""

    name = "tesseract"

    def __init__(self, *, program: str = "tesseract", seconds: float = PROGRAM_SECONDS) -> None:
        """Open the engine. Raises EngineUnavailable when the program or every language pack is missing."""
        self._program = program
        self._seconds = seconds
        self._packs = installed_packs(program)
        self._version = program_version(program)
        if not self._packs:
            raise EngineUnavailable("Tesseract has no language pack. Install one: apt-get install tesseract-ocr-eng.")

    def read(self, image: Path, *, language: str, handwritten: bool) -> Reading:
        """Return the lines of the page in Tesseract's order, words with boxes and confidences.

        Raises OcrError when the picture cannot be read, EngineUnavailable when the language's pack is missing.
        """
        pack = self._pack(language)
        started = time.monotonic()
        lines = found_lines(self._rows(image, pack, PAGE))
        return Reading(lines, self.name, self._version, time.monotonic() - started, warnings(handwritten))

    def read_lines(self, image: Path, boxes: Sequence[Box], *, language: str, slope: float = 0.0) -> Reading:
        """Return one Line for each box of the page, in the same order; a line without text where nothing was read.

        `slope` is how many pixels the page's lines fall for each pixel to the right; they are set level before they
        are read, as a box around a tilted line holds parts of its neighbours. Raises what `read` raises.
        """
        pack = self._pack(language)
        pixels = cv2.imread(str(image), cv2.IMREAD_GRAYSCALE)
        if pixels is None:
            raise OcrError(f"The picture {image.name} could not be opened. Upload the document again.")
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="lines-") as folder:
            crops = [Crop(pixels, box, slope, Path(folder) / f"{number}.pgm") for number, box in enumerate(boxes)]
            lines = tuple(crop.line(rows) for crop, rows in zip(crops, self._rows_of(crops, pack), strict=True))
        return Reading(lines, self.name, self._version, time.monotonic() - started)

    def _pack(self, language: str) -> str:
        """Return the pack for a language; English, or the first there is, where none is stated."""
        wanted = PACKS.get(language, language) if language else NO_LANGUAGE
        if wanted in self._packs:
            return wanted
        if not language:
            return self._packs[0]
        raise EngineUnavailable(
            f"Tesseract lacks the pack for this page's language ({language}). Install it: "
            f"apt-get install tesseract-ocr-{wanted.replace('_', '-')}."
        )

    def _rows_of(self, crops: Sequence[Crop], pack: str) -> list[list[list[str]]]:
        """Return the words' rows of each line picture, from one call of the program where possible."""
        if not crops:
            return []
        names = crops[0].path.with_name("list.txt")
        names.write_text("".join(f"{crop.path}\n" for crop in crops), encoding="utf-8")
        rows = self._rows(names, pack, ONE_LINE)
        if sum(row[0] == PICTURE for row in rows) == len(crops):
            return by_picture(rows, len(crops))
        # A list is numbered by its readable pictures, so after one that is passed over no text fits its line.
        return [words_only(self._rows(crop.path, pack, ONE_LINE)) for crop in crops]

    def _rows(self, image: Path, pack: str, mode: str) -> list[list[str]]:
        """Return the rows of the program's TSV, without its heading. Raises OcrError when it fails."""
        command = [self._program, str(image), "-", "-l", pack, "--psm", mode, *DPI.get(mode, ()), "tsv"]
        done = run(command, self._seconds)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise OcrError(f"Tesseract could not read this page. {last}")
        return [row for row in (line.split("\t", 11) for line in done.stdout.splitlines()[1:]) if len(row) == 12]


DPI = {ONE_LINE: ("--dpi", "300")}
"""A line picture has lost its resolution, and Tesseract's guesses at it only cost time."""


class Crop:
    """The picture of one line, set level and written to a file, and the way back to the page's pixels."""

    def __init__(self, page: np.ndarray, box: Box, slope: float, path: Path) -> None:
        """Cut `box` out of the page (grey), set a line that falls by `slope` level, enlarge it, write it to `path`."""
        self.box, self.path = box, path
        left, top, right, bottom = trimmed(box, slope, page.shape)
        self.slope, self.middle = slope, (left + right) / 2
        self.scale = min(3.0, max(1.0, LINE_HEIGHT / (bottom - top)))
        self.origin = (left - BORDER / self.scale, top - BORDER / self.scale)
        # A point of the picture lies at (x, y) / scale + (left, top) on the page, once the fall is added to y.
        across = np.array([1 / self.scale, 0, left])
        down = np.array([slope / self.scale, 1 / self.scale, top + slope * (left - self.middle)])
        size = (max(1, round((right - left) * self.scale)), max(1, round((bottom - top) * self.scale)))
        way = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        picture = cv2.warpAffine(page, np.array([across, down]), size, flags=way, borderMode=cv2.BORDER_REPLICATE)
        paper = int(np.percentile(picture, 90))  # most of a line is paper
        bordered = cv2.copyMakeBorder(picture, *[BORDER] * 4, cv2.BORDER_CONSTANT, value=paper)
        cv2.imwrite(str(path), bordered)

    def line(self, rows: Sequence[Sequence[str]]) -> Line:
        """Return what was read in this picture, placed on the page."""
        words = tuple(self._placed(as_word(row)) for row in rows)
        return as_line(words, self.box)

    def _placed(self, word: Word) -> Word:
        (x, y), scale = self.origin, self.scale
        left, top, right, bottom = (side / scale for side in word.box)
        fall = self.slope * (x + (left + right) / 2 - self.middle)
        box = (round(x + left), round(y + top + fall), round(x + right), round(y + bottom + fall))
        return Word(word.text, tuple(max(0, side) for side in box), word.confidence)


def trimmed(box: Box, slope: float, shape: tuple[int, ...]) -> Box:
    """Return the part of the box that a line falling by `slope` fills when level, less its upper and lower rim.

    It lies within a page of that shape (rows, columns) and is never empty.
    """
    rows, columns = shape[:2]
    height = box[3] - box[1]
    fall = min(abs(slope) * (box[2] - box[0]), height / 2)
    rim = round(FALL * fall + RIM * (height - fall))
    left, top = min(max(0, box[0]), columns - 1), min(max(0, box[1] + rim), rows - 1)
    return left, top, max(left + 1, min(columns, box[2])), max(top + 1, min(rows, box[3] - rim))


def found_lines(rows: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    """Return the lines of one picture's rows; block, paragraph and line number tell which words share a line."""
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in words_only(rows):
        lines.setdefault(tuple(row[1:5]), []).append(as_word(row))
    return tuple(as_line(tuple(words), surrounding_box([word.box for word in words])) for words in lines.values())


def by_picture(rows: Sequence[Sequence[str]], count: int) -> list[list[list[str]]]:
    """Return the words' rows of each of `count` pictures; the pictures are numbered from 1."""
    found: list[list[list[str]]] = [[] for _ in range(count)]
    for row in words_only(rows):
        found[int(row[1]) - 1].append(row)
    return found


def words_only(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows that are words with ink in them."""
    return [list(row) for row in rows if row[0] == WORD and row[11].strip()]


def as_word(row: Sequence[str]) -> Word:
    """Return the Word of a row; Tesseract's confidence is a percentage."""
    left, top, width, height = (int(figure) for figure in row[6:10])
    confidence = min(1.0, max(0.0, float(row[10]) / 100))
    return Word(row[11].strip(), (left, top, left + width, top + height), confidence)


def as_line(words: tuple[Word, ...], box: Box) -> Line:
    """Return the Line of its words; its confidence is theirs, weighted by their number of characters."""
    text = " ".join(word.text for word in words)
    characters = sum(len(word.text) for word in words) or 1
    return Line(text, box, sum(word.confidence * len(word.text) for word in words) / characters, words)


def warnings(handwritten: bool) -> tuple[str, ...]:
    """Return sentences about what this engine is not made for."""
    if not handwritten:
        return ()
    return ("Tesseract reads print and not handwriting. Compare the text with the picture closely.",)


@lru_cache(maxsize=4)
def installed_packs(program: str) -> tuple[str, ...]:
    """Return the names of the installed language packs. Raises EngineUnavailable without the program."""
    names = run([program, "--list-langs"], PROGRAM_SECONDS).stdout.splitlines()[1:]
    return tuple(name for name in names if name != "osd")


@lru_cache(maxsize=4)
def program_version(program: str) -> str:
    """Return the program's version, such as "5.3.0"; "" when it tells none."""
    found = re.search(r"\d+(\.\d+)+", run([program, "--version"], PROGRAM_SECONDS).stdout)
    return found.group() if found else ""


def run(command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """Return the ended program. Raises EngineUnavailable when it is not there, OcrError when it takes too long."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=seconds, env=environment
        )
    except FileNotFoundError as error:
        raise EngineUnavailable("Tesseract is not installed. Install it: apt-get install tesseract-ocr.") from error
    except subprocess.TimeoutExpired as error:
        raise OcrError(f"Tesseract did not finish within {seconds:g} seconds. Read the page again later.") from error
