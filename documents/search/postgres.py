"""The index in PostgreSQL: a table with a generated tsvector per page and a GIN index on it.

Titles have weight A in the vector, the current text B, the raw one C, pairs of characters D.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import prod

from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.expressions import Expression, RawSQL
from django.db.models.functions import ExtractYear

from documents.models import Page
from documents.search import vocabulary
from documents.search.patience import seconds
from documents.search.query import All, Any, Part, Term
from documents.search.rows import Row
from documents.search.words import bigrams

_COLUMNS = {"title": "A", "current": "B", "raw": "C", "grams": "D"}
_VECTOR = " || ".join(f"setweight(to_tsvector('simple', {name}), '{weight}')" for name, weight in _COLUMNS.items())
_TITLE = "to_tsvector('simple', title)"
CHANGED = "page_changed"
"""The pages that change while a new index is made (`postgres_build`); at other times there is no such table."""


def columns(page_id: str) -> str:
    """Return the columns of an index in SQL; `page_id` is what else is true of that column."""
    texts = ", ".join(f"{name} text NOT NULL" for name in _COLUMNS)
    ids = f"page_id bigint {page_id}, document_id bigint NOT NULL"
    return f"{ids}, {texts}, vector tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED"


BLOCK, SHELF = 8192, 8
"""The index can be asked for pages with neighbouring numbers alone: those of a block, or of a shelf of eight blocks. It
tells the pages of a word in no order, and reading the rows of all takes much longer than the newest thousand need."""

# An array, since GIN knows no plain numbers; shelves are the negative ones.
_BLOCKS = f"(ARRAY[(page_id / {BLOCK})::integer, (-1 - page_id / {SHELF * BLOCK})::integer])"


def gin(table: str) -> str:
    """Return the SQL that makes the table's GIN index."""
    return f"CREATE INDEX IF NOT EXISTS {table}_vector ON {table} USING gin (vector, {_BLOCKS}) WITH (fastupdate = off)"


def titles(table: str) -> str:
    """Return the SQL that makes the table's index of titles: weights are no part of the other one, which would lead
    through all pages with the words."""
    return f"CREATE INDEX IF NOT EXISTS {table}_title ON {table} USING gin ({_TITLE}) WHERE title <> ''"


SCHEMA = [
    f"CREATE TABLE IF NOT EXISTS page_search ({columns('PRIMARY KEY REFERENCES documents_page ON DELETE CASCADE')})",
    # Found by their beginnings, and compared byte by byte: the database's own order may leave letters aside.
    *(
        f'ALTER TABLE documents_indexword ALTER COLUMN {column} TYPE varchar(40) COLLATE "C"'
        for column in ("word", "key", "backwards")
    ),
]
SCHEMA.append(gin("page_search"))
COMMON = 10_000  # pages
LOOKED_AT = 50_000  # pages that are gone through at most, at 1 µs each
ENOUGH = 1000  # pages that are found among these, if a word is to be called common
MOST_BEGINNINGS = 300  # words, each looked up in the index at some µs
STATISTICS_SECONDS = 60  # for which they are kept in this process


def put(rows: Iterable[Row]) -> None:
    """Write the rows in place of what was there."""
    rows = list(rows)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO page_search (page_id, document_id, title, current, raw, grams) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (page_id) DO UPDATE SET document_id = EXCLUDED.document_id, "
            "title = EXCLUDED.title, current = EXCLUDED.current, raw = EXCLUDED.raw, grams = EXCLUDED.grams",
            rows,
        )
        _write_down(cursor, [row.page_id for row in rows])


def _write_down(cursor, page_ids: list[int]) -> None:
    """Note that these pages change, while a new index is made. Asked after the change, see `postgres_build.begin`."""
    cursor.execute("SELECT to_regclass(%s)", [CHANGED])
    if cursor.fetchone()[0]:
        cursor.execute(f"INSERT INTO {CHANGED} SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING", [page_ids])


