"""Where a page comes from: the file, the place in it, and how it is turned. The file itself is never touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PIL import Image

from documents.models import Document, Page, PageOrigin
from documents.ocr.base import Box
from documents.ocr.turning import TURNS, box_back
from documents.pipeline import files
from documents.pipeline.rendering import Drawing


def origin_of(page: Page) -> PageOrigin:
    """Return where the page comes from; for a page that nobody has moved, its place in its own document."""
    return PageOrigin.objects.filter(page=page).first() or _here(page)


def _here(page: Page) -> PageOrigin:
    document = page.document
    return PageOrigin(page=page, original=document.original, kind=document.kind, source=document.pk, number=page.number)


def remember(pages: Iterable[Page]) -> None:
    """Write down where these pages come from, before they are moved. Those that were moved before stay as they are."""
    PageOrigin.objects.bulk_create([_here(page) for page in pages], ignore_conflicts=True)


def is_rearranged(document: Document) -> bool:
    """Return whether the document's pages are no longer simply those of its file."""
    return PageOrigin.objects.filter(page__document=document).exists()


def picture_names(page: Page) -> tuple[str, str]:
    """Return the storage names of the page's picture and thumbnail."""
    origin = origin_of(page)
    names = files.picture_names(origin.source, origin.number, page.revision)
    return tuple(name.replace(".jpg", f"-t{origin.turn}.jpg") for name in names) if origin.turn else names


def turned(drawing: Drawing, degrees: int) -> Drawing:
    """Return the drawing turned clockwise by 0, 90, 180 or 270 degrees: its files, its size, its text's boxes."""
    if not degrees:
        return drawing
    for path in (drawing.picture.path, drawing.display, drawing.small):
        with Image.open(path) as image:
            done = image.transpose(TURNS[degrees])
        done.save(path)
    size = (drawing.picture.width, drawing.picture.height)
    width, height = size if degrees == 180 else size[::-1]
    picture = replace(drawing.picture, width=width, height=height)
    text = drawing.text and drawing.text.with_boxes(lambda box: turned_box(box, degrees, (width, height)))
    return replace(drawing, picture=picture, text=text)


def turned_box(box: Box, degrees: int, size: tuple[int, int]) -> Box:
    """Return where a box lies after its picture was turned clockwise; `size` is (width, height) of the turned one."""
    return box_back(box, 360 - degrees, size)
