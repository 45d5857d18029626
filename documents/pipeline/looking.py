"""A first look at a document: its pages are drawn at once, long before their turn to be read comes.

People see the pages, and the scan coach speaks while the paper is still on the desk. Nothing depends on it: reading
draws a page that has not been looked at, so a lost or doubled look does no harm and needs no status.
"""

from __future__ import annotations

import logging
import time

from django.db.models import QuerySet

from documents.models import UNREAD, Page
from documents.pipeline import files, origins
from documents.pipeline.pictures import PageProblem
from documents.pipeline.rendering import Drawing, RenderingFailed, draw_page

log = logging.getLogger(__name__)

TURN_SECONDS = 20
"""After this long another document has its turn: a book must not keep the coach from somebody's single sheet."""


def look_at(document_id: int) -> bool:
    """Draw the document's pages that nobody has drawn yet, for a turn. Return whether some are left."""
    end = time.monotonic() + TURN_SECONDS
    for page in _unseen(document_id).order_by("number"):
        if time.monotonic() > end:
            return True
        try:
            _look_at_page(page)
        except (PageProblem, RenderingFailed, OSError) as exc:
            # Reading meets the same problem, counts it and shows it; here it would only be said twice.
            log.info("page %s could not be looked at: %s", page.pk, type(exc).__name__)
    return False


def unseen_documents(limit: int) -> list[int]:
    """Return the ids of documents with pages that wait to be looked at, oldest first."""
    waiting = Page.objects.filter(picture="", status__in=UNREAD).order_by("document_id")
    return list(waiting.values_list("document_id", flat=True).distinct()[:limit])


def _unseen(document_id: int) -> QuerySet:
    return Page.objects.filter(document_id=document_id, picture="", status__in=UNREAD).select_related("document")


def _look_at_page(page: Page) -> None:
    origin = origins.origin_of(page)
    with files.local_copy(origin.original) as original, files.work_folder() as folder:
        keep_pictures(page, origins.turned(draw_page(original, origin.kind, origin.number, folder), origin.turn))


def keep_pictures(page: Page, drawing: Drawing) -> None:
    """Store what the browser shows of the page, and what the coach found, unless the page has begun anew since."""
    big, small = origins.picture_names(page)
    kept = Page.objects.filter(pk=page.pk, revision=page.revision).update(
        picture=files.save_picture(big, drawing.display),
        thumbnail=files.save_picture(small, drawing.small),
        width=drawing.picture.width, height=drawing.picture.height, dpi=drawing.picture.dpi,
        coach=list(drawing.coach),
    )  # fmt: skip
    if kept:  # those of an earlier revision are shown nowhere any more
        files.remove(name for name in (page.picture, page.thumbnail) if name not in (big, small))


def has_pictures(page: Page) -> bool:
    """Return whether the pictures of this revision of the page are stored already."""
    return page.picture == origins.picture_names(page)[0]

