"""Taking documents away: which files, and all of them into one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.export.base import NothingToWrite
from documents.export.formats import HOCR, ORIGINAL, PDF, PICTURES, TABLE, ZIP_MIME, mime_of, suffix_of, write
from documents.models import Document, Page
from documents.pipeline import export_pages, fields
from documents.pipeline.items import Item

AT_ONCE_PAGES = 20
"""Pages, counted once in each format, that are exported while the person waits: about a second."""
UNPACKED = ("pdf", "tiff", "png")
"""Kinds of originals that are taken apart for a PDF; a JPEG goes in as it is, and for a WebP its browser copy."""
TABLE_NAME = "key-fields.csv"
PACKED = (".pdf", ".docx", ".jpg", ".png", ".tif", ".webp")  # by themselves: packing them again takes time for nothing


class ExportFailed(Exception):
    """Nothing could be exported. The message says why, in sentences for staff."""


@dataclass(frozen=True)
class Exported:
    """One file: where it lies, its name for the user, its type, and sentences about what is less than wished."""

    path: Path
    name: str
    mime: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Run:
    """Where an export is written, in which formats, and what is called after every page in every format."""

    folder: Path
    formats: Sequence[str]
    page_done: Callable[[], None]


def export(
    owner: Any, items: Sequence[Item], formats: Sequence[str], folder: Path, *, page_done: Callable[[], None] = bool
) -> Exported:
    """Write what `owner` may see of `items` into one file in `folder`: a ZIP, unless one document in one format is it.

    `page_done` is called after every page in every format, and may raise to stop. Raises ExportFailed when nothing
    could be written, OSError when the disk does not take it.
    """
    documents = Document.objects.visible_to(owner).in_bulk([item.document_id for item in items])
    wanted = [(documents[item.document_id], item) for item in items if item.document_id in documents]
    if not wanted:
        raise ExportFailed(_("None of these documents is there any more."))
    run = _Run(folder, formats, page_done)
    if len(formats) == 1 and formats[0] == TABLE:
        return _table(wanted, run)
    if len(wanted) == len(formats) == 1:
        return _alone(*wanted[0], formats[0], run)
    return _together(wanted, run)


def _together(wanted: Sequence[tuple[Document, Item]], run: _Run) -> Exported:
    """Write a ZIP: a file for each document and format, beside it a folder with the files of the document's pages."""
    notes: list[str] = []
    target = run.folder / "export.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for document, item in wanted:
            for name in run.formats:
                if name == TABLE:
                    continue  # one for all documents
                try:
                    one = _alone(document, item, name, run, is_packed=True)
                except ExportFailed as exc:
                    notes.append(f"{document.title}: {exc}")
                    continue
                _pack(archive, one, document)
                notes += [f"{document.title}: {note}" for note in one.notes]
        if TABLE in run.formats:
            _put(archive, TABLE_NAME, _table(wanted, run).path.read_bytes())
        is_empty = not archive.namelist()
    if is_empty:
        raise ExportFailed(" ".join(notes))
    return Exported(target, "export.zip", ZIP_MIME, tuple(notes))


def _pack(archive: zipfile.ZipFile, one: Exported, document: Document) -> None:
    """Move the file into the archive; the files of pages into a folder of the document's."""
    if one.mime == ZIP_MIME:
        with zipfile.ZipFile(one.path) as pages:
            for name in pages.namelist():
                _put(archive, f"{_folder(document)}{name}", pages.read(name))
    else:
        how = zipfile.ZIP_STORED if one.path.suffix in PACKED else zipfile.ZIP_DEFLATED
        archive.write(one.path, f"{document.pk}-{one.name}", compress_type=how)
    one.path.unlink()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    how = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
    archive.writestr(name, content, compress_type=how)


def _folder(document: Document) -> str:
    return f"{document.pk}-{_plain(document)}/"


def _table(wanted: Sequence[tuple[Document, Item]], run: _Run) -> Exported:
    """Write the key fields of all documents into one table."""
    target = run.folder / TABLE_NAME
    with target.open("w", encoding="utf-8", newline="") as out:
        out.writelines(fields.csv_of([item for _document, item in wanted], page_done=run.page_done))
    return Exported(target, TABLE_NAME, mime_of("csv", TABLE))


def _alone(document: Document, item: Item, name: str, run: _Run, *, is_packed: bool = False) -> Exported:
    """Write one document in one format; `is_packed`: it goes into the ZIP of the run, with all that was wished for."""
    count = item.pages.count()
    suffix = suffix_of(name, 2 if is_packed else count, document.kind)
    target = run.folder / f"{document.pk}.{suffix}"
    # hOCR is one file for all pages, beside the folder of their pictures; ALTO and PAGE lie in it.
    at = (_folder(document) if name == HOCR else "") if is_packed and PICTURES in run.formats else None
    try:
        with export_pages.opened(document, item.pages, name, page_done=run.page_done, pictures_at=at) as opened:
            notes = write(name, opened, target, pages=count, as_zip=is_packed)
    except NothingToWrite as exc:
        raise ExportFailed(_(str(exc))) from exc
    except FileNotFoundError as exc:
        raise ExportFailed(_("A file of this document is missing from the storage. Tell your administrator.")) from exc
    mime = mime_of(suffix, name, document.kind)
    return Exported(target, file_name(document, suffix), mime, tuple(_(note) for note in notes))


def is_quick(items: Sequence[Item], formats: Sequence[str]) -> bool:
    """Whether the export can be made while a person waits.

    Uploaded files that have to be unpacked are so by native code, which must not bring the web server down: a worker
    does that, and copies uploaded files, which may be large.
    """
    keys = [item.document_id for item in items]
    pages = Page.objects.filter(document__in=keys).count() if any(i.numbers is None for i in items) else 0
    pages += sum(len(item.numbers or ()) for item in items)
    if pages * len(formats) > AT_ONCE_PAGES or ORIGINAL in formats:
        return False
    return PDF not in formats or not Document.objects.filter(pk__in=keys, kind__in=UNPACKED).exists()


def file_name(document: Document, suffix: str) -> str:
    """Return the name for the document's file: its title in plain letters, and how such files end."""
    return f"{_plain(document)}.{suffix}"


def _plain(document: Document) -> str:
    return slugify(document.title) or "document"
