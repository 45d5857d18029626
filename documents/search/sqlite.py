"""The index in SQLite: an FTS5 table with one row per page (rowid = page id), holding its own copy of the words.

A table of its own needs no triggers, which migrations would drop without a word. Written inside the transaction
that changes the text, it cannot drift; rows of deleted pages match no page and are swept away.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, OperationalError, connection
from django.db.models import BooleanField, Case, F, Func, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Expression, RawSQL
from django.db.models.functions import Cast, ExtractYear, Substr
from django.db.models.lookups import In

from documents.models import Page
from documents.search.patience import seconds
from documents.search.query import All, Any, Part, Term
from documents.search.rows import Row
from documents.search.words import bigrams

CHANGED = "page_changed"
"""The pages that change while a new index is made (`sqlite_build`); at other times there is no such table."""


def table(name: str) -> str:
    """Return the SQL that makes an index of that name."""
    columns = "title, current, raw, grams, tokenize = 'unicode61 remove_diacritics 2'"
    return f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5({columns})"


# Migration 0002 runs this on every database; PostgreSQL gets its index in a later one.
SCHEMA = table("page_fts") if connection.vendor == "sqlite" else "SELECT 1"
RANKABLE = 20_000
"""Pages with a word beyond which it is left out of the ranking: it says little, and counting it takes longer than the
search (bm25 visits every page of every word)."""
COMMON = 10_000  # pages, at 1 to 2 µs each
_WEIGHTS = "5.0, 2.0, 1.0, 1.0"


def put(rows: Iterable[Row]) -> None:
    """Write the rows in place of what was there."""
    rows = list(rows)
    remove([row.page_id for row in rows])
    with connection.cursor() as cursor:
        insert(cursor, "page_fts", rows)


def insert(cursor, name: str, rows: Iterable[Row]) -> None:
    """Write rows into the index of that name, of pages that are not in it."""
    cursor.executemany(
        f"INSERT INTO {name} (rowid, title, current, raw, grams) VALUES (%s, %s, %s, %s, %s)",
        ((row.page_id, row.title, row.current, row.raw, row.grams) for row in rows),
    )


def problem() -> str:
    """Return what is wrong with the index according to FTS5's own check, "" when it is whole."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO page_fts(page_fts, rank) VALUES ('integrity-check', 1)")
    except DatabaseError as exc:
        return str(exc)
    return ""


def remove(page_ids: Iterable[int]) -> None:
    """Remove the rows of these pages."""
    keys = [(pk,) for pk in page_ids]
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM page_fts WHERE rowid = %s", keys)
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [CHANGED])
        if cursor.fetchone():
            cursor.executemany(f"INSERT OR IGNORE INTO {CHANGED} (page_id) VALUES (%s)", keys)