def problem() -> str:
    """Return what is wrong with the index: pages with a text that are not in it; "" when it is whole."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM documents_page p LEFT JOIN page_search s ON s.page_id = p.id "
            "WHERE p.current_id IS NOT NULL AND s.page_id IS NULL"
        )
        missing = cursor.fetchone()[0]
    return f"{missing} pages are missing from it." if missing else ""


def remove(page_ids: Iterable[int]) -> None:
    """Remove the rows of these pages."""
    page_ids = list(page_ids)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM page_search WHERE page_id = ANY(%s)", [page_ids])
        _write_down(cursor, page_ids)


def remove_orphans() -> int:
    """Remove rows whose page is gone: none, since the database removes them together."""
    return 0


def matching(
    pages: QuerySet, text: Part, *, limit: int | None = None, among: list[int] | None = None, order: str = "-",
    documents: QuerySet | None = None,
) -> QuerySet:  # fmt: skip
    """Return those of `pages` whose words fulfil `text`, `limit` at most. `order`: "-" newest first, "+" oldest first,
    "" none. `among` are their documents, if they are few and the text is common: PostgreSQL starts from these. If all
    pages of some documents are meant and no others, `documents` are these."""
    try:
        sql, values = _found(pages, text, limit=limit, among=among, order=order, documents=documents)
    except EmptyResultSet:  # Django knows without asking that there are no such pages
        return Page.objects.none()
    # The page itself is asked for its document: what the index knows of it is only a lead.
    its = "documents_page p ON p.id = kept.page_id AND p.document_id = kept.document_id"
    found = Page.objects.filter(pk__in=RawSQL(f"SELECT kept.page_id FROM ({sql}) kept JOIN {its}", values))
    return found.order_by("-pk" if order == "-" else "pk") if order else found.order_by()


def _found(
    pages: QuerySet, text: Part, *, limit: int | None, order: str, documents: QuerySet | None,
    among: list[int] | None = None, is_patient: bool = False,
) -> tuple[str, list]:  # fmt: skip
    """Return SQL with its values for the ids of the pages found, and of their documents by what the index knows.

    How it is done is said in the SQL, since the planner's guesses of words that it does not know are wrong by a factor
    of a thousand: the index is asked for the newest (or oldest) pages with the words, then for more and more older
    ones. If the words are common, the pages are gone through in order, LOOKED_AT at most unless somebody is patient: a
    phrase of common words may be nowhere. Each is looked at whether it is one of those meant (OFFSET 0: one by one),
    until there are enough.
    """
    if among is not None:
        return _read_through(pages, text, order, limit)
    meant, key = (pages, "page_id") if documents is None else (documents, "document_id")
    inside, values = meant.order_by().filter(pk=RawSQL(f"found.{key}", ())).values("pk").query.sql_with_params()
    in_order = {"-": "ORDER BY page_id DESC", "+": "ORDER BY page_id", "": ""}[order]
    holds, words = "vector @@ to_tsquery('simple', %s)", [expression(text)]
    ids = "SELECT page_id, document_id"
    if not (limit and order):
        found = f"({ids} FROM page_search WHERE {holds} OFFSET 0)"
    elif is_common(text):
        some = "OFFSET 0" if is_patient else f"LIMIT {LOOKED_AT}"
        found = f"({ids} FROM ({ids}, vector FROM page_search {in_order} {some}) looked_at WHERE {holds})"
    else:
        steps = steps_through(_last_page(), is_newest_first=order != "+")
        found = (
            f"(VALUES {', '.join(['(%s::integer[])'] * len(steps))}) step (blocks) CROSS JOIN LATERAL "
            f"({ids} FROM page_search WHERE {holds} AND {_BLOCKS} && step.blocks {in_order})"
        )
        words = [*steps, *words]
    sql = f"{ids} FROM {found} found WHERE EXISTS ({inside} OFFSET 0)"
    return f"{sql} LIMIT {limit}" if limit else sql, [*words, *values]


def _read_through(pages: QuerySet, text: Part, order: str, limit: int | None) -> tuple[str, list]:
    """Return what `_found` does of a few pages and a common text: one is looked at after the other until there are
    enough. The index would lead through all pages with the text."""
    in_order = pages.order_by(*{"-": ["-pk"], "+": ["pk"], "": []}[order])
    few, values = in_order.values_list("pk", "document_id").query.sql_with_params()
    holds = "page_search.page_id = few.page_id AND page_search.vector @@ to_tsquery('simple', %s)"
    sql = (
        f"SELECT few.page_id, few.document_id FROM ({few}) few (page_id, document_id) "
        f"CROSS JOIN LATERAL (SELECT 1 FROM page_search WHERE {holds} OFFSET 0) its"
    )
    return f"{sql} LIMIT {limit}" if limit else sql, [*values, expression(text)]


def fulfils(text: Part) -> Func:
    """Return the condition that a page's words fulfil `text`, asked of one page after the other."""
    its = "EXISTS (SELECT 1 FROM page_search WHERE page_search.page_id = %(expressions)s))"
    return Func(F("pk"), Value(expression(text)), template=its,
                arg_joiner=" AND page_search.vector @@ to_tsquery('simple', ", output_field=BooleanField())  # fmt: skip


