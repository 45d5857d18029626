"""Reading one page as well as the engines here can together: which are asked, in which order, and for what."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from .base import EngineCrashed, EngineUnavailable, OcrError, Reading
from .blocks import with_blocks
from .calibration import WORDS
from .consensus import calibrated
from .engines import suited_first
from .preparing_options import TURNED
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
leaving them out took 95 wrong characters away on 68 pages, and the errors rose on no set of them."""


class PageEngine(Protocol):
    """An engine with a deadline, such as HostedEngine."""

    name: str

    def read(self, image: Path, *, language: str, handwritten: bool, seconds: float) -> Reading:
        """Return the page's lines. Raises OcrError or one of its kinds."""
        ...


@dataclass(frozen=True)
class View:
    """A page's picture as it is held, perhaps turned clockwise by `degrees`, and its first reading: as the engine gave
    it, and calibrated. `size` is the page's, in pixels, when it was turned."""

    picture: Path
    alone: Reading
    first: Reading
    degrees: int = 0
    size: tuple[int, int] = (0, 0)

    def on_page(self, reading: Reading) -> Reading:
        """Return a reading of this view with its blocks, its boxes in pixels of the page, and the turn on record."""
        reading = with_blocks(reading)
        if not self.degrees:
            return reading
        return replace(turned_back(reading, self.degrees, self.size), preparation=(TURNED[self.degrees],))

    def after(self, seconds: float, *warnings: str) -> View:
        """Return the view with the time that finding it took, and with warnings."""
        alone, first = (
            replace(reading, seconds=seconds, warnings=(*reading.warnings, *warnings))
            for reading in (self.alone, self.first)
        )
        return replace(self, alone=alone, first=first)


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
        return with_blocks(alone)
    with tempfile.TemporaryDirectory(prefix="turned-") as folder:
        view = View(picture, alone, first)
        if lies_sideways(first) or share_right(alone) < LEGIBLE:
            view = _best_view(view, engine, language, seconds, Path(folder))
        second = engines.get(SECOND_ENGINE)
        if second is None or second is engine or share_right(view.alone) < LEGIBLE:
            return view.on_page(view.alone)
        return view.on_page(without_strays(_looked_at_again(view, second, mode, language, seconds)))


def share_right(reading: Reading) -> float:
    """Return the share of right characters, 0 to 1, by the confidences of a calibrated reading; 0.0 for no text."""
    characters = sum(len(line.text) for line in reading.lines)
    return sum(line.confidence * len(line.text) for line in reading.lines) / characters if characters else 0.0


def without_strays(reading: Reading) -> Reading:
    """Return a calibrated reading without the lines that are no text, on a page that is one; a warning counts them."""
    kept = tuple(line for line in reading.lines if line.confidence >= STRAY)
    left_out = len(reading.lines) - len(kept)
    if not left_out:
        return reading
    note = f"Marks that are hardly text were left out (stamps, scribbles): {left_out}. The fast mode shows them."
    return replace(reading, lines=kept, warnings=(*reading.warnings, note))


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


def _looked_at_again(view: View, second: LineEngine, mode: Mode, language: str, seconds: float) -> Reading:
    languages = languages_of(view.first, language)
    lexicons = lexicons_of(languages)
    everything = range(len(view.first.lines))
    numbers = list(everything) if mode == "best" else doubted_lines(view.first, lexicons)
    if not numbers:
        return view.alone
    return look_again(view.picture, view.first, second, numbers=numbers, languages=languages, seconds=seconds)


def _best_view(upright: View, engine: PageEngine, language: str, seconds: float, folder: Path) -> View:
    """Return the most legible way to hold a page that lies on its side or could hardly be read."""
    sideways = lies_sideways(upright.first)
    best, spent = upright, upright.first.seconds
    goal = LEGIBLE if sideways else max(LEGIBLE, share_right(upright.alone))
    for degrees in (90, 270) if sideways else (180,):
        picture, size = turned_picture(upright.picture, degrees, folder)
        try:
            first = engine.read(picture, language=language, handwritten=False, seconds=seconds)
        except OcrError as error:
            return best.after(spent, str(error))
        spent += first.seconds
        alone = calibrated(first, lexicons_of(languages_of(first, language)))
        if share_right(alone) > goal and not lies_sideways(first):
            best, goal = View(picture, alone, first, degrees, size), share_right(alone)
    return best.after(spent, *([f"The page was turned by {best.degrees} degrees to read it."] if best.degrees else []))
