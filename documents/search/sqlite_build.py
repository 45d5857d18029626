"""A new index in SQLite, made beside the old one: `page_fts_new`, and `page_changed` with what changes meanwhile."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from documents.search.rows import Row
from documents.search.sqlite import CHANGED, insert, table

NEW = "page_fts_new"
_QUICK = {"hashsize": 64 << 20, "automerge": 0, "crisismerge": 1999}
"""Each batch is written as one tree, and no two are merged before the end (fts5, "configuration options")."""
_USUAL = {"hashsize": 1 << 20, "automerge": 4, "crisismerge": 16}


@contextmanager
def alone() -> Iterator[bool]:
    """Give whether no other process makes a new index; none begins with it before this ends."""
    with (settings.DATA_DIR / "reindex.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def begin() -> None:
    """Make an empty new index, and have the changed pages written down from now on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(table(NEW))
        _configure(cursor, _QUICK)
        cursor.execute(f"CREATE TABLE {CHANGED} (page_id integer PRIMARY KEY)")


def add(rows: Iterable[Row]) -> None:
    """Write rows of pages that are not in the new index."""
    with connection.cursor() as cursor:
        insert(cursor, NEW, rows)


def remove(page_ids: Iterable[int]) -> None:
    """Remove the rows of these pages from the new index."""
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {NEW} WHERE rowid = %s", [(pk,) for pk in page_ids])


def finish(meanwhile: Callable[[], None]) -> None:
    """Call `meanwhile`, then do what makes the new index quick to search: one tree instead of many. Nobody else can
    write at the same time."""
    meanwhile()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {NEW}({NEW}) VALUES ('optimize')")
        _configure(cursor, _USUAL)


def changed() -> list[int]:
    """Return the ids of the pages that changed since the new index was begun."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT page_id FROM {CHANGED}")
        return [row[0] for row in cursor.fetchall()]


def swap() -> None:
    """Put the new index in the place of the old one. Call it in the transaction in which `changed` was asked."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS page_fts")
        cursor.execute(f"ALTER TABLE {NEW} RENAME TO page_fts")
        cursor.execute(f"DROP TABLE {CHANGED}")


def _configure(cursor, values: dict[str, int]) -> None:
    for name, value in values.items():
        cursor.execute(f"INSERT INTO {NEW}({NEW}, rank) VALUES (%s, %s)", [name, value])
