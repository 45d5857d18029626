"""Searches that people keep to come back to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.models import SavedSearch
from documents.search.finding import SORTS
from documents.search.query import MAX_CHARACTERS


@require_POST
def search_save(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name; one of that name is replaced."""
    typed = request.POST.get("q", "").replace("\x00", "").strip()[:MAX_CHARACTERS]
    name = (request.POST.get("name", "").replace("\x00", "").strip() or typed)[:100]
    if not typed:
        messages.error(request, _("Type what to search for first, then save it."))
        return redirect("search")
    sort = request.POST.get("sort", "")
    fields = {"typed": typed, "sort": sort if sort in SORTS else ""}
    saved, _is_new = SavedSearch.objects.update_or_create(owner=request.user, name=name, defaults=fields)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": name})
    return redirect(saved)


@require_POST
def search_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one of one's own saved searches."""
    get_object_or_404(SavedSearch, pk=pk, owner=request.user).delete()
    return redirect("search")
