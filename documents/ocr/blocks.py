"""Blocks: which lines of a page belong together, as paragraphs, headings and tables. Their order is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from .base import HEADING, TABLE, Line, Reading
from .layout import centre, height
from .tables import as_table, with_tables

FURTHER = 1.4
"""A line this many times further below than its neighbours are from each other begins a paragraph."""

INDENT = (0.8, 5.0)
"""A first line is set in by this much, in letter heights; more, and it is centred or stands on the right."""

NEAR, FLUSH = 3, 2
"""A margin is told by the lines near by: so many above and below, of which so many begin at it."""

LARGER = 1.45
"""Letters this many times as high as those of most lines are a heading's."""

HEADING_WORDS = 12
"""A heading has no more words."""


def with_blocks(reading: Reading) -> Reading:
    """Return the reading with its lines' blocks: numbers, kinds, and the cells of tables.

    Blocks that the engine found itself are kept, its tables get their cells. Lines that do not run downwards, as on a
    page that lies on its side, are left as they are.
    """
    if any(line.block or line.kind for line in reading.lines):
        return replace(reading, lines=tuple(with_cells(reading.lines)))
    return replace(reading, lines=tuple(grouped(reading.lines))) if runs_down(reading.lines) else reading


def with_cells(lines: Sequence[Line]) -> list[Line]:
    """Return lines whose blocks are known, the rows of each table with their cells."""
    found: list[Line] = []
    for (_number, kind), rows in groupby(lines, key=lambda line: (line.block, line.kind)):
        block = list(rows)
        found += as_table(block) if kind == TABLE else block
    return found


def runs_down(lines: Sequence[Line]) -> bool:
    """Whether at least half of the lines stand below the one before them."""
    steps = [_step(upper, lower) for upper, lower in pairwise(lines)]
    return sum(step is not None for step in steps) >= len(steps) / 2


def grouped(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the number and the kind of the block that each stands in."""
    lines = with_headings(with_tables(lines))
    steps = [_step(upper, lower) for upper, lower in pairwise(lines)]
    found, block = [], 0
    for number, line in enumerate(lines):
        block += number > 0 and begins(lines, steps, number)
        found.append(replace(line, block=block))
    return found


def with_headings(lines: Sequence[Line]) -> list[Line]:
    """Return the lines, those in much larger letters than most marked as headings."""
    if not lines:
        return []
    usual = median(_letters(line) for line in lines)
    return [replace(line, kind=HEADING) if _is_heading(line, usual) else line for line in lines]


def begins(lines: Sequence[Line], steps: Sequence[float | None], number: int) -> bool:
    """Whether the line of that number begins a block; `steps` are the ways down from each line to the next."""
    line, before = lines[number], lines[number - 1]
    if line.kind != before.kind:
        return True
    step = steps[number - 1]
    if step is None:
        return True
    if line.kind == TABLE:
        return False
    around = [other for other in (*steps[max(0, number - 2) : number - 1], *steps[number : number + 1]) if other]
    return bool(around and step > FURTHER * min(around)) or is_set_in(lines, number)


def is_set_in(lines: Sequence[Line], number: int) -> bool:
    """Whether the line is the first of a paragraph that shows by its indent alone, as in books."""
    line = lines[number]
    near = [*lines[max(0, number - NEAR) : number], *lines[number + 1 : number + 1 + NEAR]]
    letters = _letters(line)
    margin = min(other.box[0] for other in near)
    flush = sum(other.box[0] - margin < letters / 2 for other in near)
    return flush >= FLUSH and INDENT[0] * letters < line.box[0] - margin < INDENT[1] * letters


def _step(upper: Line, lower: Line) -> float | None:
    """Return how far below the one line the other stands, in pixels; None where it begins another column."""
    down = centre(lower.box) - centre(upper.box)
    return down if down > 0 else None


def _letters(line: Line) -> float:
    """Return the height of the line's letters in pixels: of a tilted line the box is higher."""
    return median(height(word.box) for word in line.words) if line.words else height(line.box)


def _is_heading(line: Line, usual: float) -> bool:
    letters = sum(map(str.isalpha, line.text))
    is_title = 3 <= letters >= len(line.text) / 2 and len(line.words) <= HEADING_WORDS  # and no stamped number
    return is_title and line.kind != TABLE and _letters(line) > LARGER * usual
