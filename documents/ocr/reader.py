"""Reading one page as well as the engines here can together: which are asked, in which order, and for what."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal, Protocol

from .base import EngineCrashed, EngineUnavailable, OcrError, Reading
from .calibration import WORDS
from .consensus import calibrated
from .engines import suited_first
from .second_look import LineEngine, doubted_lines, languages_of, lexicons_of, look_again
from .turning import lies_sideways, turned_back, turned_picture

Mode = Literal["fast", "balanced", "best"]
"""fast: one engine. balanced: another looks again at doubted lines. best: at all lines."""

SECOND_ENGINE = "tesseract"
"""Reads single lines, is quick at it, and errs in other places than the first engines do."""

LEGIBLE = 0.35
"""From this share of right characters on, by the calibrated confidences, a page counts as read: of 68 printed and
typewritten pages the worst has 0.49, of eight pages of handwriting the best 0.24."""

STRAY = 0.25
"""Lines that are less probable than this on a page that can be read are marks, stamps or handwriting taken for print:
leaving them out lowered the errors by 124 characters on 68 pages and cost none that were right."""


class PageEngine(Protocol):
    """An engine with a deadline, such as HostedEngine."""

    name: str

    def read(self, image: Path, *, language: str, handwritten: bool, seconds: float) -> Reading:
        """Return the page's lines. Raises OcrError or one of its kinds."""
        ...


def read_page(
    picture: Path,
    *,
    engines: Mapping[str, PageEngine],
    mode: Mode = "balanced",
    language: str = "",
    handwritten: bool = False,
    seconds: float,
) -> Reading:
    """Return the page's reading, its words' confidences being probabilities where the engine was measured.

    `engines` (by name) are asked in their order, except that one without the language's letters comes last. The
    first that can reads the page; each call has `seconds`. Engines that could not are among the warnings. Raises
    OcrError when none could; EngineCrashed as soon as one dies with the whole page, so that the blame is exact. What
    goes wrong in a second look is a warning only.
    """
    first, engine = _first_reading(picture, engines, language, handwritten, seconds)
    alone = calibrated(first, lexicons_of(languages_of(first, language)))
    if mode == "fast" or handwritten or first.engine not in WORDS:
        return alone
    if share_right(alone) < LEGIBLE:
        return _best_way_up(picture, alone, engine, language, seconds)
    second = engines.get(SECOND_ENGINE)
    if second is None or second is engine:
        return alone
    return without_strays(_looked_at_again(picture, first, second, mode, language, seconds))


def share_right(reading: Reading) -> float:
    """Return the share of right characters, 0 to 1, by the confidences of a calibrated reading; 0.0 for no text."""
    characters = sum(len(line.text) for line in reading.lines)
    return sum(line.confidence * len(line.text) for line in reading.lines) / characters if characters else 0.0


def without_strays(reading: Reading) -> Reading:
    """Return a calibrated reading without the lines that are no text, on a page that is one."""
    return replace(reading, lines=tuple(line for line in reading.lines if line.confidence >= STRAY))


def _first_reading(
    picture: Path, engines: Mapping[str, PageEngine], language: str, handwritten: bool, seconds: float
) -> tuple[Reading, PageEngine]:
    """Return the reading of the first engine that can, and that engine."""
    warnings: list[str] = []
    for name in suited_first(engines, language):
        engine = engines[name]
        try:
            reading = engine.read(picture, language=language, handwritten=handwritten, seconds=seconds)
        except EngineCrashed:
            raise
        except OcrError as error:
            warnings.append(str(error))
            continue
        return replace(reading, warnings=(*warnings, *reading.warnings)), engine
    raise (EngineUnavailable if warnings else OcrError)(" ".join(warnings) or "No OCR engine is set up.")


def _looked_at_again(
    picture: Path, first: Reading, second: LineEngine, mode: Mode, language: str, seconds: float
) -> Reading:
    languages = languages_of(first, language)
    lexicons = lexicons_of(languages)
    numbers = list(range(len(first.lines))) if mode == "best" else doubted_lines(first, lexicons)
    if not numbers:
        return calibrated(first, lexicons)
    return look_again(picture, first, second, numbers=numbers, languages=languages, seconds=seconds)


def _best_way_up(picture: Path, alone: Reading, engine: PageEngine, language: str, seconds: float) -> Reading:
    """Return the most legible reading of a page that could hardly be read, among other ways to hold it."""
    best, spent = alone, alone.seconds
    with tempfile.TemporaryDirectory(prefix="turned-") as folder:
        for degrees in (90, 270) if lies_sideways(alone) else (180,):
            turned, size = turned_picture(picture, degrees, Path(folder))
            try:
                found = engine.read(turned, language=language, handwritten=False, seconds=seconds)
            except OcrError as error:
                return replace(best, seconds=spent, warnings=(*best.warnings, str(error)))
            spent += found.seconds
            found = calibrated(found, lexicons_of(languages_of(found, language)))
            if share_right(found) > max(LEGIBLE, share_right(best)):
                note = f"The page was turned by {degrees} degrees to read it."
                best = replace(turned_back(found, degrees, size), warnings=(*found.warnings, note))
    return replace(best, seconds=spent)
