"""With what a page is read: its document's options, and its own where a person set them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

from django.conf import settings

from documents.models import Document, Page


@dataclass(frozen=True)
class ReadingOptions:
    """`engine` "" is automatic, `mode` "" the setting's, `language` an ISO 639-1 code or "" for automatic.

    `read_picture` reads the picture even where a PDF brings its own text.
    """

    engine: str = ""
    mode: str = ""
    language: str = ""
    handwritten: bool = False
    read_picture: bool = False

    @property
    def used_mode(self) -> str:
        """The mode that is really used."""
        return self.mode or settings.READING_MODE


NAMES = tuple(field.name for field in fields(ReadingOptions))


def options_of(page: Page) -> ReadingOptions:
    """Return what `page` is to be read with."""
    own = {name: value for name, value in page.options.items() if name in NAMES}
    return replace(options_of_document(page.document), **own)


def options_of_document(document: Document) -> ReadingOptions:
    """Return what the pages of `document` are read with, unless they have options of their own."""
    return ReadingOptions(**{name: getattr(document, name) for name in NAMES})


def set_for_document(document: Document, options: ReadingOptions) -> None:
    """Read all pages of the document with `options` from now on; what single pages had of their own is dropped."""
    Document.objects.filter(pk=document.pk).update(**asdict(options))
    document.pages.exclude(options={}).update(options={})


def set_for_page(page: Page, options: ReadingOptions) -> None:
    """Read this page with `options` from now on, whatever its document says."""
    Page.objects.filter(pk=page.pk).update(options=asdict(options))