def _last_page() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(page_id) FROM page_search")
        return cursor.fetchone()[0] or 0


def steps_through(last_page: int, *, is_newest_first: bool) -> list[list[int]]:
    """Return all pages as blocks and shelves, as the index names them, in the order in which they are looked at: first
    a few blocks one by one, up to the next whole shelf, then one shelf, two, four and so on."""
    last = last_page // BLOCK
    if is_newest_first:
        blocks, shelves = range(last, last // SHELF * SHELF - 1, -1), range(last // SHELF)[::-1]
    else:
        blocks, shelves = range(SHELF), range(1, last // SHELF + 1)
    steps, size = [[block] for block in blocks], 1
    while shelves:
        steps.append([-1 - shelf for shelf in shelves[:size]])
        shelves, size = shelves[size:], 2 * size
    return steps


def looks_everywhere(text: Part, *, is_patient: bool) -> bool:
    """Return whether `rows` looks at all pages for a text, if `among` is not given."""
    return is_patient or not is_common(text) or Page.objects.order_by()[LOOKED_AT : LOOKED_AT + 1].count() == 0


def is_common(text: Part) -> bool:
    """Return whether so many pages fulfil `text` that going through all pages finds a thousand of them sooner than the
    index; by what PostgreSQL's statistics say, since counting takes as long as searching."""
    pages, shares = _statistics(time.monotonic() // STATISTICS_SECONDS)
    share = _share(text, shares)
    return pages * share > COMMON and share * LOOKED_AT > ENOUGH


@lru_cache(maxsize=1)
def _statistics(_moment: float) -> tuple[float, dict[str, float]]:
    """Return how many pages there are, and on what share of them the most frequent words stand: about a thousand words,
    all others stand on less than a hundredth of the pages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples, most_common_elems::text::text[], most_common_elem_freqs FROM pg_class, pg_stats "
            "WHERE pg_class.oid = 'page_search'::regclass AND schemaname = current_schema() "
            "AND tablename = 'page_search' AND attname = 'vector'"
        )
        known = cursor.fetchone()
    # After the shares of the words come the least and the greatest one.
    return (known[0], dict(zip(known[1] or (), known[2] or (), strict=False))) if known else (0, {})


def _share(part: Part, shares: dict[str, float]) -> float:
    """Return on what share of the pages a text stands at least, as far as is known, if words are independent."""
    if isinstance(part, Term):
        if part.is_prefix:
            return min(1, sum(share for word, share in shares.items() if word.startswith(part.words[-1])))
        return prod(shares.get(word, 0) for word in part.words)
    inner = [_share(one, shares) for one in part.parts]
    return max(inner) if isinstance(part, Any) else prod(inner)


def listed(ids: list[int]) -> tuple[str, list[list[int]]]:
    """Return SQL with its values for a list of ids, however long."""
    return "SELECT unnest(%s::bigint[])", [ids]


def year(column: str) -> ExtractYear:
    """Return an expression for the year of a moment, here."""
    return ExtractYear(column)


def titled(terms: Iterable[Term], limit: int | None = None) -> tuple[str, list[str]]:
    """Return SQL with its values for the ids of the documents whose title holds all the terms; `limit`: the newest."""
    sql = (
        "SELECT s.document_id FROM page_search s "
        "WHERE to_tsvector('simple', s.title) @@ to_tsquery('simple', %s) AND s.title <> ''"
    )
    newest = f" ORDER BY s.page_id DESC LIMIT {limit}" if limit else ""
    return sql + newest, [" & ".join(_match(term) for term in terms)]


def count(documents: QuerySet, text: Part, most: int) -> int:
    """Return how many pages of `documents` fulfil `text`, counting up to `most`."""
    try:
        found, values = _found(documents, text, limit=most, order="", documents=documents)
    except EmptyResultSet:  # Django knows without asking that there are no such documents
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({found}) found", values)
        return cursor.fetchone()[0]


def rows(
    pages: QuerySet, columns: Sequence[str | Expression], text: Part, *, is_patient: bool, **asked: object,
) -> tuple[list[tuple], bool]:  # fmt: skip
    """Return what `columns` say, the page's and the document's id first, of the pages that `matching` returns, in their
    order, and whether there was no time to find them."""
    try:
        found, values = _found(pages, text, is_patient=is_patient, **asked)
    except EmptyResultSet:  # Django knows without asking that there are no such pages
        return [], False
    its = Page.objects.order_by().filter(pk=RawSQL("kept.page_id", ()), document=RawSQL("kept.document_id", ()))
    told, more = its.values_list(*columns).query.sql_with_params()
    sql = f"SELECT told.* FROM ({found}) kept CROSS JOIN LATERAL ({told} OFFSET 0) told"
    rows, timed_out = in_time(_fetched(sql, [*values, *more]), is_patient=is_patient)
    # PostgreSQL need not keep the order of what is inside.
    return sorted(rows, reverse=asked["order"] == "-"), timed_out


def _fetched(sql: str, values: list) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor.fetchall()


def in_time(asked: Iterable[tuple], *, is_patient: bool) -> tuple[list[tuple], bool]:
    """Return the rows of a query that is not asked yet, in their order, and whether there was no time to find them."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = '{seconds(is_patient)}s'")
            return list(asked), False
    except OperationalError as exc:
        if "statement timeout" not in str(exc):
            raise
        return [], True


def ranked(ids: list[int], terms: Iterable[Term]) -> list[int] | None:
    """Return the ids, the pages that say most about the terms first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page_id FROM page_search WHERE page_id = ANY(%s) "
            "ORDER BY ts_rank('{0.1, 0.1, 0.2, 1}', vector, to_tsquery('simple', %s), 1) DESC, page_id DESC",
            [ids, expression(Any(tuple(terms)))],
        )
        return [row[0] for row in cursor.fetchall()]


def words_of(ids: list[int]) -> dict[int, set[str]]:
    """Return the words in the index of each of these pages, a few hundred at most."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_id, title, current, raw, grams FROM page_search WHERE page_id = ANY(%s)", [ids])
        return {page_id: set(" ".join(texts).split()) for page_id, *texts in cursor.fetchall()}


def expression(part: Part) -> str:
    """Return the tsquery of a tree: every word quoted, so that nothing typed is taken for syntax."""
    if isinstance(part, Term):
        return _match(part, _beginning(part.words[-1]) if part.is_prefix and not part.is_cjk else ())
    if isinstance(part, Any):
        return "(" + " | ".join(expression(inner) for inner in part.parts) + ")"
    assert isinstance(part, All)
    return "(" + " & ".join([*map(expression, part.parts), *(f"!{expression(p)}" for p in part.without)]) + ")"


def _beginning(start: str) -> list[str]:
    """Return the words that begin so, if they are not too many: for a beginning the index gathers all pages with it in
    the whole archive, however few are asked for."""
    words = vocabulary.words_beginning(start[: vocabulary.LONGEST], MOST_BEGINNINGS + 1)
    return words if len(words) <= MOST_BEGINNINGS else []


def _match(term: Term, last_words: Sequence[str] = ()) -> str:
    """Return the tsquery of a term; `last_words` are all those that its last word stands for, if they are known."""
    words, marks = list(term.words), "*" if term.is_prefix else ""
    if term.is_cjk:
        words = bigrams(" ".join(words)).split()
        marks = "*D" if words[0:1] == words and len(words[0]) == 1 else "D"
    quoted = [f"'{word}':D" if term.is_cjk else f"'{word}'" for word in words[:-1]]
    if last_words:
        # Of a very long word the vocabulary has the beginning.
        ends = [f"'{word}':*" if len(word) == vocabulary.LONGEST else f"'{word}'" for word in last_words]
        quoted.append(f"({' | '.join(ends)})")
    else:
        quoted.append(f"'{words[-1]}':{marks}" if marks else f"'{words[-1]}'")
    return "(" + " <-> ".join(quoted) + ")"
