"""A new index in PostgreSQL, made beside the old one: `page_search_new`, and `page_changed` with the pages changed
meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction

from documents.search.postgres import CHANGED, columns, gin, titles
from documents.search.rows import Row

NEW = "page_search_new"
_LOCK = 4_201_107  # any number that nobody else takes


@contextmanager
def alone() -> Iterator[bool]:
    """Give whether no other process makes a new index; none begins with it before this ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        is_alone = cursor.fetchone()[0]
    try:
        yield is_alone
    finally:
        if is_alone and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def begin() -> None:
    """Make an empty new index, and have the changed pages written down from now on."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Waits for the changes that are on their way: they would be neither seen nor written down.
        cursor.execute("LOCK TABLE page_search IN SHARE MODE")
        cursor.execute(f"CREATE TABLE {NEW} ({columns('')})")
        cursor.execute(f"CREATE TABLE {CHANGED} (page_id bigint PRIMARY KEY)")


def add(rows: Iterable[Row]) -> None:
    """Write rows of pages that are not in the new index."""
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {NEW} (page_id, document_id, title, current, raw, grams) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def remove(page_ids: Iterable[int]) -> None:
    """Remove the rows of these pages from the new index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {NEW} WHERE page_id = ANY(%s)", [list(page_ids)])


def finish(meanwhile: Callable[[], None]) -> None:
    """Make what the new index is searched by; on a full table that takes a third of the time. PostgreSQL does it on one
    core, so `meanwhile` is called at the same time, with a connection of its own."""
    if connection.in_atomic_block:  # another connection would not see what was written
        meanwhile()
        _make_indexes()
        return
    with ThreadPoolExecutor(max_workers=1) as pool:
        other = pool.submit(_on_its_own, meanwhile)
        _make_indexes()
        other.result()


def _on_its_own(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()  # this thread's, which ends here


def _make_indexes() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Measured at a million pages: GIN takes 38 s with 16 MB, which the processor's cache holds, 43 with 64 MB, and
        # 59 with 512 MB or 4 GB; it is a twentieth larger then, and asked no slower.
        cursor.execute("SET LOCAL maintenance_work_mem = '16MB'")
        cursor.execute(f"ALTER TABLE {NEW} ADD CONSTRAINT page_search_new_pkey PRIMARY KEY (page_id)")
        cursor.execute(gin(NEW))
        cursor.execute(titles(NEW))
        cursor.execute(f"ANALYZE {NEW}")


def changed() -> list[int]:
    """Return the ids of the pages that changed since the new index was begun; until the transaction ends, none does."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE page_search IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"SELECT page_id FROM {CHANGED}")
        return [row[0] for row in cursor.fetchall()]


def swap() -> None:
    """Put the new index in the place of the old one. Call it in the transaction in which `changed` was asked."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {NEW} s WHERE NOT EXISTS (SELECT FROM documents_page p WHERE p.id = s.page_id)")
        cursor.execute(
            f"ALTER TABLE {NEW} ADD CONSTRAINT page_search_new_page_id_fkey FOREIGN KEY (page_id) "
            "REFERENCES documents_page ON DELETE CASCADE"
        )
        cursor.execute("DROP TABLE page_search")
        cursor.execute(f"ALTER TABLE {NEW} RENAME TO page_search")
        for name in ("page_search_pkey", "page_search_page_id_fkey"):
            new = name.replace("page_search", NEW)
            cursor.execute(f"ALTER TABLE page_search RENAME CONSTRAINT {new} TO {name}")
        for name in ("vector", "title"):
            cursor.execute(f"ALTER INDEX {NEW}_{name} RENAME TO page_search_{name}")
        cursor.execute(f"DROP TABLE {CHANGED}")
