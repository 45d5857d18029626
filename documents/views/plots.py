"""Figures as small pictures: where the bars of an SVG stand. The pictures themselves are in templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from documents.pipeline.intervals import Share

WIDTH, ROW, LABELS = 640, 30, 230
"""Of a plot of shares, in units of its own: its width, the height of a row, and what the names take of the width."""

COLUMN_HEIGHT = 110
"""Of a plot of days."""


@dataclass(frozen=True)
class Mark:
    """A share on its line: the point at `x`, its interval from `left` to `right`, all in the plot's units at `y`."""

    name: str
    share: Share
    y: int
    x: float
    left: float
    right: float


@dataclass(frozen=True)
class SharePlot:
    """Shares under each other, on a scale from `lowest` per cent to 100."""

    marks: tuple[Mark, ...]
    lowest: int

    @property
    def height(self) -> int:
        """Of the picture, with the scale below the rows."""
        return ROW * len(self.marks) + 26

    @property
    def ticks(self) -> list[tuple[float, int]]:
        """Where the scale has marks, and what they say: its ends and the middle."""
        middle = (self.lowest + 100) / 2
        return [(_at(value / 100, self.lowest), value) for value in (self.lowest, middle, 100)]


def share_plot(shares: Mapping[str, Share]) -> SharePlot | None:
    """Return the plot of named shares; None without any. The scale begins at the next ten below the lowest end."""
    if not shares:
        return None
    lowest = min(90, 10 * floor(10 * min(share.low for share in shares.values())))
    marks = [
        Mark(name, one, ROW * number + ROW // 2, *(_at(v, lowest) for v in (one.value, one.low, one.high)))
        for number, (name, one) in enumerate(shares.items())
    ]
    return SharePlot(tuple(marks), lowest)


def _at(value: float, lowest: int) -> float:
    return round(LABELS + (WIDTH - LABELS - 20) * (100 * value - lowest) / (100 - lowest), 1)


@dataclass(frozen=True)
class Column:
    """A day's bar: its left edge, its top and its height."""

    name: str
    count: int
    x: float
    y: float
    height: float


def columns(days: Sequence[tuple[str, int]]) -> list[Column]:
    """Return a bar per day; [] when there is nothing on any day."""
    highest = max((count for _day, count in days), default=0)
    if not highest:
        return []
    step = WIDTH / len(days)
    return [_column(number * step, day, count, highest) for number, (day, count) in enumerate(days)]


def _column(x: float, day: str, count: int, highest: int) -> Column:
    height = COLUMN_HEIGHT * count / highest
    return Column(day, count, round(x, 1), round(COLUMN_HEIGHT - height, 1), round(height, 1))


def bars(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int, float]]:
    """Return name, count and the bar's length in the plot's units, the longest over the whole width."""
    counts = list(counts)
    highest = max((count for _name, count in counts), default=0)
    room = WIDTH - LABELS - 60
    return [(name, count, round(room * count / highest, 1)) for name, count in counts]
