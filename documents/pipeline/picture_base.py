"""What all parts of the picture maker share: limits, results and errors. A leaf."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

FULL_DPI = 300
"""What OCR engines are made for. A lower wish scales pictures down in proportion to it."""

NAMES = {"pdf": "PDF document", "tiff": "TIFF", "jpeg": "JPEG", "png": "PNG", "webp": "WebP"}


@dataclass(frozen=True)
class Limits:
    """What is still read. Sizes in bytes and pixels, times in seconds."""

    max_bytes: int = 200_000_000
    """A 500-page colour scan has about 150 MB."""
    max_pages: int = 20_000
    """PDF pages: a large bound volume has 2,000; ten times that is a mistake or an attack."""
    max_frames: int = 2_000
    """TIFF frames: finding frame n means walking all before it, so the work grows with the square."""
    max_pixels: int = 150_000_000
    """An A0 sheet at 300 dpi has 139 million; 150 million take 600 MB decoded."""
    render_pixels: int = 40_000_000
    """A2 at 300 dpi has 35 million; engines gain nothing from more and need the memory."""
    page_seconds: int = 60
    """Drawing one PDF page: a heavy map takes 10 s."""


@dataclass(frozen=True)
class Contents:
    """What a stored file holds: its kind as `sniff` names it, and how many pages."""

    kind: str
    pages: int


@dataclass(frozen=True)
class Picture:
    """One page as a lossless file, grey or RGB; sizes in pixels, `warnings` are sentences for staff.

    `dpi` is None when the file says nothing plausible about its resolution.
    """

    path: Path
    width: int
    height: int
    dpi: int | None
    warnings: tuple[str, ...] = ()


class PictureError(Exception):
    """Something about a file is wrong: str() is one sentence for staff, `reason` one word for the code."""

    def __init__(self, message: str, reason: str):
        super().__init__(message, reason)  # both, so that it survives pickling
        self.message = message
        self.reason = reason

    def __str__(self) -> str:
        return self.message


class Unreadable(PictureError):
    """The whole file: empty, encrypted, truncated, too_large, too_many_pages, damaged or wrong_type."""


class PageProblem(PictureError):
    """This page only: damaged, too_large or timeout. The other pages of the file may be fine."""


class ToolMissing(Exception):
    """poppler is not installed or could not be started: no fault of the file, so try again later."""


def cut_off(kind: str) -> Unreadable:
    """Return the error to raise for a file without its end; `kind` as `sniff` names it."""
    message = f"The {NAMES[kind]} is cut off or damaged: its end is missing; copy or scan it again."
    return Unreadable(message, "truncated")


def damaged(kind: str) -> Unreadable:
    """Return the error to raise for a file that no reader understands; `kind` as `sniff` names it."""
    return Unreadable(f"The {NAMES[kind]} is damaged and cannot be opened; copy or scan it again.", "damaged")


Drawn = tuple[Image.Image, int | None, list[str]]
"""A plain picture, its resolution in dots per inch if known, and warnings."""


def without_needless_colour(image: Image.Image) -> Image.Image:
    """Return the image in mode L when its red, green and blue are equal everywhere: a third of the bytes."""
    if image.mode == "L":
        return image
    red, green, blue = image.split()
    is_grey = not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox()
    return red if is_grey else image
