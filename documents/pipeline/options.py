"""With what a page is read: its document's options, and its own where a person set them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from documents.models import Document, Page


@dataclass(frozen=True)
class ReadingOptions:
    """`engine` "" is automatic, `mode` "" the setting's, `language` an ISO 639-1 code or "" for automatic.

    `read_picture` reads the picture even where a PDF brings its own text. `preparation` is as
    `documents.ocr.preparing.prepare` takes it; what is Aspose's is named in `documents.ocr.aspose_options`, filters
    between commas, and "" is the setting's.
    """

    engine: str = ""
    mode: str = ""
    language: str = ""
    handwritten: bool = False
    read_picture: bool = False
    preparation: str = ""
    aspose_area_mode: str = ""
    aspose_language_level: str = ""
    aspose_filters: str = ""

    @property
    def used_mode(self) -> str:
        """The mode that is really used."""
        return self.mode or settings.READING_MODE

    @property
    def aspose_wishes(self) -> dict[str, Any]:
        """What Aspose.OCR is asked for on this page, unlike its settings; empty for nothing."""
        wishes = {
            "area_mode": self.aspose_area_mode, "language_level": self.aspose_language_level,
            "filters": [name for name in self.aspose_filters.split(",") if name],
        }  # fmt: skip
        return {name: wish for name, wish in wishes.items() if wish}


PREPARATIONS = {
    "invert": _("inverted (it was white on black)"),
    "border": _("dark borders removed"),
    "denoise": _("specks removed"),
    "light": _("evenly lit"),
    "contrast": _("contrast raised"),
    "clahe": _("contrast raised in places"),
    "reverse": _("shining through of the reverse removed"),
    "straighten": _("straightened"),
    "scale": _("enlarged"),
    "binarise": _("black and white"),
}
"""What may be done to a picture before it is read, by the names in `documents.ocr.preparing_options`, in words."""

TURNS = {"turn-90": _("turned right"), "turn-180": _("turned upside down"), "turn-270": _("turned left")}
"""The same for pages that lay on their side or stood on their head."""

NAMES = tuple(field.name for field in fields(ReadingOptions))


def aspose_is_set_up() -> bool:
    """Whether Aspose.OCR has a licence here, so that it is worth choosing how it reads."""
    return bool(settings.ASPOSE_OCR_LICENSE or settings.ASPOSE_OCR_METERED_PUBLIC_KEY)


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