def remove_orphans() -> int:
    """Remove rows whose page is gone. Return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM page_fts WHERE rowid NOT IN (SELECT id FROM documents_page)")
        return max(0, cursor.rowcount)


def matching(
    pages: QuerySet, text: Part, *, limit: int | None = None, among: list[int] | None = None, order: str = "-",
    documents: QuerySet | None = None,
) -> QuerySet:  # fmt: skip
    """Return those of `pages` whose words fulfil `text`, `limit` at most. `order`: "-" newest first, "+" oldest first,
    "" none. `among` are their documents, if they are few and the text is common. `documents` are of use to PostgreSQL
    alone."""
    if among is not None:
        try:
            found = Page.objects.filter(pk__in=RawSQL(*_read_through(pages, text, order, limit)))
        except EmptyResultSet:  # Django knows without asking that there are no such pages
            return Page.objects.none()
        return found.order_by(*{"-": ["-pk"], "+": ["pk"], "": []}[order])
    # extra(): the index is no model, and joined in any other way SQLite walks all pages before it asks the index.
    return pages.order_by().extra(
        tables=["page_fts"], where=["page_fts.rowid = documents_page.id", "page_fts MATCH %s"],
        params=[expression(text)], order_by={"-": ["-page_fts.rowid"], "+": ["page_fts.rowid"], "": []}[order],
    )[:limit]  # fmt: skip


def _read_through(pages: QuerySet, text: Part, order: str, limit: int | None) -> tuple[str, list]:
    """Return SQL with its values for the ids of those of a few pages whose words fulfil a common text: their words are
    read one page after the other until there are enough. The index would lead through all pages with the text."""
    few, values = pages.order_by(*{"-": ["-pk"], "+": ["pk"], "": []}[order]).values("pk").query.sql_with_params()
    holds, words = _holds(text)
    sql = (
        f"WITH few(id) AS MATERIALIZED ({few}), texts(id, words) AS (SELECT few.id, "
        "' ' || title || ' | ' || current || ' | ' || raw || ' | ' || grams || ' ' "
        "FROM few CROSS JOIN page_fts ON page_fts.rowid = few.id) "
        f"SELECT id FROM texts WHERE {holds}"
    )
    return f"{sql} LIMIT {limit}" if limit else sql, [*values, *words]


def _holds(part: Part) -> tuple[str, list[str]]:
    """Return SQL with its values for whether `words`, which have a space between them and before and after all, fulfil
    a tree. It says the same of a page as `expression`."""
    if isinstance(part, Term):
        words = bigrams(" ".join(part.words)) if part.is_cjk else " ".join(part.words)
        is_beginning = part.is_prefix or (part.is_cjk and len(words) == 1)
        return "instr(words, %s)", [f" {words}" if is_beginning else f" {words} "]
    assert isinstance(part, All | Any)
    wanted = [_holds(inner) for inner in part.parts]
    unwanted = [_holds(inner) for inner in part.without] if isinstance(part, All) else []
    sql = (" OR " if isinstance(part, Any) else " AND ").join(one for one, _values in wanted)
    without = "".join(f" AND NOT {one}" for one, _values in unwanted)
    return f"({sql}{without})", [value for _sql, values in (*wanted, *unwanted) for value in values]


def fulfils(text: Part) -> Func:
    """Return the condition that a page's words fulfil `text`, asked of one page after the other: 50 µs each."""
    its = "EXISTS (SELECT 1 FROM page_fts WHERE page_fts.rowid = %(expressions)s)"
    return Func(F("pk"), Value(expression(text)), template=its, arg_joiner=" AND page_fts MATCH ",
                output_field=BooleanField())  # fmt: skip


def looks_everywhere(_text: Part, *, is_patient: bool) -> bool:
    """Return whether `matching` looks at all pages for a text: this index knows where on a page each word stands."""
    return True


def is_common(text: Part) -> bool:
    """Return whether so many pages fulfil `text` that looking at each would take longer than a list of documents."""
    with connection.cursor() as cursor:
        return _has_more(cursor, expression(text), COMMON)


def listed(ids: list[int]) -> tuple[str, list[str]]:
    """Return SQL with its values for a list of ids, however long."""
    return "SELECT value FROM json_each(%s)", [json.dumps(ids)]


def year(column: str) -> Case:
    """Return an expression for the year of a moment, here. SQLite knows no time zones and has Python work out each one;
    so only those of the days about New Year are asked of it, which fall into another year somewhere."""
    is_near = In(Substr(column, 6, 5), ["12-31", "01-01"])
    return Case(When(is_near, then=ExtractYear(column)), default=Cast(Substr(column, 1, 4), IntegerField()))


def titled(terms: Iterable[Term], limit: int | None = None) -> tuple[str, list[str]]:
    """Return SQL with its values for the ids of the documents whose title holds all the terms; `limit`: the newest."""
    sql = "SELECT p.document_id FROM page_fts f JOIN documents_page p ON p.id = f.rowid WHERE page_fts MATCH %s"
    newest = f" ORDER BY f.rowid DESC LIMIT {limit}" if limit else ""
    return sql + newest, [" AND ".join(_match(term, "title") for term in terms)]


