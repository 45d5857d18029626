"""What can be done to a picture before it is read, and where its points lie then. No picture is touched here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from .base import Box, OcrError

NONE = "none"
"""What to ask for to have a page read as it is; "" is automatic, else the names of steps between commas."""

NAMES = (
    "invert", "border", "denoise", "light", "contrast", "clahe", "reverse", "straighten", "scale", "binarise",
)  # fmt: skip
"""The steps, in the order in which they are done."""

TURNED = {90: "turn-90", 180: "turn-180", 270: "turn-270"}
"""What is recorded of a page that could only be read turned clockwise by so many degrees; nobody has to ask for it."""

Matrix = tuple[tuple[float, float, float], tuple[float, float, float]]
"""An affine map of points: x' = a x + b y + c, y' = d x + e y + f."""

SAME: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


@dataclass(frozen=True)
class Prepared:
    """A page's picture as it is to be read: the names of what was done to it, and the map from its points to the
    page's. Nothing was done: `path` is the page's own picture."""

    path: Path
    steps: tuple[str, ...] = ()
    matrix: Matrix = SAME

    def on_page(self, box: Box) -> Box:
        """Return the smallest upright box, in whole pixels of the page, around a box of the prepared picture."""
        left, top, right, bottom = box
        corners = [[a * x + b * y + c for a, b, c in self.matrix] for x, y in product((left, right), (top, bottom))]
        across, down = zip(*corners, strict=True)
        return round(min(across)), round(min(down)), round(max(across)), round(max(down))


def steps_of(wanted: str) -> tuple[str, ...]:
    """Return the steps that are named, in the order of NAMES; none for "" and NONE. Raises OcrError for other names."""
    named = set() if wanted in ("", NONE) else set(wanted.split(","))
    if strange := sorted(named.difference(NAMES)):
        known = ", ".join([NONE, *NAMES])
        raise OcrError(f"There is no preparation called {strange[0]!r}. Choose from: {known}.")
    return tuple(name for name in NAMES if name in named)


def together(steps: Iterable[str]) -> str:
    """Return the names of steps as they are asked for: in order, between commas."""
    return ",".join(name for name in NAMES if name in set(steps))
