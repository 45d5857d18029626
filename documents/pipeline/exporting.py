"""Taking the text away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from django.utils.text import slugify

from documents.models import Document

PAGE_BREAK = "\n\f\n"


def plain_text(document: Document) -> str:
    """Return the current text of all pages in order, form feeds between them; a page without text says so."""
    pages = document.pages.select_related("current").order_by("number")
    return PAGE_BREAK.join(page.current.text if page.current else f"[{page.get_status_display()}]" for page in pages)


def file_name(document: Document) -> str:
    """Return the name for the document's text file: its title in plain letters, ending in .txt."""
    return f"{slugify(document.title) or 'document'}.txt"


def text_archive(documents: Iterable[Document]) -> bytes:
    """Return a ZIP with one text file per document, the id in front so that equal titles do not meet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in documents:
            archive.writestr(f"{document.pk}-{file_name(document)}", plain_text(document))
    return buffer.getvalue()
