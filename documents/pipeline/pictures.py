"""Turns uploaded files into page pictures. A leaf: no Django, so that a child process starts fast."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image

from documents.pipeline import image_pages, pdf_pages
from documents.pipeline.picture_base import (
    FULL_DPI,
    Contents,
    Limits,
    PageProblem,
    Picture,
    PictureError,
    ToolMissing,
    Unreadable,
)

__all__ = [
    "PICTURE_SUFFIX",
    "Contents",
    "Limits",
    "PageProblem",
    "Picture",
    "PictureError",
    "ToolMissing",
    "Unreadable",
    "display_copy",
    "inspect",
    "render_page",
    "sniff",
    "thumbnail",
]

PICTURE_SUFFIX = ".bmp"
"""Page pictures are BMP: on an A4 page at 300 dpi writing and reading took 0.05 s, as PNG level 1 0.37 s."""


def sniff(head: bytes) -> str | None:
    """Return "pdf", "tiff", "jpeg", "png" or "webp" by the first 1,024 bytes of a file, or None for all else."""
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "tiff"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return "pdf" if b"%PDF-" in head[:1024] else None


def inspect(path: Path, kind: str, limits: Limits) -> Contents:
    """Return what the file at `path` holds. `kind` is what it was taken for, as `sniff` names it.

    Raises Unreadable, ToolMissing or FileNotFoundError. Call it through `probe`, which keeps bombs and crashes in
    a child process.
    """
    _check_file(path, kind, limits)
    if kind == "pdf":
        return Contents(kind, pdf_pages.count_pages(path, limits))
    return Contents(kind, image_pages.count_frames(path, kind, limits))


def _check_file(path: Path, kind: str, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("The file is empty; scan or copy it again.", "empty")
    if size > limits.max_bytes:
        most = limits.max_bytes // 1_000_000
        raise Unreadable(f"The file has {size // 1_000_000:,} MB and {most:,} are allowed; split it.", "too_large")
    with path.open("rb") as file:
        found = sniff(file.read(1024))
    if found is None or found != kind:
        allowed = "PDF, TIFF, JPEG, PNG or WebP"
        message = f"The content of this file is not what its name says; save it anew as {allowed} and upload that."
        raise Unreadable(message, "wrong_type")


def render_page(path: Path, kind: str, number: int, out: Path, *, dpi: int = FULL_DPI, limits: Limits) -> Picture:
    """Return page `number` (from 1) of the file, written to `out` as BMP whatever its name; grey when it has no colour.

    `dpi` is for PDF pages; pictures keep their pixels at 300 and shrink in proportion below, and are never enlarged
    (but for faxes, whose pixels are made square). Raises PageProblem; ToolMissing; OSError when the file is gone or
    the disk is full.
    """
    path.stat()  # a file that went missing is no fault of the page: FileNotFoundError
    if kind == "pdf":
        image, dpi_is, notes = pdf_pages.draw_page(path, number, dpi, limits)
    else:
        image, dpi_is, notes = image_pages.read_frame(path, kind, number, dpi, limits)
    _save(image, out, "BMP")
    return Picture(out, *image.size, dpi_is, tuple(notes))


def display_copy(picture: Path, out: Path) -> tuple[int, int]:
    """Write a JPEG of the same size in pixels to `out`; return width and height. Quality 85 keeps small print."""
    with Image.open(picture) as image:
        _save(image, out, "JPEG", quality=85, optimize=True)
        return image.size


def thumbnail(picture: Path, out: Path, width: int = 320) -> tuple[int, int]:
    """Write a JPEG that fits into `width` x four times `width` pixels to `out`; return its width and height."""
    with Image.open(picture) as image:
        image.thumbnail((width, 4 * width))
        _save(image, out, "JPEG", quality=80, optimize=True)
        return image.size


def _save(image: Image.Image, out: Path, kind: str, **options) -> None:
    """Write whole or not at all: somebody may be reading `out`, and a job may die while it writes."""
    part = out.with_name(out.name + ".part")
    image.save(part, kind, **options)
    os.replace(part, out)
