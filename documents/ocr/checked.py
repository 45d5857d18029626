"""What comes out of an engine's process, made safe to store: boxes in the picture, confidences from 0 to 1."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from .base import HEADING, TABLE, Box, Line, OcrError, Reading, Word
from .lines import picture_size, within

Piece = TypeVar("Piece", Line, Word)

ANYWHERE = 2**31 - 1
"""Stands for the size in pixels of a picture that cannot be opened."""


def checked_reading(data: Any, image: Path) -> Reading:
    """Return the Reading that `data` is meant to be, of the picture at `image`.

    Boxes beside the picture and confidences beyond 0 to 1 are brought inside; one that is no number counts as 0.
    Raises ValueError when `data` has another shape.
    """
    try:
        width, height = picture_size(image)
    except OcrError:
        width = height = ANYWHERE
    try:
        reading = Reading.from_json(data)
        return replace(reading, lines=tuple(checked_line(line, width, height) for line in reading.lines))
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a reading: {type(error).__name__} {error}") from error


def checked_line(line: Line, width: int, height: int) -> Line:
    """Return the line inside a picture of that size. Raises TypeError or ValueError when its parts are of no use."""
    words = tuple(checked_piece(word, width, height) for word in line.words)
    kind = line.kind if line.kind in (HEADING, TABLE) else ""
    return replace(checked_piece(line, width, height), words=words, block=max(0, int(line.block)), kind=kind)


def checked_piece(piece: Piece, width: int, height: int) -> Piece:
    """Return the line or word with its own text, box and confidence as they are to be; the rest is kept."""
    return replace(
        piece,
        text=checked_text(piece.text),
        box=checked_box(piece.box, width, height),
        confidence=checked_confidence(piece.confidence),
    )


def checked_text(text: Any) -> str:
    """Return `text`. Raises TypeError when it is none."""
    if not isinstance(text, str):
        raise TypeError(f"text expected, not {type(text).__name__}")
    return text


def checked_box(box: Any, width: int, height: int) -> Box:
    """Return the box in whole pixels, inside the picture, left before right and top before bottom."""
    left, top, right, bottom = within(tuple(round(edge) for edge in box), width, height)
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def checked_confidence(confidence: Any) -> float:
    """Return the confidence, 0 to 1; 0.0 for NaN, which no database keeps."""
    value = float(confidence)
    return 0.0 if math.isnan(value) else min(max(value, 0.0), 1.0)
