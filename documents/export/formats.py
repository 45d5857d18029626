"""All formats by name. `write` puts a document into a file, whatever the format."""

from __future__ import annotations

import importlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from documents.export.base import ExportDocument

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
)
FORMATS = {one.name: one for one in _ALL}
ZIP_MIME = "application/zip"


def suffix_of(name: str, pages: int) -> str:
    """Return how the file of a document of that many pages ends."""
    return f"{name}.zip" if FORMATS[name].is_per_page and pages > 1 else FORMATS[name].suffix


def write(name: str, document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write `document`, which has `pages` pages, to `target` in the format of that name.

    Returns sentences about what is less than wished. Raises NothingToWrite; FileNotFoundError when a picture that the
    format needs is gone; OSError when the disk does not take the file.
    """
    chosen = FORMATS[name]
    if chosen.is_per_page and pages > 1:
        return _write_pages(chosen, document, target)
    return _writer(chosen)(document, target, pages=pages)


def _writer(chosen: Format) -> Writer:
    module, _, function = chosen.writer.partition(":")
    return getattr(importlib.import_module(f"documents.export.{module}"), function)


def _write_pages(chosen: Format, document: ExportDocument, target: Path) -> tuple[str, ...]:
    """Write a zip with a file for each page."""
    part = target.with_name(f"{target.name}.page")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in document.pages:
            _writer(chosen)(replace(document, pages=[page]), part, pages=1)
            archive.write(part, f"{page.number:04d}.{chosen.suffix}")
    part.unlink(missing_ok=True)
    return ()
