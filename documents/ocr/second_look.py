"""A second look, by another engine, at the lines of which the first one is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Protocol

from documents.correction.lexicon import guess_language, lexicon_for

from .base import Box, Line, OcrError, Reading
from .calibration import kind_of, probability
from .choosing import Vocabulary
from .consensus import calibrated, consensus

SURE = 0.9
"""A line is looked at again unless each of its words has this probability of being right: four lines in five of the
typescripts and receipts, and more found nothing more."""

BLOCK_LINES = 5
"""So many lines together may be in a language of their own..."""

BLOCK_LETTERS = 150
"""...when they have so many letters: fewer mislead (of 60 blocks of receipts, with about 100 letters each, 26 did)."""

FALLBACK_LANGUAGE = "en"
"""Whose words are taken for known on a page too short to tell its language."""

LONG_LINE_WORDS, LONG_LINES = 4, 3
"""A page's tilt is told from lines of so many words, when there are so many of them."""

SPARE_SECONDS = 10.0
"""The second look may take as long as the first, and this, before it is given up."""


class LineEngine(Protocol):
    """An engine that reads single lines of a page."""

    name: str

    def read_lines(self, image: Path, boxes: Sequence[Box], *, language: str, slope: float, seconds: float) -> Reading:
        """Return one Line for each box, without text where nothing was read. Raises OcrError.

        `slope` is how many pixels the lines fall for each pixel to the right.
        """
        ...


def languages_of(reading: Reading, stated: str) -> list[str]:
    """Return the language of each line (ISO 639-1): the stated one, or what its block or else the page looks like."""
    if stated:
        return [stated] * len(reading.lines)
    page = guess_language(reading.text) or FALLBACK_LANGUAGE
    found: list[str] = []
    for start in range(0, len(reading.lines), BLOCK_LINES):
        block = reading.lines[start : start + BLOCK_LINES]
        found += [_language_of_block(block, page)] * len(block)
    return found


def lexicons_of(languages: Sequence[str]) -> list[Vocabulary]:
    """Return for each line the words of its language; none where we have no list of that language."""
    return [lexicon_for(language) or NoWords() for language in languages]


def doubted_lines(reading: Reading, lexicons: Sequence[Vocabulary]) -> list[int]:
    """Return the numbers of the lines with a word that may well be wrong."""
    return [
        number
        for number, (line, lexicon) in enumerate(zip(reading.lines, lexicons, strict=True))
        if any(
            probability(word.confidence, reading.engine, kind_of(word.text, lexicon.knows)) < SURE
            for word in line.words
        )
    ]


def slope_of(reading: Reading) -> float:
    """Return how many pixels the page's lines fall for each pixel to the right: the median of its long lines."""
    slopes = []
    for line in reading.lines:
        if len(line.words) >= LONG_LINE_WORDS:
            (x0, y0), (x1, y1) = _middle(line.words[0].box), _middle(line.words[-1].box)
            if x1 - x0 > line.box[3] - line.box[1]:
                slopes.append((y1 - y0) / (x1 - x0))
    return median(slopes) if len(slopes) >= LONG_LINES else 0.0


def look_again(
    picture: Path,
    first: Reading,
    engine: LineEngine,
    *,
    numbers: Sequence[int],
    languages: Sequence[str],
    seconds: float,
) -> Reading:
    """Return the consensus of `first` with what `engine` reads in the lines of those `numbers`.

    `languages` has one for each line of `first`. Nothing that the engine does loses the first reading: lines that it
    cannot read stay as they are, and the reason is among the warnings.
    """
    lines = [replace(line, text="", words=()) for line in first.lines]
    warnings: list[str] = []
    spent, version = 0.0, ""
    left, slope = min(seconds, first.seconds + SPARE_SECONDS), slope_of(first)
    for language in sorted({languages[number] for number in numbers}):
        wanted = [number for number in numbers if languages[number] == language]
        try:
            boxes = [first.lines[number].box for number in wanted]
            found = _asked(engine, picture, boxes, language, slope, left - spent)
        except OcrError as error:
            warnings.append(str(error))
            continue
        spent, version = spent + found.seconds, found.version
        for number, line in zip(wanted, found.lines, strict=True):
            lines[number] = line
    lexicons = lexicons_of(languages)
    if not any(line.words for line in lines):
        return calibrated(replace(first, warnings=(*first.warnings, *warnings)), lexicons)
    return consensus(first, Reading(tuple(lines), engine.name, version, spent, tuple(warnings)), lexicons)


def _asked(engine: LineEngine, picture: Path, boxes: list[Box], language: str, slope: float, seconds: float) -> Reading:
    """Return what the engine reads in the boxes. Raises OcrError, also when the answer does not fit them."""
    if seconds <= 0:
        raise OcrError("There was no time left for a second look at some lines of this page. Compare them closely.")
    found = engine.read_lines(picture, boxes, language=language, slope=slope, seconds=seconds)
    if len(found.lines) != len(boxes):
        raise OcrError(f"The {engine.name} engine mixed up the lines of this page, so its reading was not used.")
    return found


def _middle(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _language_of_block(lines: Sequence[Line], page: str) -> str:
    text = "\n".join(line.text for line in lines)
    if sum(character.isalpha() for character in text) < BLOCK_LETTERS:
        return page
    return guess_language(text) or page


class NoWords:
    """The vocabulary of a language of which we have no list."""

    def knows(self, word: str) -> bool:
        """Return False."""
        return False

    def zipf(self, word: str) -> float:
        """Return 0.0."""
        return 0.0
