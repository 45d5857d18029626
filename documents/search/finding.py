"""Which pages a question finds, and in which order. What the user may not see never enters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from documents.models import Page
from documents.search.facts import Fact, columns
from documents.search.filters import Narrowing
from documents.search.index import database, pages_of
from documents.search.query import All, Any, Near, Part, Query, Term
from documents.search.vocabulary import near_words

LIMIT = 1000
"""Pages found at most: whoever needs more needs a better question. Counting on costs 0.6 s when a word stands on every
second page of a million."""

ENOUGH = 100
"""Pages with the very words beyond which words like them are not looked for: they would come after all of these. Nor
are more pages with words like them shown."""

RELEVANCE, NEWEST, OLDEST, CONFIDENCE = SORTS = ("relevance", "newest", "oldest", "confidence")


@dataclass(frozen=True)
class Found:
    """What is known of the pages found, in order: of those that hold the words themselves, then of `near` ones that
    hold words like them.

    `is_capped` when there are more; `sorted_by` is one of SORTS and may differ from what was asked: pages of a word
    that is everywhere come newest first. `timed_out` when not all pages could be looked at.
    """

    facts: tuple[Fact, ...] = ()
    near: frozenset[int] = frozenset()
    is_capped: bool = False
    sorted_by: str = RELEVANCE
    timed_out: bool = False
    hints: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many pages were found: at most 1,000."""
        return len(self.facts)

    @property
    def page_ids(self) -> tuple[int, ...]:
        """The pages' ids, in order."""
        return tuple(fact.page for fact in self.facts)


def find(query: Query, documents: QuerySet, *, sort: str = RELEVANCE, is_patient: bool = False) -> Found:
    """Return the pages of `documents` (those that the user may see) that fulfil `query`, best first. Somebody patient
    waits until all pages are looked at, PATIENT seconds at most."""
    narrowing = Narrowing(query, documents)
    hints = (*query.hints, *narrowing.hints)
    if query.text is None and not narrowing.conditions:
        return Found(hints=hints)
    exact, timed_out = _facts(query.text, narrowing, sort, is_patient=is_patient)
    is_capped = len(exact) > LIMIT
    near: list[Fact] = []
    wider = None if len(exact) > ENOUGH or timed_out else widened(query.text)
    if wider is not None:
        known = [fact.page for fact in exact]
        near, timed_out = _facts(wider, narrowing, sort, limit=ENOUGH, known=known, is_patient=is_patient)
    if timed_out:
        hints = (_("This search was stopped before it had looked at all pages. Add a rarer word or a field."), *hints)
    facts, near_ids = (*exact[:LIMIT], *near), frozenset(fact.page for fact in near)
    return _sorted(Found(facts, near_ids, is_capped, sort, timed_out, hints), query, wider)


def _pages_of_first(documents: QuerySet, sort: str) -> QuerySet:
    """Return the pages of the newest (or oldest) documents: as many as can be shown, since each has one at least.

    Documents are fewer than pages, and have an index on what they are narrowed down by.
    """
    first = documents.order_by("pk" if sort == OLDEST else "-pk").values_list("pk", flat=True)[: LIMIT + 1]
    return Page.objects.filter(document__in=RawSQL(*database().listed(list(first))))


def _facts(
    text: Part | None, narrowing: Narrowing, sort: str, *, limit: int = LIMIT + 1, known: Sequence[int] = (),
    is_patient: bool,
) -> tuple[list[Fact], bool]:  # fmt: skip
    """Return the facts of up to `limit` pages, newest (or oldest) first, and whether not all pages were looked at.

    `known` pages, a few hundred at most, are left out.
    """
    if text is not None:
        order = "+" if sort == OLDEST else "-"
        rows, timed_out = narrowing.rows(columns(), text, limit=limit, order=order, known=known, is_patient=is_patient)
    else:
        pages = _pages_of_first(narrowing.documents, sort) if narrowing.is_of_documents else narrowing.pages()
        pages = pages.order_by("pk" if sort == OLDEST else "-pk")[:limit]
        rows, timed_out = database().in_time(pages.values_list(*columns()), is_patient=is_patient)
    return [Fact._make(row) for row in rows], timed_out


def _sorted(found: Found, query: Query, wider: Part | None) -> Found:
    """Return the pages found in the order asked for, as far as it can be had."""
    if found.sorted_by == CONFIDENCE:
        return _in_order(found, _least_sure_first(found.page_ids))
    if found.sorted_by != RELEVANCE:
        return _in_order(found, sorted(found.page_ids, reverse=found.sorted_by == NEWEST))
    if query.text is None or found.is_capped or not found.facts:
        return replace(found, sorted_by=NEWEST)
    exact = [pk for pk in found.page_ids if pk not in found.near]
    best = database().ranked(exact, query.terms) if exact else []
    if best is None:
        return replace(found, sorted_by=NEWEST)
    return _in_order(found, [*best, *_nearest_first(found.near, wider)])


def _nearest_first(page_ids: Collection[int], wider: Part | None) -> list[int]:
    """Return the pages whose words are nearest to those asked for first: most hold one of them once, so that how often
    they do tells nothing."""
    words = database().words_of(list(page_ids)) if page_ids and wider else {}
    return sorted(words, key=lambda page_id: (_farness(wider, words[page_id]), -page_id))


def _farness(part: Part, words: set[str]) -> int:
    """Return how far the words of a page are from `part`: by the places of those it holds among the near ones."""
    if isinstance(part, Near):
        return next((place for place, term in enumerate(part.parts) if term.words[0] in words), len(part.parts))
    if isinstance(part, Any):
        return min(_farness(inner, words) for inner in part.parts)
    if isinstance(part, All):
        return sum(_farness(inner, words) for inner in part.parts)
    return int(not words.issuperset(part.words))


def _in_order(found: Found, page_ids: Sequence[int]) -> Found:
    """Return the same with its pages in that order; those that were removed in this moment are left out."""
    facts = {fact.page: fact for fact in found.facts}
    return replace(found, facts=tuple(facts[page_id] for page_id in page_ids))


def _least_sure_first(page_ids: tuple[int, ...]) -> list[int]:
    pages = pages_of(page_ids).order_by(F("current__confidence").asc(nulls_last=True), "-pk")
    return list(pages.values_list("pk", flat=True))


def widened(text: Part | None) -> Part | None:
    """Return the tree with every single word, unless quoted, joined by the words of the archive that are like it.

    None when there are none.
    """
    wider = _widened(text) if text is not None else None
    return wider if wider != text else None


def _widened(part: Part) -> Part:
    if isinstance(part, Term):
        if part.is_exact or part.is_prefix or part.is_cjk or len(part.words) > 1:
            return part
        near = tuple(Term((word,)) for word in near_words(part.words[0]))
        return Near((part, *near)) if near else part
    assert isinstance(part, All | Any)
    return replace(part, parts=tuple(_widened(inner) for inner in part.parts))


def all_pages(query: Query, documents: QuerySet) -> QuerySet:
    """Return all pages that `find` finds, newest first, however many: for what is done with all of them."""
    found = find(query, documents, is_patient=True)
    if not (found.is_capped or found.timed_out):
        return pages_of(found.page_ids).order_by("-pk")
    narrowing = Narrowing(query, documents)
    if query.text is not None:
        return narrowing.matching(query.text)
    return narrowing.pages().order_by("-pk") if narrowing.conditions else Page.objects.none()


def all_documents(query: Query, documents: QuerySet) -> list[int]:
    """Return the ids of all documents with such a page."""
    return list(all_pages(query, documents).order_by().values_list("document_id", flat=True).distinct())
