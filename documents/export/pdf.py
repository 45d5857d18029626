"""Searchable PDF, PDF/A-2b: each page's picture with the text over it, unseen and in its places."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from pikepdf import Array, Dictionary, Job, Name, Pdf
from pikepdf.pdfa import PdfaError, save

from documents.export.base import PROGRAM, ExportDocument, ExportPage, NothingToWrite
from documents.export.pdf_font import InklessFont
from documents.export.pdf_kept import kept_page
from documents.export.pdf_picture import picture
from documents.export.pdf_text import ToPage, text_layer

log = logging.getLogger(__name__)

USUAL_DPI = 300
PART = 100
"""Pages that are held in memory: more are put down in files beside the target, and joined in the end."""
LONGEST = 14_400.0
"""Points that a side of a PDF page may have."""
FONT = "LesesaalText"  # a name that no page of an original uses
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")  # Hebrew, Arabic, Syriac and their forms


def write_pdf(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the document to `target`, which has `pages` pages in all. Return sentences about what is less than wished.

    Raises NothingToWrite when no page has a picture, FileNotFoundError when the file of one is gone, OSError when the
    disk does not take ours.
    """
    with TemporaryDirectory(dir=target.parent) as folder, ExitStack() as opened:
        source, parts, missing = _source(document, opened), [], []
        turned: list[int] = []  # pages with writing from right to left
        for number, part in enumerate(_parts(_watched(document.pages, turned))):
            path = Path(folder, f"{number}.pdf")
            missing += _write_part(path, part, source, document, pages)
            parts += [path] if path.exists() else []
        if not parts:
            raise NothingToWrite("No page of this document has a picture yet. Try again when it has been read.")
        with pikepdf.open(_joined(parts, Path(folder, "joined.pdf"))) as out:
            _describe(out, document)
            return (*_missing(missing), *_right_to_left(turned), *_saved(out, target))


def _watched(pages: Iterable[ExportPage], turned: list[int]) -> Iterator[ExportPage]:
    for page in pages:
        if _RIGHT_TO_LEFT.search(page.text):
            turned.append(page.number)
        yield page


def _right_to_left(numbers: list[int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    which = ", ".join(map(str, numbers[:20])) + (", …" if len(numbers) > 20 else "")
    return (f"Arabic and Hebrew can be found only with their letters in reverse order in this PDF: pages {which}.",)


def _joined(parts: list[Path], target: Path) -> Path:
    """Return one file with the pages of all parts. qpdf itself does that without taking their pictures into memory."""
    if len(parts) > 1:
        Job(["qpdf", "--empty", "--pages", *map(str, parts), "--", str(target)]).run()
    return target if len(parts) > 1 else parts[0]


def _parts(pages: Iterable[ExportPage]) -> Iterator[Iterator[ExportPage]]:
    """Yield the pages in parts, each to be used up before the next one."""
    left = iter(pages)
    for first in left:
        yield chain([first], islice(left, PART - 1))


def _write_part(
    path: Path, part: Iterable[ExportPage], source: Pdf | None, document: ExportDocument, pages: int
) -> list[int]:
    """Write some pages into a file of their own, if there is any. Return the numbers of those without a picture."""
    with Pdf.new() as out:
        font = InklessFont(out)
        missing = [page.number for page in part if not _add_page(out, source, document, page, font, pages)]
        font.finish()
        if len(out.pages):
            out.save(path)
    return missing


def _source(document: ExportDocument, opened: ExitStack) -> Pdf | None:
    """Return the uploaded PDF, opened; None for other files."""
    if document.kind != "pdf" or document.original is None:
        return None
    return _opened(document.original, opened)


def _opened(original: Path, opened: ExitStack) -> Pdf | None:
    try:
        return opened.enter_context(pikepdf.open(original))
    except pikepdf.PdfError:
        return None  # poppler reads more than qpdf does: the pictures stand for the pages


def _add_page(
    out: Pdf, source: Pdf | None, document: ExportDocument, page: ExportPage, font: InklessFont, pages: int
) -> bool:
    """Add the page with its text. Return whether there was something to show of it."""
    found = kept_page(source, page) if source is not None else None
    if not found and page.picture is None:
        return False
    if found:
        kept, to_page = found
        out.pages.append(kept)
    else:
        to_page = _add_picture(out, document, page, pages)
    if not (found and page.has_own_text):
        _add_text(out, text_layer(page, font, FONT, to_page), font)
    return True


def _missing(numbers: list[int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    return (f"Left out, because they have no picture yet: pages {', '.join(map(str, numbers))}.",)


def _add_picture(out: Pdf, document: ExportDocument, page: ExportPage, pages: int) -> ToPage:
    """Add a page that shows the picture. Return how its pixels become the page's points."""
    scale = min(72 / (page.dpi or USUAL_DPI), LONGEST / max(page.width, page.height))
    width, height = page.width * scale, page.height * scale
    shown, placement = picture(out, document, page, pages)
    a, b, c, d, e, f = (n * side for n, side in zip(placement, (width, height) * 3, strict=True))
    drawn = f"q {a:.4f} {b:.4f} {c:.4f} {d:.4f} {e:.4f} {f:.4f} cm /Picture Do Q\n"
    out.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page, MediaBox=Array([0, 0, round(width, 4), round(height, 4)]),
                Resources=Dictionary(XObject=Dictionary(Picture=shown)), Contents=out.make_stream(drawn.encode()),
            )
        )
    )  # fmt: skip
    return ToPage(scale, scale)


def _add_text(out: Pdf, layer: bytes, font: InklessFont) -> None:
    page = out.pages[-1]
    # What the original's page leaves behind, a turned or shrunk system of coordinates, must not reach our text.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + layer)
    page.add_resource(font.reference, Name.Font, Name(f"/{FONT}"), replace_existing=True)


def _describe(out: Pdf, document: ExportDocument) -> None:
    out.docinfo[Name.Title] = document.title
    out.docinfo[Name.Creator] = PROGRAM
    out.Root[Name.ViewerPreferences] = Dictionary(DisplayDocTitle=True)
    if document.language:
        out.Root[Name.Lang] = pikepdf.String(document.language)
    with out.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata.load_from_docinfo(out.docinfo)
        if document.language:
            metadata["dc:language"] = [document.language]


def _saved(out: Pdf, target: Path) -> tuple[str, ...]:
    try:
        save(out, target, "2b")
    except PdfaError as error:
        # It is still the wished-for picture and text: better a PDF that does not claim to be PDF/A than none.
        log.warning("a PDF did not become PDF/A: %s", error.report.summary(3))
        del out.Root.Metadata
        out.save(target)
        return ("The PDF is searchable, but could not be made PDF/A.",)
    return ()