def count(documents: QuerySet, text: Part, most: int) -> int:
    """Return how many pages of `documents` fulfil `text`, counting up to `most`."""
    seen = Page.objects.filter(documents.contain("document_id"))
    return matching(seen, text, limit=most, order="").count()


def rows(
    pages: QuerySet, columns: Sequence[str | Expression], text: Part, *, is_patient: bool, **asked: object
) -> tuple[list[tuple], bool]:
    """Return what `columns` say of the pages that `matching` returns, in their order, and whether there was no time to
    find them all."""
    return in_time(matching(pages, text, **asked).values_list(*columns), is_patient=is_patient)


def in_time(asked: QuerySet, *, is_patient: bool) -> tuple[list[tuple], bool]:
    """Return the rows of a query, in their order, and whether there was no time to find them all."""
    found: list[tuple] = []
    try:
        sql, values = asked.query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that there are none
        return found, False
    try:
        # Django's own way to the rows looks at each value; here they are numbers and texts that need no change.
        with _deadline(seconds(is_patient)), connection.cursor() as cursor:
            cursor.execute(sql, values)
            while rows := cursor.fetchmany(100):
                found += rows
    except OperationalError as exc:
        if "interrupted" not in str(exc):
            raise
        return found, True
    return found, False


def ranked(ids: list[int], terms: Iterable[Term]) -> list[int] | None:
    """Return the ids, the pages that say most about the terms first; None when every term is everywhere."""
    with connection.cursor() as cursor:
        telling = [term for term in terms if _is_telling(cursor, term)]
        if not telling:
            return None
        # The plus keeps SQLite from asking the index anew for every single id.
        cursor.execute(
            "SELECT rowid FROM page_fts WHERE page_fts MATCH %s AND +rowid IN (SELECT value FROM json_each(%s)) "
            f"ORDER BY bm25(page_fts, {_WEIGHTS}), rowid DESC",
            [expression(Any(tuple(telling))), json.dumps(ids)],
        )
        best = [row[0] for row in cursor.fetchall()]
    return best + sorted(set(ids) - set(best), reverse=True)


def words_of(ids: list[int]) -> dict[int, set[str]]:
    """Return the words in the index of each of these pages, a few hundred at most."""
    sql, values = listed(ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid, title, current, raw, grams FROM page_fts WHERE rowid IN ({sql})", values)
        return {page_id: set(" ".join(texts).split()) for page_id, *texts in cursor.fetchall()}


def _is_telling(cursor, term: Term) -> bool:
    return not _has_more(cursor, _match(term), RANKABLE)


def _has_more(cursor, match: str, count: int) -> bool:
    cursor.execute(f"SELECT 1 FROM page_fts WHERE page_fts MATCH %s LIMIT 1 OFFSET {count}", [match])
    return cursor.fetchone() is not None


def expression(part: Part) -> str:
    """Return the FTS5 expression of a tree: every word quoted, so that nothing typed is taken for syntax."""
    if isinstance(part, Term):
        return _match(part)
    if isinstance(part, Any):
        return "(" + " OR ".join(expression(inner) for inner in part.parts) + ")"
    assert isinstance(part, All)
    wanted = "(" + " AND ".join(expression(inner) for inner in part.parts) + ")"
    return f"({wanted}{''.join(f' NOT {expression(inner)}' for inner in part.without)})"


def _match(term: Term, column: str = "") -> str:
    words = " ".join(term.words)
    is_prefix = term.is_prefix
    if term.is_cjk:
        column, words = column or "grams", bigrams(words)
        is_prefix = len(words) == 1
    return (f"{column} : " if column else "") + f'"{words}"' + ("*" if is_prefix else "")


@contextmanager
def _deadline(limit: float) -> Iterator[None]:
    """Interrupt SQLite when a search takes longer than `limit` seconds."""
    connection.ensure_connection()
    end = time.monotonic() + limit
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, 20_000)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)
