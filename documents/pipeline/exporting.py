"""Taking documents away: what the database knows, put before the format writers, and their files into one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.export.base import ExportDocument, ExportPage, NothingToWrite, writable
from documents.export.formats import FORMATS, ZIP_MIME, suffix_of, write
from documents.export.places import placed_line, with_boxes
from documents.models import Document, Page, PageText, latest_reading
from documents.pipeline import export_facts, files, origins

AT_ONCE_PAGES = 20
"""Pages, counted once in each format, that are exported while the person waits: about a second."""
UNPACKED = ("pdf", "tiff", "png")
"""Kinds of originals that are taken apart for a PDF; a JPEG goes in as it is, and for a WebP its browser copy."""
ROWS = 20  # pages fetched at a time: each brings its whole text along
PDF_TEXT = "pdf-text"  # what a reading of a PDF's own text is made by


class ExportFailed(Exception):
    """Nothing could be exported. The message says why, in sentences for staff."""


@dataclass(frozen=True)
class Item:
    """A document to export, by its id; `numbers` are its pages, None for all."""

    document_id: int
    numbers: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Exported:
    """One file: where it lies, its name for the user, its type, and sentences about what is less than wished."""

    path: Path
    name: str
    mime: str
    notes: tuple[str, ...] = ()


def export(
    owner: Any, items: Sequence[Item], formats: Sequence[str], folder: Path, *, page_done: Callable[[], None] = bool
) -> Exported:
    """Write what `owner` may see of `items` into one file in `folder`: a ZIP, unless one document in one format is it.

    `page_done` is called after every page in every format, and may raise to stop. Raises ExportFailed when nothing
    could be written, OSError when the disk does not take it.
    """
    documents = Document.objects.visible_to(owner).in_bulk([item.document_id for item in items])
    wanted = [(documents[item.document_id], item) for item in items if item.document_id in documents]
    if len(wanted) == len(formats) == 1:
        return _exported_alone(*wanted[0], formats[0], folder, page_done)
    notes: list[str] = []
    target, written = folder / "export.zip", 0
    with zipfile.ZipFile(target, "w") as archive:
        for document, item in wanted:
            for name in formats:
                try:
                    one = _exported_alone(document, item, name, folder, page_done)
                except ExportFailed as exc:
                    notes.append(f"{document.title}: {exc}")
                    continue
                packed = zipfile.ZIP_STORED if one.path.suffix in (".pdf", ".docx", ".zip") else zipfile.ZIP_DEFLATED
                archive.write(one.path, f"{document.pk}-{one.name}", compress_type=packed)
                one.path.unlink()
                written += 1
                notes += [f"{document.title}: {note}" for note in one.notes]
    if not written:
        raise ExportFailed(" ".join(notes) or _("None of these documents is there any more."))
    return Exported(target, "export.zip", ZIP_MIME, tuple(notes))


def _exported_alone(document: Document, item: Item, name: str, folder: Path, page_done: Callable[[], None]) -> Exported:
    pages = document.pages.order_by("number")
    if item.numbers is not None:
        pages = pages.filter(number__in=item.numbers)
    count = pages.count()
    suffix = suffix_of(name, count)
    target = folder / f"{document.pk}.{suffix}"
    try:
        with _opened(document, pages, name, page_done) as opened:
            notes = write(name, opened, target, pages=count)
    except NothingToWrite as exc:
        raise ExportFailed(_(str(exc))) from exc
    except FileNotFoundError as exc:
        raise ExportFailed(_("A file of this document is missing from the storage. Tell your administrator.")) from exc
    mime = ZIP_MIME if suffix.endswith("zip") else FORMATS[name].mime
    return Exported(target, file_name(document, suffix), mime, tuple(_(note) for note in notes))


def is_quick(items: Sequence[Item], formats: Sequence[str]) -> bool:
    """Whether the export can be made while a person waits.

    Uploaded files that have to be unpacked are so by native code, which must not bring the web server down: a worker
    does that.
    """
    keys = [item.document_id for item in items]
    pages = Page.objects.filter(document__in=keys).count() if any(i.numbers is None for i in items) else 0
    pages += sum(len(item.numbers or ()) for item in items)
    if pages * len(formats) > AT_ONCE_PAGES:
        return False
    return "pdf" not in formats or not Document.objects.filter(pk__in=keys, kind__in=UNPACKED).exists()


def file_name(document: Document, suffix: str) -> str:
    """Return the name for the document's file: its title in plain letters, and how such files end."""
    return f"{slugify(document.title) or 'document'}.{suffix}"


@contextmanager
def _opened(document: Document, pages: Any, name: str, page_done: Callable[[], None]) -> Iterator[ExportDocument]:
    """Give the document as the writers take it; its pages are fetched while they are written."""
    with ExitStack() as kept:
        original = None
        if name == "pdf" and not origins.is_rearranged(document):  # else its pages are not those of the file
            try:
                original = kept.enter_context(files.local_copy(document.original))
            except FileNotFoundError:
                pass  # the pictures of its pages stand for it
        yield ExportDocument(
            writable(document.title), _pages(pages, name, page_done), original, document.kind,
            writable(document.original_name), document.language or _language(pages),
            export_facts.of_document(document) if name == "json" else {},
        )  # fmt: skip


def _language(pages: Any) -> str:
    return pages.exclude(language="").values_list("language", flat=True).first() or ""


def _pages(pages: Any, name: str, page_done: Callable[[], None]) -> Iterator[ExportPage]:
    for page in pages.select_related("current", "approved_by").iterator(chunk_size=ROWS):
        with ExitStack() as kept:
            picture = None
            if name == "pdf" and page.picture:
                try:
                    picture = kept.enter_context(files.local_copy(page.picture))
                except FileNotFoundError:
                    pass  # the writer leaves the page out and says so
            yield _page(page, picture, export_facts.of_page(page) if name == "json" else {})
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
