"""All formats by name. `write` puts a document into a file, whatever the format."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from documents.export.base import ExportDocument, NothingToWrite, page_name

Writer = Callable[..., tuple[str, ...]]


@dataclass(frozen=True)
class Format:
    """A format: what people call it, how its files end, what browsers call it, and who writes it.

    `writer` is "module:function", imported on first use: a program that exports nothing loads no PDF library.
    `is_per_page`: other programs expect a file for each page, so that more than one page make a zip of them.
    """

    name: str
    label: str
    suffix: str
    mime: str
    writer: str
    is_per_page: bool = False


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ALL = (
    Format("pdf", "Searchable PDF (PDF/A)", "pdf", "application/pdf", "pdf:write_pdf"),
    Format("txt", "Plain text", "txt", "text/plain", "texts:write_text"),
    Format("md", "Markdown", "md", "text/markdown", "texts:write_markdown"),
    Format("docx", "Word", "docx", _WORD, "docx_file:write_docx"),
    Format("hocr", "hOCR", "hocr", "application/xhtml+xml", "hocr:write_hocr"),
    Format("alto", "ALTO 4 XML", "alto.xml", "application/xml", "alto:write_alto", is_per_page=True),
    Format("page", "PAGE XML", "page.xml", "application/xml", "page_xml:write_page_xml", is_per_page=True),
    Format("json", "JSON with everything", "json", "application/json", "json_file:write_json"),
    Format("csv", "Key fields of invoices and receipts (CSV)", "csv", "text/csv", ""),
    Format("pictures", "Pictures of the pages (JPEG)", "jpg", "image/jpeg", "files:write_picture", is_per_page=True),
    Format("original", "The file as it was uploaded", "", "", "files:write_original"),
)
FORMATS = {one.name: one for one in _ALL}
PDF, HOCR, TABLE, PICTURES, ORIGINAL = "pdf", "hocr", "csv", "pictures", "original"
"""Formats that are more than their writers: TABLE is one for all documents, PICTURES are named in hOCR, ALTO and PAGE
where they go along."""

ALL = "all"
"""Stands for every format."""

ZIP_MIME = "application/zip"
_ORIGINALS = {
    "pdf": ("pdf", "application/pdf"), "jpeg": ("jpg", "image/jpeg"), "png": ("png", "image/png"),
    "tiff": ("tif", "image/tiff"), "webp": ("webp", "image/webp"),
}  # fmt: skip


def chosen(names: Iterable[str]) -> list[str]:
    """Return the names of the formats, each once, in our order; ALL is all of them. Raises KeyError for others."""
    names = set(names)
    if unknown := names - {ALL, *FORMATS}:
        raise KeyError(*sorted(unknown))
    return [name for name in FORMATS if name in names or ALL in names]


def suffix_of(name: str, pages: int, kind: str = "") -> str:
    """Return how the file of a document of that many pages ends; `kind` is that of its original."""
    if name == ORIGINAL:
        return f"original.{_ORIGINALS[kind][0]}"
    return f"{name}.zip" if FORMATS[name].is_per_page and pages > 1 else FORMATS[name].suffix


def mime_of(suffix: str, name: str, kind: str = "") -> str:
    """Return the type of a file with that suffix in that format."""
    if suffix.endswith("zip"):
        return ZIP_MIME
    return _ORIGINALS[kind][1] if name == ORIGINAL else FORMATS[name].mime


def write(
    name: str, document: ExportDocument, target: Path, *, pages: int, as_zip: bool = False
) -> tuple[str, ...]:
    """Write `document`, which has `pages` pages, to `target` in the format of that name.

    `as_zip` makes a zip even for a single page, where the format has a file for each. Returns sentences about what is
    less than wished. Raises NothingToWrite; FileNotFoundError when a picture that the format needs is gone; OSError
    when the disk does not take the file.
    """
    wanted = FORMATS[name]
    if wanted.is_per_page and (pages > 1 or as_zip):
        return _write_pages(wanted, document, target)
    return _writer(wanted)(document, target, pages=pages)


def _writer(wanted: Format) -> Writer:
    module, _, function = wanted.writer.partition(":")
    return getattr(importlib.import_module(f"documents.export.{module}"), function)


def _write_pages(wanted: Format, document: ExportDocument, target: Path) -> tuple[str, ...]:
    """Write a zip with a file for each page. Pages that have nothing to write are left out, and said to be."""
    part = target.with_name(f"{target.name}.page")
    packed = zipfile.ZIP_STORED if wanted.suffix == "jpg" else zipfile.ZIP_DEFLATED
    notes: list[str] = []
    written = 0
    with zipfile.ZipFile(target, "w", packed) as archive:
        for page in document.pages:
            try:
                _writer(wanted)(replace(document, pages=[page]), part, pages=1)
            except NothingToWrite as exc:
                notes.append(str(exc))
                continue
            archive.write(part, f"{page_name(page.number)}.{wanted.suffix}")
            written += 1
    part.unlink(missing_ok=True)
    if notes and not written:
        raise NothingToWrite(notes[0])
    return tuple(dict.fromkeys(notes))
