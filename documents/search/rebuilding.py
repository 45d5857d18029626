"""Writing the whole index anew beside the old one, which answers until the new one takes its place.

While that goes on people work: `put` and `remove` of the database's module write down which pages change meanwhile, and
those are written once more in the transaction that puts the new index in the place of the old one. Killed halfway it
leaves the old index as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.timezone import now

from documents.models import IndexState, Layer, Page, PageText
from documents.search import postgres, postgres_build, sqlite_build, vocabulary
from documents.search.index import database, pages_of
from documents.search.rows import VERSION, Row, row_of
from ocrsite.process import from_child

BATCH = 5000
"""Pages written in one transaction: half a second, in which SQLite lets nobody else write."""

MANY = 20_000
"""Pages from which on another process reads and folds them: it takes a second to start."""

CHECK_EVERY = timedelta(days=1)


class AlreadyBuilding(Exception):
    """Another process is writing the index anew."""


def builder():
    """Return the module that makes a new index in the database in use."""
    return postgres_build if database() is postgres else sqlite_build


def rebuild(progress: Callable[[int], None] = lambda count: None) -> int:
    """Write the whole index anew from the pages' texts. Return how many pages were written.

    `progress` is called with the number of pages written so far. Raises AlreadyBuilding.
    """
    with builder().alone() as is_alone:
        if not is_alone:
            raise AlreadyBuilding
        _clear_away()
        builder().begin()
        count, words = _write_all(progress)
        builder().finish(lambda: vocabulary.add_many(words))
        with transaction.atomic():
            _catch_up(words)
            vocabulary.forget_all_but(words)
            builder().swap()
            IndexState.objects.update_or_create(pk=1, defaults={"version": VERSION, "checked_at": now()})
    return count


def _write_all(progress: Callable[[int], None]) -> tuple[int, set[str]]:
    """Write all pages into the new index. Return how many, and their words."""
    count, words = 0, set()
    is_big = Page.objects.order_by()[:MANY].count() == MANY and not connection.in_atomic_block
    for rows, new_words in from_child("documents.search.rebuilding.folded") if is_big else folded():
        with transaction.atomic():
            builder().add(rows)
        words.update(new_words)
        count += len(rows)
        progress(count)
    return count, words


def folded() -> Iterator[tuple[list[Row], list[str]]]:
    """Yield the rows of all pages, a batch at a time, with the words that no batch before had."""
    known: set[str] = set()
    last = 0
    # By ranges of ids: a query that stays open for minutes keeps both databases from tidying up behind it.
    while rows := _rows(_texts(Page.objects.filter(pk__gt=last)).order_by("pk")[:BATCH]):
        # What row.words() says of each, without a set for every row.
        words = set().union(*(text.split() for row in rows for text in row[2:])) - known
        yield rows, list(words)
        known |= words
        last = rows[-1].page_id


def _texts(pages: QuerySet) -> QuerySet:
    """Return what is indexed of the pages that have a text."""
    reading = PageText.objects.filter(page=OuterRef("pk"), layer=Layer.OCR).order_by("-version").values("text")[:1]
    with_text = pages.filter(current__isnull=False).annotate(raw_text=Subquery(reading))
    return with_text.values_list("pk", "document_id", "number", "document__title", "current__text", "raw_text")


def _rows(texts: QuerySet) -> list[Row]:
    return [
        row_of(pk, document_id, title=title if number == 1 else "", current=current, raw=raw or "")
        for pk, document_id, number, title, current, raw in texts
    ]


def _catch_up(words: set[str]) -> None:
    """Write the pages that changed meanwhile once more, and add their words to `words`, or they would be forgotten."""
    changed = builder().changed()
    builder().remove(changed)
    rows = _rows(_texts(pages_of(changed)))
    builder().add(rows)
    words.update(*(row.words() for row in rows))


def tidy() -> None:
    """Remove what a process left that was killed while it made a new index."""
    with builder().alone() as is_alone:
        if is_alone:
            _clear_away()


def _clear_away() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for name in (builder().CHANGED, builder().NEW):
            cursor.execute(f"DROP TABLE IF EXISTS {name}")


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
    database().remove_orphans()
    wrong = problem()
    if wrong:
        try:
            rebuild()
        except AlreadyBuilding:
            return ""
    else:
        tidy()
    IndexState.objects.update_or_create(pk=1, defaults={"version": VERSION, "checked_at": now()})
    return wrong
