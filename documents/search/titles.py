"""Documents by the words of their titles, the newest of them: a word may stand in every title of a big archive."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from documents.models import DocumentStatus
from documents.search.index import database
from documents.search.query import MIN_PREFIX, Term
from documents.search.words import words_of

MOST = 5000
"""Documents with such a title that are looked at, the newest."""

UNREAD = [status for status in DocumentStatus.values if status != DocumentStatus.DONE]


def titled(documents: QuerySet, typed: str) -> tuple[QuerySet, bool]:
    """Return the documents whose title has all words typed, or words that begin so, and whether there are more.

    MOST are looked at. Of documents that are not read yet, which the index does not know, those whose title holds
    what was typed.
    """
    terms = [Term((word,), is_prefix=len(word) >= MIN_PREFIX) for word in words_of(typed)]
    if not terms:
        return documents, False
    unread = documents.order_by("-pk").filter(status__in=UNREAD, title__icontains=typed.strip())
    found = newest(terms)
    ids = [*found, *unread.values_list("pk", flat=True)[:MOST]]
    return documents.filter(pk__in=RawSQL(*database().listed(ids))), len(found) == MOST


def newest(terms: Sequence[Term]) -> list[int]:
    """Return the ids of the newest documents whose title holds all the terms, MOST of them.

    They are asked for by themselves: as part of another query, planners go through all documents for them.
    """
    with connection.cursor() as cursor:
        cursor.execute(*database().titled(terms, limit=MOST))
        return [row[0] for row in cursor.fetchall()]
