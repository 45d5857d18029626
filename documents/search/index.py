"""Writing the index. One function for one page, called in the transaction that changes its text; one for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils.timezone import now

from documents.models import IndexState, Layer, Page, PageText
from documents.search import postgres, sqlite, vocabulary
from documents.search.rows import VERSION, Row, row_of

BATCH = 1000
CHECK_EVERY = timedelta(days=1)


def database():
    """Return the module that keeps the index in the database in use."""
    return postgres if connection.vendor == "postgresql" else sqlite


def index_page(page: Page, *, raw: str, current: str) -> None:
    """Put a page's texts into the index in place of what was there. Call it in the transaction of the change."""
    title = page.document.title if page.number == 1 else ""
    row = row_of(page.pk, title=title, current=current, raw=raw)
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


def rebuild(progress: Callable[[int], None] = lambda count: None) -> int:
    """Write the whole index anew from the pages' texts. Return how many pages are in it.

    `progress` is called with the number of pages written so far. Searches see the old index until the end.
    """
    count = 0
    known: set[str] = set()
    with transaction.atomic():
        database().clear()
        vocabulary.forget_all()
        rows = _rows()
        while batch := list(islice(rows, BATCH)):
            database().add(batch)
            _add_words(batch, known)
            count += len(batch)
            progress(count)
        database().finish()
        IndexState.objects.update_or_create(pk=1, defaults={"version": VERSION, "checked_at": now()})
    return count


def _rows() -> Iterator[Row]:
    reading = PageText.objects.filter(page=OuterRef("pk"), layer=Layer.OCR).order_by("-version").values("text")[:1]
    titles = Page.objects.order_by("pk").annotate(raw=Subquery(reading)).filter(current__isnull=False)
    columns = ("pk", "number", "document__title", "current__text", "raw")
    for pk, number, title, current, raw in titles.values_list(*columns).iterator(chunk_size=BATCH):
        yield row_of(pk, title=title if number == 1 else "", current=current, raw=raw or "")


def _add_words(rows: list[Row], known: set[str]) -> None:
    """Add the words of the rows that are not in `known`, and them to it: asking the table for each would take longer
    than all the rest."""
    words = set().union(*(row.words() for row in rows)) - known
    known |= words
    vocabulary.add_new_words(words)


def problem() -> str:
    """Return what is wrong with the index, "" when it is whole and written by today's rules."""
    state = IndexState.objects.filter(pk=1).first()
    if (state is None or state.version != VERSION) and Page.objects.filter(current__isnull=False).exists():
        return "It was written by other rules than today's."
    return database().problem()


def repair_when_due() -> str:
    """Check the index once a day, and write it anew when it is damaged. Return what was wrong, "" if nothing."""
    state, _new = IndexState.objects.get_or_create(pk=1)
    if state.version == VERSION and state.checked_at and state.checked_at > now() - CHECK_EVERY:
        return ""
    remove_orphans()
    wrong = problem()
    if wrong:
        rebuild()
    IndexState.objects.update_or_create(pk=1, defaults={"version": VERSION, "checked_at": now()})
    return wrong
