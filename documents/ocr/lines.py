"""Lines of engines that tell less than our structure holds: no words, no confidences, boxes beside the picture."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from PIL import Image

from .base import Box, Line, OcrError, Word

UNKNOWN_CONFIDENCE = 0.5
"""Stands for "look at it" where an engine does not say: shown as doubtful, and yet not counted as unreadable."""


def picture_size(image: Path) -> tuple[int, int]:
    """Return width and height in pixels. Raises OcrError when the file is no picture."""
    try:
        with Image.open(image) as picture:
            return picture.size
    except (OSError, Image.DecompressionBombError) as error:
        raise OcrError(f"The picture {image.name} could not be opened. Upload the document again.") from error


def within(box: Box, width: int, height: int) -> Box:
    """Return the part of `box` that lies in a picture of `width` and `height` pixels."""
    left, top, right, bottom = box
    return min(max(left, 0), width), min(max(top, 0), height), min(max(right, 0), width), min(max(bottom, 0), height)


def spread_words(text: str, box: Box, confidence: float) -> tuple[Word, ...]:
    """Return the words of `text` with parts of `box` in proportion to where their characters are in the line."""
    left, top, right, bottom = box
    step = (right - left) / max(1, len(text))
    words = []
    for found in re.finditer(r"\S+", text):
        part = (left + round(found.start() * step), top, left + round(found.end() * step), bottom)
        words.append(Word(found.group(), part, confidence))
    return tuple(words)


def with_confidence(line: Line) -> Line:
    """Return the line, with UNKNOWN_CONFIDENCE where its engine gave 0 for one that it read."""
    if line.confidence:
        return line
    words = tuple(replace(word, confidence=UNKNOWN_CONFIDENCE) for word in line.words)
    return replace(line, confidence=UNKNOWN_CONFIDENCE, words=words)
