"""Removing documents for good: rows first, files once that is committed; never the other way round."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from documents import search
from documents.models import Document, Page
from documents.pipeline import files


def remove_documents(documents: QuerySet) -> int:
    """Delete the documents with all that belongs to them. Return how many.

    An original that another document has too (somebody's private copy of the same file) stays on disk.
    """
    with transaction.atomic():
        keys = list(documents.values_list("pk", flat=True))
        page_ids = list(Page.objects.filter(document__in=keys).values_list("pk", flat=True))
        originals = set(documents.values_list("original", flat=True))
        pictures = Page.objects.filter(document__in=keys).values_list("picture", "thumbnail")
        names = [name for pair in pictures for name in pair]
        Document.objects.filter(pk__in=keys).delete()
        search.remove_pages(page_ids)
        names += originals - set(Document.objects.filter(original__in=originals).values_list("original", flat=True))
        transaction.on_commit(partial(files.remove, names))
    return len(keys)
