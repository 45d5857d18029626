"""What the database knows of documents and pages, put before the format writers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from documents.export.base import ExportDocument, ExportPage, page_name, writable
from documents.export.formats import ORIGINAL, PDF, PICTURES
from documents.export.places import placed_line, with_boxes
from documents.models import Document, Page, PageText, latest_reading
from documents.pipeline import export_facts, files, origins

ROWS = 20  # pages fetched at a time: each brings its whole text along
PDF_TEXT = "pdf-text"  # what a reading of a PDF's own text is made by


@contextmanager
def opened(
    document: Document, pages: Any, name: str, *, page_done: Callable[[], None], pictures_at: str | None = None
) -> Iterator[ExportDocument]:
    """Give the document as the writer of the format `name` takes it; its pages are fetched while they are written.

    `page_done` is called after every page. `pictures_at` is the folder, as the file sees it, where the pictures of the
    pages lie when they are given away too; None when they are not.
    """
    with ExitStack() as kept:
        original = None
        # Where pages were moved, those of the PDF are not those of the file.
        if name == ORIGINAL or (name == PDF and not origins.is_rearranged(document)):
            try:
                original = kept.enter_context(files.local_copy(document.original))
            except FileNotFoundError:
                pass  # the pictures of its pages stand for it in a PDF
        yield ExportDocument(
            writable(document.title), _pages(pages, name, page_done, pictures_at), original, document.kind,
            writable(document.original_name), document.language or _language(pages),
            export_facts.of_document(document) if name == "json" else {},
        )  # fmt: skip


def _language(pages: Any) -> str:
    return pages.exclude(language="").values_list("language", flat=True).first() or ""


def _pages(pages: Any, name: str, page_done: Callable[[], None], pictures_at: str | None) -> Iterator[ExportPage]:
    for page in pages.select_related("current", "approved_by").iterator(chunk_size=ROWS):
        with ExitStack() as kept:
            picture = None
            if name in (PDF, PICTURES) and page.picture:
                try:
                    picture = kept.enter_context(files.local_copy(page.picture))
                except FileNotFoundError:
                    pass  # the writer leaves the page out and says so
            known = _page(page, picture, export_facts.of_page(page) if name == "json" else {})
            is_given = pictures_at is not None and page.picture
            yield replace(known, picture_name=f"{pictures_at}{page_name(page.number)}.jpg") if is_given else known
        page_done()


def _page(page: Page, picture: Path | None, facts: dict[str, Any]) -> ExportPage:
    reading = latest_reading(page)
    return ExportPage(
        page.number, page.width, page.height, _lines(page, reading), page.dpi, page.language, picture,
        "" if page.current else page.get_status_display(), _is_the_pdfs_own(page.current, reading), facts,
    )  # fmt: skip


def _lines(page: Page, reading: PageText | None) -> tuple:
    """Return the current lines in their places; where a line was worded anew, the reading tells where its words are."""
    if not page.current:
        return ()
    read = {tuple(line["box"]): line for line in reading.lines if line["box"]} if reading else {}
    stored = [line for line in page.current.lines if line["text"].strip()]
    placed = with_boxes(stored, max(page.width, 1), max(page.height, 1))
    return tuple(
        placed_line(line, read.get(tuple(was["box"] or ())), page.language)
        for line, was in zip(placed, stored, strict=True)
    )


def _is_the_pdfs_own(current: PageText | None, reading: PageText | None) -> bool:
    return bool(current and reading and reading.made_by.startswith(PDF_TEXT) and current.text == reading.text)
