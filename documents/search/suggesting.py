"""What people may have meant, and what they may be about to type: only words of pages that they may see."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from documents.models import Document, Tag
from documents.search.index import database
from documents.search.query import Query, Term
from documents.search.vocabulary import near_words, words_beginning
from documents.search.words import placed_words, words_of

ENOUGH = 100
"""Pages counted per word: it is enough to know which of two words is the usual one."""

LOOKED_AT, SHOWN = 12, 6
TITLES = 1000  # the newest with such a word; those that the person may see are among them, or nothing is suggested


def did_you_mean(query: Query, typed: str, documents: QuerySet) -> str:
    """Return `typed` with words that are on no page replaced by the most frequent ones like them; "" if none are."""
    better: dict[str, str] = {}
    for term in query.terms:
        if len(term.words) > 1 or term.is_prefix or term.is_cjk or database().count(documents, term, 1):
            continue
        counted = [(database().count(documents, Term((word,)), ENOUGH), word) for word in near_words(term.words[0])]
        # The first of the most frequent: the nearest of them.
        best = max(counted, key=lambda pair: pair[0], default=(0, ""))
        if best[0]:
            better[term.words[0]] = best[1]
    return _replaced(typed, better) if better else ""


def _replaced(typed: str, better: dict[str, str]) -> str:
    pieces, place = [], 0
    for word, start, end in placed_words(typed):
        if word in better and start >= place:
            pieces += [typed[place:start], better[word]]
            place = end
    return "".join([*pieces, typed[place:]])


def suggestions(typed: str, documents: QuerySet) -> list[str]:
    """Return questions that begin as `typed` does: its last word completed from words, tags and titles."""
    start, _gap, last = typed.rpartition(" ")
    before = f"{start} " if start else ""
    words = words_of(last)
    if len(words) != 1 or len(words[0]) < 2 or not last[-1:].isalnum() or ":" in last:
        return []
    found = [*_tags(words[0], documents), *_titles(words[0], documents), *_words(words[0], documents)]
    return [before + one for one in found]


def _words(start: str, documents: QuerySet) -> list[str]:
    counted = [(database().count(documents, Term((word,)), ENOUGH), word) for word in words_beginning(start, LOOKED_AT)]
    counted.sort(key=lambda pair: (-pair[0], pair[1]))
    return [word for count, word in counted[:SHOWN] if count]


def _tags(start: str, documents: QuerySet) -> list[str]:
    visible = documents.order_by().filter(pk=OuterRef("document_id"))
    used = Document.tags.through.objects.filter(Exists(visible), tag_id=OuterRef("pk"))
    names = Tag.objects.filter(Exists(used), name__istartswith=start).values_list("name", flat=True)
    return [f'tag:"{name}"' for name in names[:SHOWN] if '"' not in name]


def _titles(start: str, documents: QuerySet) -> list[str]:
    sql, values = database().titled([Term((start,), is_prefix=True)], limit=TITLES)
    titled = documents.filter(pk__in=RawSQL(sql, values)).order_by("-pk").values_list("title", flat=True)
    return [f'title:"{title}"' for title in dict.fromkeys(titled[:SHOWN]) if '"' not in title]
