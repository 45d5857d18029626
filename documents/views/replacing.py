"""Find and replace, also for a misreading that a person has just mended: a grid of places to tick."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from documents.forms import ReplaceForm
from documents.models import Page, Replacement, Role
from documents.pipeline import replacing
from documents.views.access import get_page, visible_documents
from documents.views.writing import number


@require_GET
def page_places(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the wording stands that is asked for, each place with a piece of its scan."""
    found = get_page(request.user, pk)
    form = ReplaceForm(request.GET)
    places = _places(request, found, form) if form.is_valid() else []
    context = {"page": found, "form": form, "places": places, "most": replacing.MOST_PLACES}
    return render(request, "documents/_places.html", context)


@require_POST
def page_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the new wording into the ticked places."""
    found = get_page(request.user, pk, Role.REVIEWER)
    form = ReplaceForm(request.POST)
    ticked = set(request.POST.getlist("place"))
    places = [p for p in _places(request, found, form) if p.key in ticked] if form.is_valid() else []
    if not places:
        messages.error(request, _("Nothing was replaced: no place was ticked, or the pages have changed meanwhile."))
        return redirect(found)
    before, after = form.cleaned_data["find"], form.cleaned_data["put"]
    done = replacing.replace(places, before, after, author=request.user)
    request.session["replacement"] = done.pk
    words = {"count": len(places), "before": before, "after": after or "–"}
    sentence = ngettext(
        "“%(before)s” was replaced with “%(after)s” in %(count)d place.",
        "“%(before)s” was replaced with “%(after)s” in %(count)d places.",
        len(places),
    )
    messages.success(request, sentence % words)
    return redirect(found)


@require_POST
def replacement_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a replacement of one's own, in all its places."""
    done = get_object_or_404(Replacement, pk=pk, author=request.user)
    page = get_page(request.user, number(request.POST.get("page", "")) or 0, Role.REVIEWER)
    kept = replacing.undo(done, by=request.user)
    messages.success(request, _("The replacement is taken back."))
    for other in kept:
        messages.warning(request, _("%(page)s was edited again since; look at its versions.") % {"page": other})
    return redirect(page)


def _places(request: HttpRequest, found: Page, form: ReplaceForm) -> list[replacing.Place]:
    wanted = replacing.Wanted(
        form.cleaned_data["find"], form.cleaned_data["whole_words"], form.cleaned_data["match_case"]
    )
    return replacing.find_places(_pages(request.user, found, form.cleaned_data["scope"]), wanted)


def _pages(user: Any, found: Page, scope: str) -> QuerySet[Page]:
    """Return the pages of the scope that the person may change."""
    if scope == ReplaceForm.PAGE:
        return Page.objects.filter(pk=found.pk)
    if scope == ReplaceForm.DOCUMENT:
        return found.document.pages.all()
    return Page.objects.filter(document__in=replacing.batch_of(found.document, visible_documents(user, Role.REVIEWER)))
