"""The search screen, and what helps typing into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, OuterRef, Subquery, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from documents import search as index
from documents.models import Document, Layer, Page, PageText, SavedSearch
from documents.pipeline import changing
from documents.search import facets, finding, suggesting
from documents.search.facts import Fact
from documents.search.query import Filter, Not, Query, with_field, without_field
from documents.search.snippets import Snippet, snippet
from documents.views.access import visible_documents

PER_SCREEN, PAGES_EACH, PAGES_OF_ONE = 10, 3, 50
_JOINED = ("document__owner", "document__collection", "document__document_type")
_SHOWN = (
    "number", "thumbnail", "approved_at", "document__title", "document__created_at", "document__owner__username",
    "document__collection__name", "document__document_type__name",
)  # fmt: skip
SORT_NAMES = {
    finding.RELEVANCE: gettext_lazy("Best matches first"),
    finding.NEWEST: gettext_lazy("Newest first"),
    finding.OLDEST: gettext_lazy("Oldest first"),
    finding.CONFIDENCE: gettext_lazy("Least certain first"),
}


@dataclass(frozen=True)
class Hit:
    """One page found, with the words in their place."""

    page: Page
    snippet: Snippet
    url: str


@dataclass(frozen=True)
class FoundDocument:
    """A document with its best pages; `more` pages of it were found besides, and are shown at `more_url`."""

    document: Document
    hits: list[Hit]
    more: int
    more_url: str


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that hold the words asked for, by document."""
    typed, sort = request.GET.get("q", "").replace("\x00", ""), request.GET.get("sort", "")
    documents = visible_documents(request.user)
    query = index.parse(typed)
    wanted, is_patient = sort if sort in finding.SORTS else finding.RELEVANCE, request.GET.get("patient") == "on"
    found = index.find(query, documents, sort=wanted, is_patient=is_patient)
    groups = grouped(found.facts)
    number = _screen_number(request, len(groups))
    shown = dict(list(groups.items())[(number - 1) * PER_SCREEN : number * PER_SCREEN])
    context = {
        "query": typed,
        "results": _results(shown, query, typed, sort),
        "found": found,
        "document_count": len(groups),
        "sorts": SORT_NAMES,
        "patient_url": f"{_url(typed, sort)}&patient=on" if found.timed_out and not is_patient else "",
        "query_string": urlencode({"q": typed}),
        "better": "" if _is_rich(found) else suggesting.did_you_mean(query, typed, documents),
        "facets": [_linked(facet, typed, sort) for facet in facets.facets_of(found.facts)],
        "chips": _chips(query, typed, sort),
        "paging": _paging(request, number, len(groups)),
        "saved_searches": SavedSearch.objects.filter(owner=request.user),
        "actions": changing.LABELS,
    }
    return render(request, "documents/search.html", context)


def _is_rich(found: index.Found) -> bool:
    """Return whether so much was found that nobody needs another spelling."""
    return found.total - len(found.near) > 0


def grouped(facts: Sequence[Fact]) -> dict[int, list[int]]:
    """Return the pages by document, documents in the order of their first page."""
    groups: dict[int, list[int]] = {}
    for fact in facts:
        groups.setdefault(fact.document, []).append(fact.page)
    return groups


def _screen_number(request: HttpRequest, documents: int) -> int:
    value = request.GET.get("page", "1")
    last = max(1, -(-documents // PER_SCREEN))
    return min(max(int(value), 1), last) if value.isdecimal() and len(value) < 9 else 1


def _results(groups: dict[int, list[int]], query: Query, typed: str, sort: str) -> list[FoundDocument]:
    each = PAGES_OF_ONE if len(groups) == 1 else PAGES_EACH
    hits = hits_of([page_id for page_ids in groups.values() for page_id in page_ids[:each]], query, typed)
    known = {hit.page.document_id: hit.page.document for hit in hits.values()}
    prefetch_related_objects(list(known.values()), "tags")
    return [
        FoundDocument(
            known[pk], [hits[page_id] for page_id in page_ids[:each] if page_id in hits],
            max(0, len(page_ids) - each), _url(with_field(typed, "doc", str(pk)), sort),
        )
        for pk, page_ids in groups.items() if pk in known
    ]  # fmt: skip


def hits_of(page_ids: Sequence[int], query: Query, typed: str) -> dict[int, Hit]:
    """Return what is shown of the pages: their texts are read without the lines, which are many times as long."""
    reading = PageText.objects.filter(page=OuterRef("pk"), layer=Layer.OCR).order_by("-version")
    texts = {"raw_text": Subquery(reading.values("text")[:1]), "current_text": F("current__text")}
    pages = Page.objects.filter(pk__in=page_ids).order_by().select_related(*_JOINED).only(*_SHOWN).annotate(**texts)
    asked = urlencode({"q": typed})
    return {page.pk: _hit(page, query, asked) for page in pages}


def _hit(page: Page, query: Query, asked: str) -> Hit:
    title = page.document.title if page.number == 1 else ""
    cut = snippet(query, current=page.current_text or "", raw=page.raw_text or "", title=title)
    return Hit(page, cut, f"{reverse('page', args=[page.pk])}?{asked}")


def _url(typed: str, sort: str) -> str:
    return f"{_here()}?{urlencode({'q': typed, **({'sort': sort} if sort else {})})}"


@cache
def _here() -> str:
    """Return the address of this screen, which is linked to some fifty times on it."""
    return reverse("search")


def _linked(facet: facets.Facet, typed: str, sort: str) -> dict[str, Any]:
    values = [
        {"label": v.label, "count": v.count, "url": _url(with_field(typed, facet.name, v.value), sort)}
        for v in facet.values
    ]
    return {"label": facet.label, "values": values}


def _chips(query: Query, typed: str, sort: str) -> list[dict[str, str]]:
    """Return the fields in use, each with the address of the search without it."""
    inner = [part.part if isinstance(part, Not) else part for part in query.filters]
    return [
        {"label": f"{part.name}: {part.value}", "url": _url(without_field(typed, part.name, part.value), sort)}
        for part in inner if isinstance(part, Filter)
    ]  # fmt: skip


def _paging(request: HttpRequest, number: int, documents: int) -> dict[str, Any]:
    def url(screen: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(screen)
        return f"?{asked.urlencode()}"

    has_next = number * PER_SCREEN < documents
    return {
        "number": number, "has_next": has_next, "has_previous": number > 1,
        "next_url": url(number + 1) if has_next else "", "previous_url": url(number - 1) if number > 1 else "",
    }  # fmt: skip


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Show what the question being typed may become: options for the search field."""
    typed = request.GET.get("q", "").replace("\x00", "")[:200]
    found = suggesting.suggestions(typed, visible_documents(request.user))
    return render(request, "documents/_suggestions.html", {"suggestions": found})
