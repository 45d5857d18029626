"""Tables: rows of a page whose pieces stand below each other, as on receipts and in ledgers. Order is left alone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from rapidfuzz.distance import Levenshtein

from .base import TABLE, Cell, Line, Word

WIDE = 1.0
"""Blanks this many letter heights wide stand between cells; between words of running text they have 0.3 to 0.8."""

ROWS = 3
"""A table has at least so many rows of two cells and more."""

PASSED_OVER = 1
"""So many lines without cells may stand between two rows: an item's name that has a line to itself."""

CROSSING = 0.2
"""A long cell may run across the blank between two columns in this part of the rows."""

LONG_CELL = 30
"""Rows of which two cells have more characters are not a table's but two columns' of running text."""

Gap = tuple[int, int]
"""The left and the right end of a blank between two words, in pixels."""


@dataclass(frozen=True)
class Row:
    """A line with its wide blanks: `parts` are runs of words between them."""

    line: Line
    gaps: tuple[Gap, ...]
    parts: tuple[tuple[Word, ...], ...]


def with_tables(lines: Sequence[Line]) -> list[Line]:
    """Return the lines in their order, those of tables marked as such, with their cells."""
    rows = [row_of(line) for line in lines]
    found = list(lines)
    for start, end in runs(rows):
        found[start:end] = as_table(lines[start:end])
    return found


def as_table(lines: Sequence[Line]) -> list[Line]:
    """Return the lines as the rows of one table, with their cells."""
    columns = gutters([row_of(line) for line in lines])
    return [replace(line, kind=TABLE, cells=cells_of(line, columns)) for line in lines]


def row_of(line: Line) -> Row:
    """Return the line cut at its wide blanks."""
    if not line.words:
        return Row(line, (), ())
    wide = WIDE * median(word.box[3] - word.box[1] for word in line.words)
    parts, gaps = [[line.words[0]]], []
    for word in line.words[1:]:
        gap = (parts[-1][-1].box[2], word.box[0])
        if gap[1] - gap[0] > wide:
            gaps.append(gap)
            parts.append([])
        parts[-1].append(word)
    return Row(line, tuple(gaps), tuple(map(tuple, parts)))


def runs(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return where tables begin and end (exclusive): rows whose blanks stand below those of the row before."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(rows):
        end = _end_of_run(rows, start)
        if is_table(rows[start:end]):
            found.append((start, end))
        start = max(end, start + 1)
    return found


def _end_of_run(rows: Sequence[Row], start: int) -> int:
    last = start
    for number in range(start + 1, len(rows)):
        if number - last > PASSED_OVER + 1 or rows[number].line.box[1] < rows[number - 1].line.box[1]:
            break
        if _goes_on(rows[last], rows[number]):
            last = number
    return last + 1


def _goes_on(upper: Row, lower: Row) -> bool:
    """Whether a blank of one row stands above one of the other, and both rows near each other."""
    height = upper.line.box[3] - upper.line.box[1]
    if lower.line.box[1] - upper.line.box[3] > 3 * height:
        return False
    return any(min(a[1], b[1]) > max(a[0], b[0]) for a in upper.gaps for b in lower.gaps)


def is_table(rows: Sequence[Row]) -> bool:
    """Whether enough rows have cells, and these are short as figures and names are."""
    cut = [row for row in rows if row.gaps]
    if len(cut) < ROWS:
        return False
    second = [sorted(sum(len(word.text) + 1 for word in part) for part in row.parts)[-2] for row in cut]
    return median(second) <= LONG_CELL and bool(gutters(rows))


def gutters(rows: Sequence[Row]) -> list[float]:
    """Return the middles of the blanks between the table's columns, from left to right."""
    cut = [row for row in rows if row.gaps]
    width = max((row.line.box[2] for row in cut), default=0) + 1
    cover = np.zeros(width, dtype=int)
    for row in cut:
        for part in row.parts:
            cover[part[0].box[0] : part[-1].box[2]] += 1
    free = cover <= CROSSING * len(cut)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(int)))
    middles = [(a + b) / 2 for a, b in edges.reshape(-1, 2)]
    return [middle for middle in middles if _parts(cut, middle)]


def _parts(rows: Sequence[Row], middle: float) -> bool:
    """Whether a blank around `middle` parts the words of enough rows to be one between columns."""
    parted = sum(any(gap[0] <= middle <= gap[1] for gap in row.gaps) for row in rows)
    return parted >= max(2, len(rows) / 3)


def cells_of(line: Line, columns: Sequence[float]) -> tuple[Cell, ...]:
    """Return where the line's cells begin; a word belongs to the column that its run of words begins in."""
    row, found, number = row_of(line), [], 0
    for part in row.parts:
        for place, word in enumerate(part):
            before = part[place - 1].box[2] if place else -1
            begins = not place or any(before <= middle <= word.box[0] for middle in columns)
            column = bisect_right(columns, word.box[0])
            if begins and (not found or column > found[-1][1]):
                found.append((number, column))
            number += 1
    return tuple(found)


def moved_cells(cells: Sequence[Sequence[int]], before: str, after: str) -> list[list[int]]:
    """Return where the cells of a row begin once its text has changed; a cell that has lost its words goes.

    `cells` are [word, column] as they are stored, `before` and `after` the row's whole text.
    """
    old, new = before.split(), after.split()
    places = {len(old): len(new)}
    for op in Levenshtein.opcodes(old, new):
        for number in range(op.src_start, op.src_end):
            places[number] = min(op.dest_start + number - op.src_start, op.dest_end)
    moved = {places.get(word, len(new)): column for word, column in cells}  # of two in one place the later has words
    found = [[word, column] for word, column in moved.items() if word < len(new)]
    return [[0, found[0][1]], *found[1:]] if found else []  # what was put in before the first belongs to it
