"""Reading order: pieces of text as an engine found them, put into the lines that a reader sees."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from .base import Box, Line

SAME_ROW = 0.5
"""Two pieces share a row when they overlap by this part of the lower one's height (0.3 to 0.6 measured alike)."""

UPRIGHT = 1.5
"""A piece this much taller than wide runs up or down the page, such as a stamp in the margin: never part of a row."""

COLUMN_LINES = 4
"""A column has at least so many lines..."""

COLUMN_CHARACTERS = 18
"""...of at least so many characters, half of them: the prices on a receipt are no column to be read by itself."""

CROSSING = 0.2
"""At most this part of a page's lines (headings, noise) may run across the gutter between two columns."""


def in_reading_order(pieces: Iterable[Line]) -> tuple[Line, ...]:
    """Return whole lines from top to bottom, one column after the other.

    Pieces of one row (a receipt's item and its price) become one Line, from left to right.
    """
    pieces = list(pieces)
    gutter = find_gutter(pieces)
    if gutter is None:
        return tuple(join(row) for row in rows(pieces))
    return by_columns(pieces, gutter)


def find_gutter(pieces: list[Line]) -> int | None:
    """Return the x between two columns of running text, or None when the page has one column."""
    best: tuple[int, int, int] | None = None
    for x in {piece.box[2] for piece in pieces}:
        left, right, across = split_at(pieces, x)
        if len(across) <= CROSSING * len(pieces) and are_columns(left, right):
            found = (len(across), -min(len(left), len(right)), x)
            best = min(best, found) if best else found
    return best[2] if best else None


def split_at(pieces: list[Line], x: int) -> tuple[list[Line], list[Line], list[Line]]:
    """Return the pieces left of `x`, those right of it, and those that run across it."""
    left = [piece for piece in pieces if piece.box[2] <= x]
    right = [piece for piece in pieces if piece.box[0] >= x]
    across = [piece for piece in pieces if piece.box[0] < x < piece.box[2]]
    return left, right, across


def are_columns(left: list[Line], right: list[Line]) -> bool:
    """Whether both sides read like running text and stand beside each other, not one below the other."""
    for side in (left, right):
        if len(side) < COLUMN_LINES or median(len(piece.text) for piece in side) < COLUMN_CHARACTERS:
            return False
    a, b = surrounding(left), surrounding(right)
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared >= 0.5 * min(height(a), height(b))


def by_columns(pieces: list[Line], gutter: int) -> tuple[Line, ...]:
    """Return lines with the left column first. What runs across ends the columns above it, as a heading does."""
    left, right, across = split_at(pieces, gutter)
    lines: list[Line] = []
    top = float("-inf")
    for heading in rows(across):
        bottom = centre(surrounding(heading))
        lines += one_band(left, right, top, bottom)
        lines.append(join(heading))
        top = bottom
    return tuple(lines + one_band(left, right, top, float("inf")))


def one_band(left: list[Line], right: list[Line], top: float, bottom: float) -> list[Line]:
    """Return the lines of both columns between two heights; each column may have columns of its own."""
    lines: list[Line] = []
    for side in (left, right):
        lines += in_reading_order(piece for piece in side if top <= centre(piece.box) < bottom)
    return lines


def rows(pieces: Iterable[Line]) -> list[list[Line]]:
    """Return the pieces grouped by row: rows from top to bottom, the pieces of each from left to right."""
    found: list[list[Line]] = []
    for piece in sorted(pieces, key=lambda piece: centre(piece.box)):
        row = next((row for row in reversed(found) if belongs(piece, row)), None)
        if row:
            row.append(piece)
        else:
            found.append([piece])
    return [sorted(row, key=lambda piece: piece.box[0]) for row in found]


def belongs(piece: Line, row: list[Line]) -> bool:
    """Whether `piece` stands in `row`, judged by its neighbour there: over the page's width a tilted row climbs."""
    if is_upright(piece):
        return False
    neighbour = min(row, key=lambda other: max(other.box[0] - piece.box[2], piece.box[0] - other.box[2]))
    a, b = piece.box, neighbour.box
    lower = min(height(a), height(b))
    beside = min(a[2], b[2]) - max(a[0], b[0]) < lower
    return beside and not is_upright(neighbour) and min(a[3], b[3]) - max(a[1], b[1]) > SAME_ROW * lower


def is_upright(piece: Line) -> bool:
    """Whether the text runs up or down the page; one or two characters may be narrow without that."""
    left, _, right, _ = piece.box
    return len(piece.text) > 2 and height(piece.box) > UPRIGHT * (right - left)


def join(row: list[Line]) -> Line:
    """Return one Line of a row's pieces; its confidence is theirs, weighted by their number of characters."""
    if len(row) == 1:
        return row[0]
    characters = sum(len(piece.text) for piece in row) or 1
    return Line(
        text=" ".join(piece.text for piece in row),
        box=surrounding(row),
        confidence=sum(piece.confidence * len(piece.text) for piece in row) / characters,
        words=tuple(word for piece in row for word in piece.words),
    )


def surrounding(pieces: list[Line]) -> Box:
    """Return the smallest box around all `pieces`."""
    return surrounding_box([piece.box for piece in pieces])


def surrounding_box(boxes: list[Box]) -> Box:
    """Return the smallest box around all `boxes`, of which there is one at least."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def centre(box: Box) -> float:
    """Return the height of the box's middle, in pixels from the top of the page."""
    return (box[1] + box[3]) / 2


def height(box: Box) -> int:
    """Return the box's height in pixels."""
    return box[3] - box[1]
