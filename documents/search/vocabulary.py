"""The words of the archive: where misread and misspelt ones are found, and the ends of words being typed.

The table holds words of every document. What is found here is only a lead: whether a person may know of a word is
decided by whether a page that he may see holds it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q
from rapidfuzz.distance import Levenshtein

from documents.models import IndexWord
from documents.search.likeness import allowed_edits, distance, key
from documents.search.words import CJK

LONGEST, SHORTEST = 40, 3
MOST_NEAR = 8
MOST_LOOKED_AT = 2000
"""Words compared one by one: those with the same half and about the same length. More are found for no real word."""

_LAST = "\U0010ffff"


def add_words(words: Iterable[str]) -> None:
    """Put the folded words that are not known yet into the table, in the transaction that indexes their page."""
    fit = {word for word in words if is_kept(word)}
    known = set(IndexWord.objects.filter(word__in=fit).values_list("word", flat=True)) if fit else set()
    # Sorted: two transactions that add the same words must wait for one another in the same order.
    new = [row_of(word) for word in sorted(fit - known)]
    if new:
        IndexWord.objects.bulk_create(new, ignore_conflicts=True)


def is_kept(word: str) -> bool:
    """Return whether a word is one that can be misread: neither very short nor very long, nor Chinese or Japanese."""
    return SHORTEST <= len(word) <= LONGEST and not CJK.search(word)


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


def add_new_words(words: Iterable[str]) -> None:
    """Put the folded words into the table without asking first which are known: for very many at once."""
    rows = [(word, same, same[::-1], len(same)) for word in sorted(words) if is_kept(word) for same in (key(word),)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {IndexWord._meta.db_table} (word, key, backwards, length) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            rows,
        )


def forget_all() -> None:
    """Empty the table before the index is written anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {IndexWord._meta.db_table}")
