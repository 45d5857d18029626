"""Removing documents for good: rows first, files once that is committed; never the other way round."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from documents import search
from documents.models import Document, Page, PageOrigin
from documents.pipeline import files


def remove_documents(documents: QuerySet) -> int:
    """Delete the documents with all that belongs to them. Return how many.

    An original that another document has too (somebody's private copy of the same file), or that pages in another
    document came from, stays on disk. A document's bin goes with it.
    """
    with transaction.atomic():
        asked = list(documents.values_list("pk", flat=True))
        keys = asked + list(Document.objects.filter(bin_of__in=asked).values_list("pk", flat=True))
        page_ids = list(Page.objects.filter(document__in=keys).values_list("pk", flat=True))
        originals = _originals_of(keys)
        pictures = Page.objects.filter(document__in=keys).values_list("picture", "thumbnail")
        names = [name for pair in pictures for name in pair]
        Document.objects.filter(pk__in=keys).delete()
        search.remove_pages(page_ids)
        names += originals - _still_wanted(originals)
        transaction.on_commit(partial(files.remove, names))
    return len(asked)


def _originals_of(keys: list[int]) -> set[str]:
    """Return the stored files of these documents, and those that their pages came from."""
    moved = PageOrigin.objects.filter(page__document__in=keys)
    return {*_names(Document.objects.filter(pk__in=keys)), *_names(moved)}


def _still_wanted(originals: set[str]) -> set[str]:
    return {name for rows in (Document, PageOrigin) for name in _names(rows.objects.filter(original__in=originals))}


def _names(rows: QuerySet) -> list[str]:
    return list(rows.values_list("original", flat=True))
