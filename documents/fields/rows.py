"""The words of a page as a person sees them: in rows from top to bottom, however the engine cut its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from documents.fields.base import Box, Piece, around

SAME_ROW = 0.5
"""Share of the lower line's height by which two lines must overlap to stand in one row."""

GAP = 2.5
"""A gap of so many heights of the row divides columns; blanks between words are below one."""


@dataclass(frozen=True)
class Row:
    """Words that stand side by side. In `text` a blank stands between words, a tab between columns."""

    pieces: tuple[Piece, ...]

    @cached_property
    def text(self) -> str:
        """The row as one string."""
        return "".join(self._gap(n) + piece.text for n, piece in enumerate(self.pieces))

    def _gap(self, number: int) -> str:
        """Return what stands before a piece."""
        if number == 0:
            return ""
        left, right = self.pieces[number - 1].box, self.pieces[number].box
        is_wide = left and right and right[0] - left[2] > GAP * (right[3] - right[1])
        return "\t" if is_wide else " "

    @property
    def box(self) -> Box | None:
        """The box around the row; None where none of its words has one."""
        return around([piece.box for piece in self.pieces])

    def under(self, start: int, end: int) -> list[Piece]:
        """Return the pieces that text[start:end] touches."""
        found, at = [], 0
        for piece in self.pieces:
            if at < end and at + len(piece.text) > start:
                found.append(piece)
            at += len(piece.text) + 1
        return found

    def box_of(self, start: int, end: int) -> Box | None:
        """Return the box around text[start:end]."""
        return around([piece.box for piece in self.under(start, end)])

    def confidence_of(self, start: int, end: int) -> float:
        """Return the least confidence of the words under text[start:end]; what people wrote is certain."""
        return min((p.confidence for p in self.under(start, end) if p.confidence is not None), default=1.0)


def rows_of(lines: Sequence[Sequence[Piece]]) -> list[Row]:
    """Return the rows of a page from top to bottom. Lines without a place follow the line that they come after."""
    rows: list[list[Piece]] = []
    for line in _top_down(lines):
        if rows and _beside(rows[-1], line):
            rows[-1] += line
        else:
            rows.append(list(line))
    return [Row(tuple(_left_to_right(row))) for row in rows]


def _top_down(lines: Sequence[Sequence[Piece]]) -> list[Sequence[Piece]]:
    keyed, last = [], 0.0
    for line in lines:
        if not line:
            continue
        box = around([piece.box for piece in line])
        last = (box[1] + box[3]) / 2 if box else last
        keyed.append((last, line))
    return [line for _middle, line in sorted(keyed, key=lambda pair: pair[0])]


def _beside(row: Sequence[Piece], line: Sequence[Piece]) -> bool:
    """Return whether the line stands at the height of the row, and not on top of its words."""
    left, right = around([p.box for p in row[-3:]]), around([p.box for p in line])
    whole = around([p.box for p in row])
    if not left or not right or not whole:
        return False
    shared = min(left[3], right[3]) - max(left[1], right[1])
    is_apart = right[0] >= whole[2] - 2 or right[2] <= whole[0] + 2
    return is_apart and shared > SAME_ROW * min(left[3] - left[1], right[3] - right[1])


def _left_to_right(row: list[Piece]) -> list[Piece]:
    if any(piece.box is None for piece in row):
        return row
    return sorted(row, key=lambda piece: piece.box[0])
