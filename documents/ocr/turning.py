"""Pages that lie on their side or stand on their head: the picture turned, and boxes brought back to the page."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from .base import Box, Line, Reading

TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Degrees clockwise to Pillow's names, which count the other way."""

TALL = 1.5
"""A line this much taller than wide runs up or down the page (the same figure as for stamps in the margin)."""


def turned_picture(picture: Path, degrees: int, folder: Path) -> tuple[Path, tuple[int, int]]:
    """Write the picture turned clockwise by 90, 180 or 270 degrees. Return its path and the page's (width, height)."""
    target = folder / f"turned{degrees}.bmp"
    with Image.open(picture) as image:
        image.transpose(TURNS[degrees]).save(target)
        return target, image.size


def turned_back(reading: Reading, degrees: int, size: tuple[int, int]) -> Reading:
    """Return the reading of the turned picture with its boxes in pixels of the page, which has that `size`."""
    return reading.with_boxes(lambda box: box_back(box, degrees, size))


def box_back(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Return where a box of the turned picture lies on the page, whose (width, height) is `size`."""
    left, top, right, bottom = box
    width, height = size
    if degrees == 90:
        return top, height - right, bottom, height - left
    if degrees == 180:
        return width - right, height - bottom, width - left, height - top
    return width - bottom, left, width - top, right


def lies_sideways(reading: Reading) -> bool:
    """Whether most of the text, by characters, runs up or down the page."""
    upright = sum(len(line.text) for line in reading.lines if _is_tall(line))
    return upright > 0.5 * sum(len(line.text) for line in reading.lines)


def _is_tall(line: Line) -> bool:
    left, top, right, bottom = line.box
    return len(line.text) > 2 and bottom - top > TALL * (right - left)
