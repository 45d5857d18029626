"""Key fields of invoices and receipts: what is found, and in what. A leaf: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels of the page picture; right and bottom are exclusive."""

NUMBER, DATE, SELLER, TOTAL, TAX, CURRENCY = NAMES = ("number", "date", "seller", "total", "tax", "currency")
"""The fields, in the order in which people are shown them."""


@dataclass(frozen=True)
class Piece:
    """A word of the page. `box` and `confidence` (0 to 1) are None where a person put the word in."""

    text: str
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Found:
    """A field as it was found.

    `value` is what is kept: dates as YYYY-MM-DD, amounts with a point and two decimals, currencies by their three
    letters. `text` is what stands on the page, at `box`. `confidence` (0 to 1) says how much speaks for it, `rule`
    which rule found it: a score to order by, not a measured probability.
    """

    name: str
    value: str
    text: str
    box: Box | None
    confidence: float
    rule: str


def around(boxes: Sequence[Box | None]) -> Box | None:
    """Return the smallest box around those that are there; None when none is."""
    there = [box for box in boxes if box]
    if not there:
        return None
    return (min(b[0] for b in there), min(b[1] for b in there), max(b[2] for b in there), max(b[3] for b in there))
