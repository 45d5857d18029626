"""Where words are written in a PDF: over their places, but so that other programs see which stand in one line.

A PDF has no lines: whoever reads it guesses them from sizes and base lines. Boxes of OCR overlap, touch and slant, and
taken as they are they make those programs join lines and words. The figures are poppler's (TextOutputDev) and
PDFium's (cpdf_textpage), with some room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from documents.export.base import Box, ExportLine
from documents.export.places import is_tall

GAP = 0.2
"""Blanks are at least so wide, in letter heights: poppler takes two words with less than 0.15 between them for one."""
SLIM = 3.0
"""Letters are at most so many times as high as they are wide; no blank would fit between them else."""
SWAY, SIZES = 0.12, (0.7, 1.3)
"""How far a word's base and size may be off those of its neighbours: stains and torn letters have odd boxes."""
SLOPE = 0.2
"""How far a word's base may be off that of the word before it, in sizes; from 0.25 on, PDFium sees another line."""
NEIGHBOURS = 2
"""Words on either side that tell where the base of a word should be: slanting lines slant slowly."""
STEP = 0.55
"""How far below or above the base of one line that of the next one is at least, in sizes: poppler's limit is 0.5."""
CLEAR = 0.98
"""How much of that step the letters that stand on the lower base may fill: PDFium's limit is 1, no overlap."""
RAISED = 0.35
"""By how much of its height a line is raised when it stands beside the one before it."""
RIGHT, DOWN, UP = "right", "down", "up"


@dataclass(frozen=True)
class Span:
    """A word along its line: from `start` to `end` in the line's direction, standing on `base`, `size` high, in pixels.

    Upwards, `start` and `end` are counted from the page's upper edge with a minus.
    """

    text: str
    way: str
    start: float
    end: float
    base: float
    size: float
    is_glued: bool


def spans_of(lines: Sequence[ExportLine]) -> list[list[Span]]:
    """Return for each line that has words where these are written."""
    found = [_parted(_levelled(_spans(line))) for line in lines if line.words]
    for above, below in pairwise(range(len(found))):
        found[above], found[below] = _kept_apart(found[above], found[below])
    return found


def _spans(line: ExportLine) -> list[Span]:
    way = _direction(line)
    return [_span(word.text, word.box, way, word.is_glued) for word in line.words]


def _direction(line: ExportLine) -> str:
    if not is_tall(line.text, line.box):
        return RIGHT
    return UP if len(line.words) > 1 and line.words[0].box[1] > line.words[-1].box[1] else DOWN


def _span(text: str, box: Box, way: str, is_glued: bool) -> Span:
    left, top, right, bottom = box
    start, end, base, size = {
        RIGHT: (left, right, bottom, bottom - top), DOWN: (top, bottom, left, right - left),
        UP: (-bottom, -top, right, right - left),
    }[way]  # fmt: skip
    return Span(text, way, start, max(end, start + 1), base, max(size, 1), is_glued)


def _levelled(spans: Sequence[Span]) -> list[Span]:
    """Return the words on a common base, which follows a line that slants."""
    found: list[Span] = []
    for number, span in enumerate(spans):
        near = spans[max(0, number - NEIGHBOURS) : number + NEIGHBOURS + 1]
        usual, size = median(one.base for one in near), median(one.size for one in near)
        size = _within(span.size, SIZES[0] * size, SIZES[1] * size)
        base = _within(span.base, usual - SWAY * size, usual + SWAY * size)
        if found:
            slope = SLOPE * min(size, found[-1].size)
            base = _within(base, found[-1].base - slope, found[-1].base + slope)
        found.append(replace(span, base=base, size=size))
    return found


def _within(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


def _parted(spans: list[Span]) -> list[Span]:
    """Return the words with room for a blank after each: boxes of words often touch, and then they end earlier."""
    letters = sum(len(span.text) + 1 for span in spans)
    highest = SLIM * (max(span.end for span in spans) - min(span.start for span in spans)) / letters
    low = [replace(span, size=min(span.size, max(highest, 0.5))) for span in spans]
    found = [low[0]]
    for span in low[1:]:
        before = found[-1]
        if not span.is_glued:
            end = max(before.start + 0.5 * (before.end - before.start), min(before.end, span.start - GAP * before.size))
            found[-1] = before = replace(before, end=end)
            span = replace(span, start=max(span.start, end + GAP * before.size))
        span = replace(span, start=max(span.start, before.end))
        found.append(replace(span, end=max(span.end, span.start + 1)))
    return found


def _kept_apart(above: list[Span], below: list[Span]) -> tuple[list[Span], list[Span]]:
    """Return both lines so that the second is seen to be one of its own, also where they overlap or stand abreast.

    What counts is the step from the last word of the one to the first word of the other.
    """
    last, first = above[-1], below[0]
    if last.way != RIGHT or first.way != RIGHT:
        return above, below
    lift = RAISED * first.size
    if abs(first.base - lift - last.base) > abs(first.base - last.base):
        below = [replace(span, base=span.base - lift, size=max(span.size - lift, 0.5)) for span in below]
        first = below[0]
    step = first.base - last.base
    limits = (STEP, 1 / CLEAR) if step > 0 else (1 / CLEAR, STEP)
    last, first = (_not_above(span, abs(step) / limit) for span, limit in zip((last, first), limits, strict=True))
    return [*above[:-1], last], [first, *below[1:]]


def _not_above(span: Span, size: float) -> Span:
    return replace(span, size=min(span.size, max(size, 0.5)))
