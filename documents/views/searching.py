"""The search screen."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from documents import search as index
from documents.forms import SearchForm
from documents.views.access import visible_documents

PER_PAGE = 20
LAST_PAGE = 50  # 1,000 results: whoever needs more needs a better question


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show the pages that hold the words asked for, best first."""
    form = SearchForm(request.GET)
    documents = form.filtered(visible_documents(request.user))
    typed = form.cleaned_data.get("q", "")
    query = index.parse(typed)
    number = _page_number(request)
    hits = index.find(
        query, documents, pages=form.page_filters(), offset=(number - 1) * PER_PAGE, count=PER_PAGE
    )
    context = {
        "form": form,
        "query": typed,
        "results": [_result(hit, typed) for hit in hits.items],
        "total": hits.total,
        "total_capped": hits.is_capped,
        "sorted_by": hits.sorted_by,
        "hint": _hint(query, hits, typed),
        "paging": _paging(request, number, hits.total),
    }
    return render(request, "documents/search.html", context)


def _page_number(request: HttpRequest) -> int:
    value = request.GET.get("page", "1")
    return min(max(int(value), 1), LAST_PAGE) if value.isdecimal() and len(value) < 9 else 1


def _result(hit: index.Hit, typed: str) -> dict[str, Any]:
    url = reverse("page", args=[hit.page.pk]) + "?" + urlencode({"q": typed})
    return {
        "page": hit.page, "document": hit.page.document, "snippet": hit.snippet, "layer": hit.layer, "url": url,
    }  # fmt: skip


def _hint(query: index.Query, hits: index.Hits, typed: str) -> str:
    if hits.timed_out:
        return _("This search took too long and was stopped. Add a rarer word or a filter.")
    if query.hint == "long":
        return _("Only the first ten words of your question were looked for.")
    if query.hint == "only_excluded":
        return _("Name at least one word that the page should hold, not only words that it should not.")
    if typed and not query.terms:
        return _("Type letters or digits: signs alone cannot be found.")
    return ""


def _paging(request: HttpRequest, number: int, total: int) -> dict[str, Any]:
    def url(page: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(page)
        return f"?{asked.urlencode()}"

    has_next = number * PER_PAGE < total and number < LAST_PAGE
    return {
        "number": number, "has_next": has_next, "has_previous": number > 1,
        "next_url": url(number + 1) if has_next else "", "previous_url": url(number - 1) if number > 1 else "",
    }  # fmt: skip
