"""Writing the index, in the transaction that changes a page's text. One function; `rebuilding` writes it all anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from documents.models import Page
from documents.search import postgres, sqlite, vocabulary
from documents.search.rows import row_of


def database():
    """Return the module that keeps the index in the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def index_page(page: Page, *, raw: str, current: str) -> None:
    """Put a page's texts into the index in place of what was there. Call it in the transaction of the change."""
    title = page.document.title if page.number == 1 else ""
    row = row_of(page.pk, page.document_id, title=title, current=current, raw=raw)
    database().put([row])
    vocabulary.add_words(row.words())


def remove_pages(page_ids: Iterable[int]) -> None:
    """Take pages that are about to go, or gone, out of the index."""
    database().remove(page_ids)


def pages_of(page_ids: Sequence[int]) -> QuerySet:
    """Return the pages with these ids, in no order; as one value to the database, however many they are."""
    return Page.objects.order_by().filter(pk__in=RawSQL(*database().listed(list(page_ids))))


def remove_orphans() -> int:
    """Remove index rows whose page is gone. Return how many."""
    return database().remove_orphans()
