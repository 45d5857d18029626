"""PDF pages, counted and drawn by poppler's programs. A leaf."""

from __future__ import annotations

import math
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from pdf2image import convert_from_path, pdfinfo_from_path
from pdf2image.exceptions import (
    PDFInfoNotInstalledError,
    PDFPageCountError,
    PDFPopplerTimeoutError,
    PDFSyntaxError,
)
from PIL import Image

from documents.pipeline.picture_base import (
    Drawn,
    Limits,
    PageProblem,
    ToolMissing,
    Unreadable,
    cut_off,
    damaged,
    without_needless_colour,
)

INFO_SECONDS = 20
"""pdfinfo answers in well under a second; one that needs 20 is lost in a malicious file."""

TAIL_BYTES = 24_576
"""How far from the end poppler looks for the mark that closes a PDF."""

MIN_DPI = 30
"""Below this even letters 1 cm high have fewer than 12 pixels."""

MAX_PDF_SIDE = 10_000
"""Longest side in pixels of a drawn PDF page: poppler writes a 1 x 1 picture when it cannot get the memory."""


def count_pages(path: Path, limits: Limits) -> int:
    """Return the page count of a PDF whose end and last page are there. Raises Unreadable or ToolMissing."""
    pages = _pdf_info(path)["Pages"]
    if _is_cut_off(path):
        raise cut_off("pdf")
    if pages > limits.max_pages:
        message = f"The PDF has {pages:,} pages and {limits.max_pages:,} are allowed; split it into smaller files."
        raise Unreadable(message, "too_many_pages")
    # A page tree may claim pages that are not there; the last one tells.
    if pages < 1 or _page_size(_pdf_info(path, pages), pages) is None:
        raise damaged("pdf")
    return pages


def _pdf_info(path: Path, page: int | None = None) -> dict:
    """Return pdfinfo's answer, with the size of `page` (1-based) if asked. Raises Unreadable or ToolMissing."""
    try:
        return pdfinfo_from_path(path.resolve(), timeout=INFO_SECONDS, first_page=page, last_page=page)
    except PDFInfoNotInstalledError as exc:
        raise ToolMissing("PDF files cannot be opened: install poppler-utils on the server.") from exc
    except PDFPageCountError as exc:
        if "Incorrect password" in str(exc):
            message = "This PDF is protected with a password; save it without the password and upload that."
            raise Unreadable(message, "encrypted") from exc
        raise (cut_off("pdf") if _is_cut_off(path) else damaged("pdf")) from exc
    except PDFPopplerTimeoutError as exc:
        raise damaged("pdf") from exc


def _is_cut_off(path: Path) -> bool:
    """Return True when neither mark of a PDF's end is where poppler looks; it would guess at the pages then."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        tail = file.read()
    return b"%%EOF" not in tail and b"startxref" not in tail


def _page_size(info: dict, number: int) -> tuple[float, float] | None:
    """Return width and height in points of the visible part of a page as it is shown, None if there is no page."""
    found = re.match(r"([\d.e+]+) x ([\d.e+]+) pts", info.get(f"Page {number:4d} size", ""))
    width, height = map(float, found.groups()) if found else (0.0, 0.0)
    if not (width > 0 and height > 0):
        return None
    sideways = info.get(f"Page {number:4d} rot") in {"90", "270"}
    return (height, width) if sideways else (width, height)


def draw_page(path: Path, number: int, dpi: int, limits: Limits) -> Drawn:
    """Return page `number` (from 1) drawn at `dpi`, or at the highest resolution that the limits allow.

    Raises PageProblem when poppler drew nothing, another size, or an empty page with errors: it exits 0 on all of
    them. Raises ToolMissing without poppler.
    """
    width, height = _pdf_page_size(path, number)
    used = _fitting_dpi(width, height, dpi, limits)
    if used < min(dpi, MIN_DPI):
        message = f"Page {number} of the PDF is too large to read; print it to a smaller paper size and upload that."
        raise PageProblem(message, "too_large")
    image, has_errors = _draw(path, number, used, limits)
    expected = (math.ceil(width * used / 72), math.ceil(height * used / 72))
    if max(abs(is_ - due) for is_, due in zip(image.size, expected, strict=True)) > 2:
        raise _damaged_page(number)
    low, high = image.convert("L").getextrema()
    if has_errors and low == high:
        raise _damaged_page(number)
    notes = [f"Page {number} of the PDF is damaged: parts may be missing; compare it with the original."] * has_errors
    if used < dpi:
        notes.append(f"Page {number} is very large and was drawn at {used} dpi: small print may be unreadable.")
    return without_needless_colour(image), used, notes


def _pdf_page_size(path: Path, number: int) -> tuple[float, float]:
    try:
        size = _page_size(_pdf_info(path, number), number)
    except Unreadable as exc:
        raise _damaged_page(number) from exc
    if size is None:
        raise _damaged_page(number)
    return size


def _fitting_dpi(width: float, height: float, dpi: int, limits: Limits) -> int:
    """Return the resolution up to `dpi` at which a page of that many points stays within all limits."""
    by_side = 72 * MAX_PDF_SIDE / max(width, height)
    by_area = 72 * math.sqrt(limits.render_pixels / (width * height))
    return int(min(dpi, by_side, by_area))


def _draw(path: Path, number: int, dpi: int, limits: Limits) -> tuple[Image.Image, bool]:
    """Return the page as poppler draws it, and whether poppler complained."""
    try:
        return _convert(path, number, dpi, limits, strict=True), False
    except PDFSyntaxError:
        # Many PDFs with errors still give a good picture: strict mode withholds it, so draw once more without.
        return _convert(path, number, dpi, limits, strict=False), True


def _convert(path: Path, number: int, dpi: int, limits: Limits, *, strict: bool) -> Image.Image:
    with TemporaryDirectory(prefix="page-") as folder:
        try:
            images = convert_from_path(
                path.resolve(), dpi, output_folder=folder, first_page=number, last_page=number,
                thread_count=1, strict=strict, timeout=limits.page_seconds, use_cropbox=True,
            )  # fmt: skip
        except PDFPopplerTimeoutError as exc:
            message = f"Page {number} of the PDF took longer than {limits.page_seconds} seconds to draw; scan it again."
            raise PageProblem(message, "timeout") from exc
        except PDFInfoNotInstalledError as exc:
            raise ToolMissing("PDF pages cannot be drawn: install poppler-utils on the server.") from exc
        except PDFPageCountError as exc:
            raise _damaged_page(number) from exc
        if not images:
            raise _damaged_page(number)
        # A picture cut short means a full disk or a killed poppler: OSError, and the job may try again.
        images[0].load()
        return images[0]


def _damaged_page(number: int) -> PageProblem:
    return PageProblem(f"Page {number} of the PDF is damaged: it cannot be drawn; scan this page again.", "damaged")
