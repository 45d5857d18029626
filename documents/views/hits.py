"""Landing on the word: where the searched words stand on a page, and on which pages of the document besides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from documents import search
from documents.models import Document, Page, latest_reading
from documents.search.landing import hit_boxes
from documents.search.query import Filter
from documents.views.access import get_page


@require_GET
@cache_control(private=True, max_age=300)
def page_hits(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a picture with nothing on it but the boxes of the searched words, to be laid over the page's thumbnail."""
    found = get_page(request.user, pk)
    context = {"page": found, "boxes": boxes_on(found, request.GET.get("q", ""))}
    return render(request, "documents/hits.svg", context, content_type="image/svg+xml")


def boxes_on(page: Page, typed: str) -> list[list[int]]:
    """Return the boxes of what was searched for on the page, in pixels of its picture, top down."""
    if not typed:
        return []
    reading = latest_reading(page)
    current = page.current.lines if page.current else []
    return hit_boxes(search.parse(typed), reading.lines if reading else [], current)


def neighbours(page: Page, typed: str) -> dict[str, Any]:
    """Return {"previous", "next", "results"}: addresses of the nearest pages of the document with the searched words,
    "" where there is none, and of the search itself; {} when no words were searched for."""
    query = search.parse(typed)
    if query.text is None:
        return {}
    # By the field, or the index would be gone through from the newest page on. The document is one that the user may
    # see, or he would not be here.
    here = replace(query, filters=(*query.filters, Filter("doc", str(page.document_id))))
    found = search.find(here, Document.objects.all()).page_ids
    numbers = dict(Page.objects.filter(pk__in=found).exclude(pk=page.pk).values_list("number", "pk"))
    before = max((number for number in numbers if number < page.number), default=None)
    after = min((number for number in numbers if number > page.number), default=None)
    asked = urlencode({"q": typed})
    links = {"previous": numbers.get(before), "next": numbers.get(after)}
    urls = {name: f"{reverse('page', args=[pk])}?{asked}" if pk else "" for name, pk in links.items()}
    return urls | {"results": f"{reverse('search')}?{asked}"}
