"""The FTS5 index: one row per page (rowid = page id), holding its own copy of the text.

A table of its own needs no triggers, which migrations would drop without a word. Written inside the transaction
that changes the text, it cannot drift; rows of deleted pages match no page and are swept away.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from documents.models import Layer, Page
from documents.search.query import CJK, Query, Term, bigrams, plain

SCHEMA = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS page_fts USING fts5("
    "title, current, raw, grams, tokenize = 'unicode61 remove_diacritics 2')"
)
OPEN_MARK, CLOSE_MARK = "\x02", "\x03"  # never in stored text: control characters are stripped before
COUNT_LIMIT = 1001  # counting on costs 0.6 s when a word stands on every second page of a million
SECONDS = 3
SNIPPET_WORDS = 24
_WEIGHTS = "5.0, 2.0, 1.0, 1.0"


@dataclass(frozen=True)
class Hit:
    """One page found. `snippet` is safe HTML with <mark>; `layer` says which text holds it: current or raw."""

    page: Page
    snippet: SafeString
    layer: str


@dataclass(frozen=True)
class Hits:
    """A page of results. `total` stops at 1,000 (`is_capped`); `sorted_by` is "relevance" or "newest"."""

    items: tuple[Hit, ...] = ()
    total: int = 0
    is_capped: bool = False
    sorted_by: str = "relevance"
    timed_out: bool = False


def index_page(page: Page, *, raw: str, current: str) -> None:
    """Put a page's texts into the index in place of what was there. Call it in the transaction of the change."""
    title = page.document.title if page.number == 1 else ""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM page_fts WHERE rowid = %s", [page.pk])
        cursor.execute(
            "INSERT INTO page_fts (rowid, title, current, raw, grams) VALUES (%s, %s, %s, %s, %s)",
            [page.pk, *_columns(title, current, raw)],
        )


def _columns(title: str, current: str, raw: str) -> tuple[str, str, str, str]:
    title, current, raw = _searchable(title), _searchable(current), _searchable(raw)
    return title, current, "" if raw == current else raw, bigrams(f"{title} {current} {raw}")


def _searchable(text: str) -> str:
    # The reader sees ss for ß in a snippet, and finds it either way.
    return plain(text).replace(OPEN_MARK, "").replace(CLOSE_MARK, "").replace("\x00", "")


def find(query: Query, documents: QuerySet, *, pages: dict[str, Any], offset: int = 0, count: int = 20) -> Hits:
    """Return the pages of `documents` (those the user may see, filtered) that match, best first.

    `pages` are further filters on columns of the page, as patterns for LIKE. Capped results come newest first, because
    ranking a word that is everywhere costs much and tells little.
    """
    if not query:
        return Hits()
    where, values = _where(query, documents, pages)
    try:
        with _deadline(SECONDS), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM (SELECT 1 {where} LIMIT {COUNT_LIMIT})", values)
            total = cursor.fetchone()[0]
            capped = total == COUNT_LIMIT
            order = "f.rowid DESC" if capped else f"bm25(page_fts, {_WEIGHTS}), f.rowid DESC"
            cursor.execute(
                f"SELECT f.rowid, {_snippet(1)}, {_snippet(2)}, {_snippet(0)} {where} "
                f"ORDER BY {order} LIMIT %s OFFSET %s",
                [*values, count, offset],
            )
            rows = cursor.fetchall()
    except OperationalError as exc:
        if "interrupted" not in str(exc):
            raise
        return Hits(timed_out=True)
    return Hits(_hits(rows), min(total, COUNT_LIMIT - 1), capped, "newest" if capped else "relevance")


def _where(query: Query, documents: QuerySet, pages: dict[str, Any]) -> tuple[str, list[Any]]:
    subquery, values = documents.order_by().values("pk").query.sql_with_params()
    conditions = "".join(f" AND p.{connection.ops.quote_name(column)} LIKE %s" for column in pages)
    sql = (
        "FROM page_fts f JOIN documents_page p ON p.id = f.rowid "
        f"WHERE page_fts MATCH %s AND p.document_id IN ({subquery}){conditions}"
    )
    return sql, [match_expression(query), *values, *pages.values()]


def match_expression(query: Query) -> str:
    """Return the FTS5 expression: every word quoted, so that nothing typed is taken for syntax."""
    wanted = " AND ".join(_match(term) for term in query.terms if not term.is_excluded)
    unwanted = "".join(f" NOT {_match(term)}" for term in query.terms if term.is_excluded)
    return f"({wanted}){unwanted}"


def _match(term: Term) -> str:
    text = " ".join(term.words)
    if CJK.search(text):
        pairs = bigrams(text).split()
        if len(pairs) == 1 and len(pairs[0]) == 1:
            return f'grams:"{pairs[0]}"*'
        return 'grams:"' + " ".join(pairs) + '"'
    return f'"{text}"' + ("*" if term.is_prefix else "")


def _snippet(column: int) -> str:
    return f"snippet(page_fts, {column}, char(2), char(3), '…', {SNIPPET_WORDS})"


def _hits(rows: list[tuple]) -> tuple[Hit, ...]:
    keys = [row[0] for row in rows]
    pages = Page.objects.select_related("document__owner").defer("problem", "crash_reason").in_bulk(keys)
    return tuple(
        _hit(pages[pk], current, raw, title) for pk, current, raw, title in rows if pk in pages
    )


def _hit(page: Page, current: str, raw: str, title: str) -> Hit:
    if OPEN_MARK in current or OPEN_MARK not in raw:
        text = current if OPEN_MARK in current or OPEN_MARK not in title else f"{title} — {current}"
        return Hit(page, marked(text), "current")
    return Hit(page, marked(raw), "raw")


def marked(snippet: str) -> SafeString:
    """Return the snippet as safe HTML: everything escaped, then the two markers turned into <mark>."""
    return mark_safe(str(escape(snippet)).replace(OPEN_MARK, "<mark>").replace(CLOSE_MARK, "</mark>"))


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Interrupt SQLite when a search takes longer than `seconds`."""
    connection.ensure_connection()
    end = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, 20_000)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)


def rebuild() -> int:
    """Write the whole index anew from the pages' texts. Return how many pages are in it."""
    pages = Page.objects.filter(current__isnull=False).select_related("document", "current")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS page_fts")
        cursor.execute(SCHEMA)
    count = 0
    for page in pages.iterator(chunk_size=500):
        reading = page.texts.filter(layer=Layer.OCR).order_by("-version").values_list("text", flat=True).first()
        index_page(page, raw=reading or "", current=page.current.text)
        count += 1
    return count


def remove_orphans() -> int:
    """Remove index rows whose page is gone. Return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM page_fts WHERE rowid NOT IN (SELECT id FROM documents_page)")
        return max(0, cursor.rowcount)


