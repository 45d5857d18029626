"""Pages in another order, in another document, or in the bin. Rows move; files and texts stay as they are."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Case, F, IntegerField, Max, Value, When

from documents import search, states
from documents.models import Comment, Document, Page, RemovedPage
from documents.pipeline import origins, removing
from documents.pipeline.texts import latest_reading_text

ASIDE = 1_000_000
"""Added to numbers that are about to be given anew: no two pages of a document may have the same even for a moment."""

CARRIED = (
    "owner", "original_name", "original", "kind", "size", "scope", "handwritten", "language", "engine", "mode",
    "read_picture", "preparation", "aspose_area_mode", "aspose_language_level", "aspose_filters", "document_type",
    "collection", "batch", "lane", "status",
)  # fmt: skip
"""What a document made of another's pages has from it."""


class PagesInWork(Exception):
    """Pages that are still being read or corrected cannot go into another document."""


def reorder(document: Document, order: Sequence[int]) -> None:
    """Put the document's pages in the order of these ids; pages that are not named stay behind them as they stand."""
    with transaction.atomic():
        there = {page.pk: page for page in _pages(document)}
        named = [pk for pk in dict.fromkeys(order) if pk in there]
        _number(document, named + [pk for pk in there if pk not in named], there)


def move_before(document: Document, page_ids: Sequence[int], before: int) -> None:
    """Move pages in front of page number `before`; a number beyond the last puts them at the end."""
    pages = list(document.pages.order_by("number").values_list("pk", "number"))
    moved = [pk for pk, _number_ in pages if pk in set(page_ids)]
    ahead = [pk for pk, number in pages if pk not in set(moved) and number < before]
    behind = [pk for pk, number in pages if pk not in set(moved) and number >= before]
    reorder(document, ahead + moved + behind)


def split(document: Document, page_ids: Sequence[int], title: str) -> Document | None:
    """Move pages into a new document of that title. Return it; None when none or all of the pages were named."""
    with transaction.atomic():
        if not _is_some(document, page_ids):
            return None
        new = _another(document, title)
        new.tags.set(document.tags.all())
        _move(document, new, page_ids)
    return new


def merge(document: Document, other: Document) -> None:
    """Put all pages of `other` behind those of `document`; `other` goes, its pages, texts, comments and bin stay."""
    with transaction.atomic():
        _move(other, document, list(other.pages.order_by("number").values_list("pk", flat=True)))
        Comment.objects.filter(document=other).update(document=document)
        RemovedPage.objects.filter(document=other).update(document=document)
        Document.objects.filter(bin_of=other).update(bin_of=document)
        removing.remove_documents(Document.objects.filter(pk=other.pk))


def remove(document: Document, page_ids: Sequence[int], *, by: Any) -> int:
    """Put pages into the document's bin. Return how many; 0 when they would be all: a document has a page."""
    with transaction.atomic():
        if not _is_some(document, page_ids):
            return 0
        pages = list(document.pages.filter(pk__in=page_ids).order_by("number"))
        bin_ = document.bins.first() or _another(document, document.title, bin_of=document)
        RemovedPage.objects.bulk_create(
            RemovedPage(page=page, document=document, number=page.number, by=by) for page in pages
        )
        _move(document, bin_, [page.pk for page in pages])
    return len(pages)


def bring_back(document: Document, page_id: int) -> bool:
    """Take a page out of the bin, to where it stood. Return whether it was there."""
    with transaction.atomic():
        removed = RemovedPage.objects.select_related("page__document").filter(document=document, page=page_id).first()
        if removed is None:
            return False
        _move(removed.page.document, document, [page_id])
        removed.delete()
        move_before(document, [page_id], removed.number)
    return True


def _is_some(document: Document, page_ids: Sequence[int]) -> bool:
    """Return whether the ids name some of the document's pages, and not all."""
    return 0 < document.pages.filter(pk__in=page_ids).count() < document.pages.count()


def _another(document: Document, title: str, **fields: Any) -> Document:
    """Return a new document of the same file. Its checksum is its own: the file's belongs to what was uploaded."""
    own = hashlib.sha256(f"{document.sha256} {uuid.uuid4()}".encode()).hexdigest()
    carried = {name: getattr(document, name) for name in CARRIED}
    return Document.objects.create(**carried, title=title[:200], sha256=own, page_count=0, **fields)


def _move(source: Document, target: Document, page_ids: Sequence[int]) -> None:
    """Move pages to the end of `target`, in the order in which they stood, and number both documents anew."""
    pages = list(_pages(source).filter(pk__in=page_ids))
    if any(not page.is_settled for page in pages):
        raise PagesInWork  # their job would settle the document that they were in when it began
    origins.remember(pages)
    last = target.pages.aggregate(last=Max("number"))["last"] or 0
    for number, page in enumerate(pages, last + 1):
        Page.objects.filter(pk=page.pk).update(document=target, number=number)
    Comment.objects.filter(page__in=pages).update(document=target)
    for document in (source, target):
        there = {page.pk: page for page in _pages(document)}
        _number(document, list(there), there)
        Document.objects.filter(pk=document.pk).update(page_count=len(there))
        states.settle_document(document.pk)
    _index(target.pages.filter(pk__in=page_ids))


def _pages(document: Document):
    return Page.objects.filter(document=document).select_related("document", "current").order_by("number")


def _number(document: Document, order: Sequence[int], there: dict[int, Page]) -> None:
    """Give the pages the numbers 1, 2, 3... in this order, in two statements, and let search know the first one."""
    wrong = {pk: number for number, pk in enumerate(order, 1) if there[pk].number != number}
    if not wrong:
        return
    origins.remember(there[pk] for pk in wrong)
    pages = Page.objects.filter(pk__in=wrong)
    pages.update(number=F("number") + ASIDE)
    numbers = [When(pk=pk, then=Value(number)) for pk, number in wrong.items()]
    pages.update(number=Case(*numbers, output_field=IntegerField()))
    _index(document.pages.filter(pk__in=[pk for pk in wrong if 1 in (wrong[pk], there[pk].number)]))


def _index(pages: Any) -> None:
    """Let search know: a document's title is found on its first page."""
    for page in pages.select_related("document", "current"):
        search.index_page(page, raw=latest_reading_text(page), current=page.current.text if page.current else "")
