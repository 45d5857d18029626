"""The words of the archive: where misread and misspelt ones are found, and the ends of words being typed.

The table holds words of every document. What is found here is only a lead: whether a person may know of a word is
decided by whether a page that he may see holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from django.db import connection, transaction
from django.db.models import Q
from rapidfuzz.distance import Levenshtein

from documents.models import IndexWord
from documents.search.likeness import allowed_edits, distance, key
from documents.search.words import CJK

LONGEST, SHORTEST = 40, 3
MOST_NEAR = 8
MOST_LOOKED_AT = 2000
"""Words compared one by one: those with the same half and about the same length. More are found for no real word."""

PIECE = 50_000  # words written in one transaction

_LAST = "\U0010ffff"


def add_words(words: Iterable[str]) -> None:
    """Put the folded words that are not known yet into the table, in the transaction that indexes their page."""
    fit = {word[:LONGEST] for word in words if is_kept(word)}
    known = set(IndexWord.objects.filter(word__in=fit).values_list("word", flat=True)) if fit else set()
    # Sorted: two transactions that add the same words must wait for one another in the same order.
    new = [row_of(word) for word in sorted(fit - known)]
    if new:
        IndexWord.objects.bulk_create(new, ignore_conflicts=True)


def is_kept(word: str) -> bool:
    """Return whether a word may be looked for by its beginning, or be misread: not a very short one, nor one that
    begins in Chinese or Japanese. Of a very long one the first 40 letters are kept."""
    return len(word) >= SHORTEST and not CJK.search(word[:SHORTEST])


def row_of(word: str) -> IndexWord:
    """Return the row for a folded word."""
    same = key(word)
    return IndexWord(word=word, key=same, backwards=same[::-1], length=len(same))


def near_words(word: str) -> list[str]:
    """Return up to eight words of the archive like `word`, itself left out, the nearest first."""
    if not is_kept(word):
        return []
    same, edits = key(word), allowed_edits(word)
    near = [
        other for other, its_key in _candidates(same, edits)
        if other != word and Levenshtein.distance(same, its_key, score_cutoff=edits) <= edits
    ]  # fmt: skip
    apart = {other: how_far for other in near if (how_far := distance(word, other)) is not None}
    return sorted(apart, key=lambda other: (apart[other], other))[:MOST_NEAR]


def _candidates(same: str, edits: int) -> list[tuple[str, str]]:
    """Return the words, with their keys, that may be near one of key `same`: of that key, or with one half of it."""
    words = IndexWord.objects.values_list("word", "key")
    if not edits:
        return list(words.filter(length=len(same), key=same)[:MOST_LOOKED_AT])
    part = max(2, len(same) * 2 // 5)
    front, back = same[:part], same[-part:][::-1]
    lengths = range(len(same) - edits, len(same) + edits + 1)
    begins = Q(length__in=lengths, key__gte=front, key__lt=front + _LAST)
    ends = Q(length__in=lengths, backwards__gte=back, backwards__lt=back + _LAST)
    # Two queries, each on its own index: an OR of the two would read the whole table.
    return [*words.filter(begins)[:MOST_LOOKED_AT], *words.filter(ends)[:MOST_LOOKED_AT]]


def words_beginning(start: str, count: int) -> list[str]:
    """Return up to `count` words that begin with the folded `start`, in order."""
    words = IndexWord.objects.filter(word__gte=start, word__lt=start + _LAST).order_by("word")
    return list(words.values_list("word", flat=True)[:count])


def add_many(words: Iterable[str]) -> None:
    """Put the folded words into the table, however many, in pieces of one transaction each."""
    known = set(_all_words())
    new = sorted({word[:LONGEST] for word in words if is_kept(word)} - known)
    for start in range(0, len(new), PIECE):
        rows = [(word, same, same[::-1], len(same)) for word in new[start : start + PIECE] for same in (key(word),)]
        with transaction.atomic(), connection.cursor() as cursor:
            _add_rows(cursor, rows)


def _add_rows(cursor, rows: list[tuple[str, str, str, int]]) -> None:
    """Write new rows; those that somebody else has written meanwhile stay."""
    table, columns = IndexWord._meta.db_table, "(word, key, backwards, length)"
    if connection.vendor == "postgresql":  # which takes them as a stream four times as fast
        cursor.execute(f"CREATE TEMPORARY TABLE new_words (LIKE {table}) ON COMMIT DROP")
        with cursor.copy(f"COPY new_words {columns} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} {columns} SELECT word, key, backwards, length FROM new_words "
                       "ON CONFLICT DO NOTHING")  # fmt: skip
        cursor.execute("DROP TABLE new_words")  # there is no commit between pieces inside a larger transaction
    else:
        cursor.executemany(f"INSERT INTO {table} {columns} VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", rows)


def forget_all_but(words: Set[str]) -> None:
    """Take all other words out of the table. Call it in the transaction in which `words` are known to be all."""
    kept = {word[:LONGEST] for word in words}
    others = [(word,) for word in _all_words() if word not in kept]
    if others:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {IndexWord._meta.db_table} WHERE word = %s", others)


def _all_words() -> Iterator[str]:
    return IndexWord.objects.order_by().values_list("word", flat=True).iterator(chunk_size=10_000)
